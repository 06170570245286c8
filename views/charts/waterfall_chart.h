#pragma once

#include "charts/chart.h"
#include "domain/flag.h"

class QCPPainter;

namespace scr::charts {

/// The attempts of one token on one post, one bar each by start and end, with outcome and SQLSTATE beside it.
class WaterfallChart : public Chart {
    Q_OBJECT
public:
    explicit WaterfallChart(QWidget* parent = nullptr);
    void show(const domain::AttemptWaterfall& waterfall); ///< point indices are those of waterfall.bars
    using QWidget::show;
    [[nodiscard]] std::vector<LegendEntry> legend() const override;
    [[nodiscard]] QSize sizeHint() const override; ///< 13 px an attempt

    /// What the axis counts: attempts race within milliseconds, votes of one token may lie months apart.
    struct Unit {
        double micros{};
        const char* name{};
    };

protected:
    void build(QCustomPlot& plot, const theme::Theme& theme) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QStringList tooltipOf(const ChartPoint& point) const override;

private:
    void addAxes(QCustomPlot& plot, const theme::Theme& theme);
    void addBars(QCustomPlot& plot, const theme::Theme& theme);
    void addOutcomes(QCustomPlot& plot, const theme::Theme& theme);
    void drawOutcome(QCPPainter& painter, const theme::Theme& theme, const domain::AttemptWaterfall::Bar& bar,
                     const QRectF& place) const;
    void drawOutcomeCounts(QCPPainter& painter, const theme::Theme& theme, const QRectF& place) const;
    [[nodiscard]] QString wordsOf(const domain::AttemptWaterfall::Bar& bar) const;
    void addFirstEnd(QCustomPlot& plot, const theme::Theme& theme);
    [[nodiscard]] double lengthTo(domain::UtcTime time) const; ///< since the first start, in m_unit
    [[nodiscard]] double spanMicros() const;
    [[nodiscard]] std::vector<int> namedRows(double height) const; ///< those with room for their number

    domain::AttemptWaterfall m_waterfall;
    Unit m_unit{1000, "ms"};
    domain::UtcTime m_origin{};
};

} // namespace scr::charts
