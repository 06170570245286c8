#pragma once

#include <QWidget>

#include "charts/chart.h"

namespace scr::charts {

/// What moves with the mouse: scrub line, brush, lit line, ring and tooltip. It lies over the plot, so that none of it makes the
/// plot draw itself again.
class ChartOverlay : public QWidget {
public:
    explicit ChartOverlay(Chart& chart);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintEmpty(QPainter& painter, const theme::Theme& theme) const;
    void paintSpan(QPainter& painter, const theme::Theme& theme) const;
    void paintScrub(QPainter& painter, const theme::Theme& theme) const;
    void paintLit(QPainter& painter, const theme::Theme& theme, int index) const;
    void paintRing(QPainter& painter, const theme::Theme& theme, const ChartPoint& point) const;
    void paintTooltip(QPainter& painter, const theme::Theme& theme, const ChartPoint& point) const;
    [[nodiscard]] QPointF placeOf(double key, double value) const;
    [[nodiscard]] QRectF axes() const;

    Chart& m_chart;
};

} // namespace scr::charts
