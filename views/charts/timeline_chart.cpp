#include <algorithm>
#include <cmath>

#include "charts/leaderboard_charts.h"
#include "charts/plot_tools.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/text_paint.h"

namespace scr::charts {

namespace {

using theme::Role;
using theme::Type;

constexpr int kBottomWithAxis = 26;
constexpr int kBottomWithout = 8;
constexpr double kLabelGap = 4;
constexpr double kTail = 0.04; ///< of the time shown: how things stand at its end, also when it came about a moment ago

QString voidText(const domain::ScoreHistory::VoidMark& mark)
{
    const QString votes = theme::numberText(static_cast<double>(mark.votes));
    return mark.restore ? TimelineChart::tr("V-%1 · %2 votes restored").arg(mark.number).arg(votes)
                        : TimelineChart::tr("V-%1 · %2 votes voided").arg(mark.number).arg(votes);
}

} // namespace

TimeBins binsOf(const rank::BumpSeries& series)
{
    return {series.from, series.binWidth, series.bins};
}

TimelineChart::TimelineChart(QWidget* parent) : Chart{parent}
{
    setScrubbable(true);
}

void TimelineChart::setLabelMargins(int left, int right)
{
    m_left = left;
    m_right = right;
    rebuild();
}

void TimelineChart::setTimeAxisShown(bool shown)
{
    m_axisShown = shown;
    rebuild();
}

double TimelineChart::endOf(std::size_t bin) const
{
    return secondsOf(m_bins.from + m_bins.width * static_cast<std::int64_t>(bin + 1));
}

double TimelineChart::shownTo() const
{
    if (m_bins.count == 0)
        return secondsOf(m_bins.from) + 1;
    const double end = endOf(m_bins.count - 1);
    return end + kTail * (end - secondsOf(m_bins.from));
}

void TimelineChart::addTimeAxis(QCustomPlot& plot, const theme::Theme& theme, int top)
{
    styleAxes(plot, theme, true, true);
    setMargins(plot, m_left, top, m_right, m_axisShown ? kBottomWithAxis : kBottomWithout);
    plot.xAxis->setTickLabels(m_axisShown);
    setTimeTicks(plot, secondsOf(m_bins.from), shownTo());
}

void TimelineChart::addVoids(QCustomPlot& plot, const theme::Theme& theme, bool labelled)
{
    if (m_voids.empty())
        return;
    addPainted(plot, "axes", [this, &plot, &theme, labelled](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        painter.setFont(theme::fontOf(Type::Caption));
        std::vector<Span> taken = takenAbove(); // a label yields when it has no room
        for (const auto& mark : m_voids) {
            const double x = std::round(plot.xAxis->coordToPixel(secondsOf(mark.at))) + 0.5;
            if (x < axes.left() || x > axes.right() + 1)
                continue;
            QPen dashed{theme[Role::Text2], 1};
            dashed.setDashPattern({2, 2});
            painter.setPen(dashed);
            painter.drawLine(QPointF{x, axes.top() - (labelled ? 6 : 0)}, QPointF{x, axes.bottom()});
            if (!labelled)
                continue;
            const QString words = voidText(mark);
            const double width = QFontMetricsF{painter.font()}.horizontalAdvance(words) + 20;
            const double left = std::min(x - 6, axes.right() + m_right - width - 4);
            const bool blocked = std::any_of(taken.begin(), taken.end(), [&](const Span& span) {
                return left < span.second + kLabelGap && left + width > span.first - kLabelGap;
            });
            if (blocked)
                continue;
            taken.emplace_back(left, left + width);
            theme::drawIcon(painter, QRectF{left, axes.top() - 21, 13, 13}, mark.restore ? theme::Icon::Undo : theme::Icon::Void,
                            theme[Role::Text2]);
            painter.setPen(theme[Role::Text2]);
            painter.drawText(QRectF{left + 17, axes.top() - 22, width, 16}, Qt::AlignLeft | Qt::AlignVCenter, words);
        }
    });
}

} // namespace scr::charts
