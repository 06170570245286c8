#pragma once

#include <functional>
#include <vector>

#include <QString>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;

namespace scr::widgets {

class Chip;

/// One term of a filter as it is shown; `text` is what was typed for it and what it becomes again when edited.
struct FilterChip {
    QString field;
    QString op; ///< "=" is not shown
    QString value;
    QString error; ///< why it is refused; empty: it holds
    QString text;
    friend bool operator==(const FilterChip&, const FilterChip&) = default;
};

/// A filter as chips inside a field. Knows no filter language: the parser it is given makes the chips of a text.
class FilterBar : public QWidget {
    Q_OBJECT
public:
    using Parser = std::function<std::vector<FilterChip>(const QString& text)>;
    explicit FilterBar(QWidget* parent = nullptr);

    void setParser(Parser parser);
    void setPlaceholder(const QString& text);
    void setFilterText(const QString& text);  ///< replaces all chips; does not emit
    [[nodiscard]] QString filterText() const; ///< of the chips that hold, separated by spaces
    [[nodiscard]] const std::vector<FilterChip>& chips() const noexcept { return m_chips; }
    void setChips(std::vector<FilterChip> chips); ///< does not emit
    void focusInput();                            ///< what the key "/" does
    void removeChip(int index);

signals:
    void filterChanged(const QString& text); ///< the chips that hold, after an edit by the user
    void refused(const QString& reason);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void submit();
    void editChip(int index);
    void rebuild();
    void announce();

    Parser m_parser;
    std::vector<FilterChip> m_chips;
    std::vector<Chip*> m_chipWidgets;
    QHBoxLayout* m_layout{};
    QLineEdit* m_input{};
};

} // namespace scr::widgets
