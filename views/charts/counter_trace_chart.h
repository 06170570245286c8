#pragma once

#include "charts/chart.h"
#include "domain/flag.h"

namespace scr::charts {

/// The running sum of a post's rows against the one number the site shows.
class CounterTraceChart : public Chart {
    Q_OBJECT
public:
    explicit CounterTraceChart(QWidget* parent = nullptr);
    void show(const domain::CounterTrace& trace); ///< point indices are those of trace.rows
    using QWidget::show;
    [[nodiscard]] std::vector<LegendEntry> legend() const override;

protected:
    void build(QCustomPlot& plot, const theme::Theme& theme) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QStringList tooltipOf(const ChartPoint& point) const override;

private:
    void addAxes(QCustomPlot& plot, const theme::Theme& theme);
    void addGap(QCustomPlot& plot, const theme::Theme& theme);

    domain::CounterTrace m_trace;
};

} // namespace scr::charts
