#include "charts/gap_strip_chart.h"

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
constexpr int kTop = 32;
constexpr int kRight = 44;
constexpr int kBottom = 26;
constexpr double kDot = 6;
constexpr double kLeastGap = 1e-4; // s; simultaneous votes stand on this line of a logarithmic scale
constexpr std::size_t kManyPoints = 4000;

class GapTicker : public QCPAxisTickerLog {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        if (tick < 0.1)
            return theme::numberText(tick * 1000, 1) + QStringLiteral(" ms");
        return theme::numberText(tick, 1) + QStringLiteral(" s");
    }
};

double shownGap(const domain::GapStrip::Point& point)
{
    return std::max(point.gapSeconds, kLeastGap);
}

bool isDrawn(const domain::GapStrip::Point& point)
{
    return std::isfinite(point.gapSeconds) && point.gapSeconds >= 0;
}

/// Whole decades around all that is drawn.
QCPRange decadesOf(const domain::GapStrip& strip)
{
    double low = 1;
    double high = 1;
    const auto take = [&](double value) {
        if (value > 0 && std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    for (const auto& point : strip.points) {
        if (isDrawn(point))
            take(shownGap(point));
    }
    take(strip.siteLowSeconds);
    take(strip.siteHighSeconds);
    take(strip.fasterThanSeconds);
    return {std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::max(1.0, std::ceil(std::log10(high))))};
}

} // namespace

GapStripChart::GapStripChart(QWidget* parent) : Chart{parent}
{
    setAccessibleName(tr("Gap to the previous vote"));
    setEmptyText(tr("No votes to show"));
}

void GapStripChart::show(const domain::GapStrip& strip, Kind kind)
{
    m_strip = strip;
    m_kind = kind;
    std::vector<ChartPoint> points;
    int inBurst = 0;
    for (std::size_t i = 0; i < strip.points.size(); ++i) {
        inBurst += strip.points[i].inBurst ? 1 : 0;
        if (isDrawn(strip.points[i]))
            points.push_back({secondsOf(strip.points[i].at), shownGap(strip.points[i]), static_cast<int>(i), -1});
    }
    setPoints(std::move(points));
    setSummary((kind == Kind::Beat
                    ? tr("%1 votes, %2 of them on the beat; the middle 80 % of the site's gaps lie between %3 and %4")
                    : tr("%1 votes, %2 of them in the burst; the middle 80 % of the site's gaps lie between %3 and %4"))
                   .arg(strip.points.size())
                   .arg(inBurst)
                   .arg(secondsText(strip.siteLowSeconds), secondsText(strip.siteHighSeconds)));
    rebuild();
}

bool GapStripChart::isEmpty() const
{
    return std::none_of(m_strip.points.begin(), m_strip.points.end(), isDrawn);
}

std::vector<LegendEntry> GapStripChart::legend() const
{
    using Mark = LegendEntry::Mark;
    return {{Mark::Disc, Role::SeriesFlagged, m_kind == Kind::Beat ? tr("vote on the beat") : tr("vote in the burst")},
            {Mark::Ring, Role::Text2, tr("other vote")},
            {Mark::Box, Role::Band, tr("site band")}};
}

QStringList GapStripChart::tooltipOf(const ChartPoint& point) const
{
    const domain::GapStrip::Point& vote = m_strip.points[static_cast<std::size_t>(point.index)];
    return {momentText(vote.at, true), tr("%1 after the previous vote").arg(secondsText(vote.gapSeconds)),
            vote.inBurst ? (m_kind == Kind::Beat ? tr("on the beat") : tr("in the burst"))
                         : (m_kind == Kind::Beat ? tr("not on the beat") : tr("not in the burst"))};
}

void GapStripChart::build(QCustomPlot& plot, const theme::Theme& theme)
{
    addAxes(plot, theme);
    addPoints(plot, theme);
    addBracket(plot, theme);
}

