#pragma once

#include "charts/chart.h"
#include "domain/flag.h"

namespace scr::charts {

/// Time since the token's previous vote, vote by vote, on a logarithmic scale against the site's band.
class GapStripChart : public Chart {
    Q_OBJECT
public:
    explicit GapStripChart(QWidget* parent = nullptr);
    enum class Kind { Burst, Beat }; ///< what the marked votes are; the dashed line is the pace no person has, or the beat
    void show(const domain::GapStrip& strip, Kind kind = Kind::Burst); ///< point indices are those of strip.points
    using QWidget::show;
    [[nodiscard]] std::vector<LegendEntry> legend() const override;

protected:
    void build(QCustomPlot& plot, const theme::Theme& theme) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QStringList tooltipOf(const ChartPoint& point) const override;

private:
    void addAxes(QCustomPlot& plot, const theme::Theme& theme);
    void addPoints(QCustomPlot& plot, const theme::Theme& theme);
    void addBracket(QCustomPlot& plot, const theme::Theme& theme);

    domain::GapStrip m_strip;
    Kind m_kind = Kind::Burst;
};

} // namespace scr::charts
