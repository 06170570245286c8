#pragma once

#include <QString>
#include <QWidget>

class QPlainTextEdit;
class QPushButton;

namespace scr::widgets {

/// Code or a message of the server, selectable, with Copy at the top right. As high as its text, to `maxLines`, then it scrolls;
/// long lines are broken where the pane ends.
class CodeBox : public QWidget {
    Q_OBJECT
public:
    explicit CodeBox(QWidget* parent = nullptr, int maxLines = 12);
    void setCode(const QString& code); ///< already made visible where it is untrusted
    [[nodiscard]] QString code() const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void fit();

    int m_maxLines;
    QPlainTextEdit* m_text{};
    QPushButton* m_copy{};
};

} // namespace scr::widgets