void GapStripChart::addAxes(QCustomPlot& plot, const theme::Theme& theme)
{
    styleAxes(plot, theme, false, true);
    setMargins(plot, kLeft, kTop, kRight, kBottom);
    const double first = secondsOf(m_strip.points.front().at);
    const double last = secondsOf(m_strip.points.back().at);
    const double margin = std::max((last - first) * 0.06, 0.5);
    setTimeTicks(plot, first - margin, last + margin);
    plot.yAxis->setScaleType(QCPAxis::stLogarithmic);
    plot.yAxis->setTicker(QSharedPointer<GapTicker>{new GapTicker});
    plot.yAxis->setRange(decadesOf(m_strip));
    addPainted(plot, "background", [this, &plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        if (m_strip.siteHighSeconds > m_strip.siteLowSeconds && m_strip.siteLowSeconds > 0) {
            const double top = plot.yAxis->coordToPixel(m_strip.siteHighSeconds);
            const double bottom = plot.yAxis->coordToPixel(m_strip.siteLowSeconds);
            painter.fillRect(QRectF{axes.left(), top, axes.width(), bottom - top}, theme[Role::Band]);
        }
    });
    addPainted(plot, "axes", [this, &plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        painter.setFont(theme::fontOf(Type::Caption));
        painter.setPen(theme[Role::Text3]);
        painter.drawText(QRectF{16, axes.top() - 22, 60, 16}, Qt::AlignLeft | Qt::AlignVCenter, tr("Gap"));
        if (m_strip.siteHighSeconds > m_strip.siteLowSeconds && m_strip.siteLowSeconds > 0) {
            const double top = plot.yAxis->coordToPixel(m_strip.siteHighSeconds);
            painter.setPen(theme[Role::Text2]);
            const QString words = tr("site: middle 80 % of gaps, %1 to %2")
                                      .arg(secondsText(m_strip.siteLowSeconds), secondsText(m_strip.siteHighSeconds));
            painter.drawText(QRectF{axes.left() + 6, top + 1, axes.width(), 16}, Qt::AlignLeft | Qt::AlignVCenter, words);
        }
        if (m_strip.fasterThanSeconds <= 0)
            return;
        const double limit = std::round(plot.yAxis->coordToPixel(m_strip.fasterThanSeconds)) + 0.5;
        painter.setPen(theme[Role::Text3]);
        // a beat's own votes lie along its line from the left: the words stand at the right, below it
        const bool isBeat = m_kind == Kind::Beat;
        painter.drawText(QRectF{axes.left() + 6, isBeat ? limit + 1 : limit - 17, axes.width() - 12, 16},
                         (isBeat ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
                         (isBeat ? tr("the beat: %1") : tr("faster than the rule allows a person: %1"))
                             .arg(secondsText(m_strip.fasterThanSeconds)));
        QPen dashed{theme[Role::Text3], 1};
        dashed.setDashPattern({4, 3});
        painter.setPen(dashed);
        painter.drawLine(QPointF{axes.left(), limit}, QPointF{axes.right(), limit});
    });
}

void GapStripChart::addPoints(QCustomPlot& plot, const theme::Theme& theme)
{
    const bool many = m_strip.points.size() > kManyPoints;
    for (const bool burst : {false, true}) {
        QCPGraph* graph = plot.addGraph();
        QVector<double> keys;
        QVector<double> gaps;
        for (const auto& point : m_strip.points) {
            if (point.inBurst == burst && isDrawn(point)) {
                keys.append(secondsOf(point.at));
                gaps.append(shownGap(point));
            }
        }
        const QColor color = theme[burst ? Role::SeriesFlagged : Role::Text2];
        graph->setLineStyle(QCPGraph::lsNone);
        const auto shape = many ? QCPScatterStyle::ssDot : burst ? QCPScatterStyle::ssDisc : QCPScatterStyle::ssCircle;
        graph->setScatterStyle(
            {shape, burst ? QPen{color, 1} : QPen{color, 1.4}, burst ? QBrush{color} : QBrush{theme[Role::Base]}, kDot});
        graph->setData(keys, gaps);
    }
}

void GapStripChart::addBracket(QCustomPlot& plot, const theme::Theme& theme)
{
    double first = 0;
    double last = 0;
    int votes = 0;
    for (const auto& point : m_strip.points) {
        if (!point.inBurst)
            continue;
        first = votes == 0 ? secondsOf(point.at) : first;
        last = secondsOf(point.at);
        ++votes;
    }
    if (votes < 2)
        return;
    addPainted(plot, "axes", [&plot, &theme, first, last, votes](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        const double left = plot.xAxis->coordToPixel(first);
        const double right = std::max(plot.xAxis->coordToPixel(last), left + 2);
        const double y = std::round(axes.top() - 15) + 0.5;
        painter.setPen(QPen{theme[Role::SeriesFlagged], 1.4});
        painter.drawPolyline(QPolygonF{{{left, y + 6}, {left, y}, {right, y}, {right, y + 6}}});
        painter.setFont(theme::fontOf(Type::CaptionStrong));
        painter.setPen(theme[Role::Text]);
        const QString words = tr("%1 votes in %2").arg(votes).arg(secondsText(last - first));
        const double width = QFontMetricsF{painter.font()}.horizontalAdvance(words) + 8;
        const bool before = left - width > axes.left();
        const QRectF place = before ? QRectF{left - width, y - 8, width - 6, 16} : QRectF{right + 8, y - 8, width, 16};
        painter.drawText(place, Qt::AlignVCenter | (before ? Qt::AlignRight : Qt::AlignLeft), words);
    });
}

} // namespace scr::charts
