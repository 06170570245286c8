#pragma once

#include <vector>

#include <QString>
#include <QWidget>

namespace scr::widgets {

/// A few large numbers with what they count, lines between: 72 high.
class TotalsStrip : public QWidget {
    Q_OBJECT
public:
    struct Total {
        QString number;
        QString caption;
        friend bool operator==(const Total&, const Total&) = default;
    };
    explicit TotalsStrip(QWidget* parent = nullptr);
    void show(std::vector<Total> totals);
    using QWidget::show;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Total> m_totals;
};

} // namespace scr::widgets
