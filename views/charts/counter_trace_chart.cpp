#include "charts/counter_trace_chart.h"

#include <algorithm>
#include <cmath>

#include "charts/plot_tools.h"
#include "theme/fonts.h"
#include "theme/text_paint.h"

namespace scr::charts {

namespace {

using theme::Role;
using theme::Type;

constexpr int kLeft = 68;
constexpr int kTop = 20;
constexpr int kRight = 156;
constexpr int kBottom = 26;
constexpr double kLabelApart = 16;

class NumberTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return theme::numberText(tick); }
};

} // namespace

CounterTraceChart::CounterTraceChart(QWidget* parent) : Chart{parent}
{
    setAccessibleName(tr("Sum of the rows against the counter"));
    setEmptyText(tr("This post has no counted vote"));
}

void CounterTraceChart::show(const domain::CounterTrace& trace)
{
    m_trace = trace;
    std::vector<ChartPoint> points;
    for (std::size_t i = 0; i < trace.rows.size(); ++i)
        points.push_back({secondsOf(trace.rows[i].at), trace.rows[i].sum, static_cast<int>(i), -1});
    setPoints(std::move(points));
    setSummary(tr("The site shows %1, the rows sum to %2: %3 apart")
                   .arg(theme::numberText(trace.counter), theme::numberText(trace.rowSum),
                        theme::numberText(std::abs(trace.counter - trace.rowSum))));
    rebuild();
}

bool CounterTraceChart::isEmpty() const
{
    return m_trace.rows.empty();
}

std::vector<LegendEntry> CounterTraceChart::legend() const
{
    using Mark = LegendEntry::Mark;
    return {{Mark::Line, Role::SeriesNormal, tr("sum of the rows")}, {Mark::Dash, Role::SeriesFlagged, tr("counter, now")}};
}

QStringList CounterTraceChart::tooltipOf(const ChartPoint& point) const
{
    const auto& row = m_trace.rows[static_cast<std::size_t>(point.index)];
    return {momentText(row.at, false), tr("rows sum to %1").arg(theme::numberText(row.sum)),
            tr("counter now %1").arg(theme::numberText(m_trace.counter))};
}

void CounterTraceChart::build(QCustomPlot& plot, const theme::Theme& theme)
{
    addAxes(plot, theme);
    QCPGraph* graph = plot.addGraph();
    QVector<double> keys;
    QVector<double> sums;
    for (const auto& row : m_trace.rows) {
        keys.append(secondsOf(row.at));
        sums.append(row.sum);
    }
    keys.append(plot.xAxis->range().upper);
    sums.append(m_trace.rowSum);
    graph->setLineStyle(QCPGraph::lsStepLeft);
    graph->setPen(QPen{theme[Role::SeriesNormal], 1.6});
    graph->setData(keys, sums, true);
    addGap(plot, theme);
}

void CounterTraceChart::addAxes(QCustomPlot& plot, const theme::Theme& theme)
{
    styleAxes(plot, theme, false, true);
    setMargins(plot, kLeft, kTop, kRight, kBottom);
    const double first = secondsOf(m_trace.rows.front().at);
    const double last = secondsOf(m_trace.rows.back().at);
    const double margin = std::max((last - first) * 0.03, 0.5);
    setTimeTicks(plot, first - margin, last + margin);
    double low = std::min({0.0, m_trace.counter, m_trace.rowSum});
    double high = std::max({1.0, m_trace.counter, m_trace.rowSum});
    for (const auto& row : m_trace.rows) {
        low = std::min(low, row.sum);
        high = std::max(high, row.sum);
    }
    plot.yAxis->setTicker(QSharedPointer<NumberTicker>{new NumberTicker});
    plot.yAxis->ticker()->setTickCount(4);
    plot.yAxis->setRange(low < 0 ? low - (high - low) * 0.06 : 0, high + (high - low) * 0.08);
}

void CounterTraceChart::addGap(QCustomPlot& plot, const theme::Theme& theme)
{
    addPainted(plot, "axes", [this, &plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        const double counter = std::round(plot.yAxis->coordToPixel(m_trace.counter)) + 0.5;
        const double rows = std::round(plot.yAxis->coordToPixel(m_trace.rowSum)) + 0.5;
        QPen dashed{theme[Role::SeriesFlagged], 1.5};
        dashed.setDashPattern({4, 3});
        painter.setPen(dashed);
        painter.drawLine(QPointF{axes.left(), counter}, QPointF{axes.right(), counter});
        painter.setPen(QPen{theme[Role::SeriesFlagged], 1.4});
        const double x = axes.right() + 5;
        painter.drawPolyline(QPolygonF{{{x - 4, counter}, {x, counter}, {x, rows}, {x - 4, rows}}});
        const double middle = (counter + rows) / 2;
        const double apart = std::max(std::abs(counter - rows) / 2, kLabelApart);
        const double up = m_trace.counter >= m_trace.rowSum ? -apart : apart;
        const auto label = [&](double y, Type type, Role role, const QString& words) {
            painter.setFont(theme::fontOf(type));
            painter.setPen(theme[role]);
            painter.drawText(QRectF{x + 8, y - 8, kRight - 16.0, 16}, Qt::AlignLeft | Qt::AlignVCenter, words);
        };
        const double difference = m_trace.counter - m_trace.rowSum;
        label(middle + up, Type::Caption, Role::Text2, tr("site shows %1").arg(theme::numberText(m_trace.counter)));
        label(middle, Type::CaptionStrong, Role::WarningText,
              (difference > 0 ? QStringLiteral("+") : QString{}) + theme::numberText(difference));
        label(middle - up, Type::Caption, Role::Text2, tr("rows sum to %1").arg(theme::numberText(m_trace.rowSum)));
    });
}

} // namespace scr::charts
