#pragma once

#include <vector>

#include <QString>
#include <QWidget>

namespace scr::widgets {

/// What was done, by whom, newest first: time, actor in weight, text; wraps.
class HistoryList : public QWidget {
    Q_OBJECT
public:
    struct Line {
        QString time;
        QString actor;
        QString text;
        friend bool operator==(const Line&, const Line&) = default;
    };
    explicit HistoryList(QWidget* parent = nullptr);
    void show(std::vector<Line> lines);
    using QWidget::show;
    void setEmptyText(const QString& text);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int layOut(int width, class QPainter* painter) const;

    std::vector<Line> m_lines;
    QString m_emptyText;
};

} // namespace scr::widgets
