#include "charts/waterfall_chart.h"

#include <algorithm>
#include <cmath>

#include "charts/plot_tools.h"
#include "theme/fonts.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"

namespace scr::charts {

namespace {

using domain::AttemptOutcome;
using theme::Role;
using theme::Type;
using Bar = domain::AttemptWaterfall::Bar;

constexpr int kLeft = 60;
constexpr int kTop = 24;
constexpr int kRight = 212;
constexpr int kBottom = 28;
constexpr int kRow = 13;
constexpr double kBarHeight = 8;
constexpr double kLabelRow = 14;

using Unit = WaterfallChart::Unit;

constexpr double kMillis = 1000; // in microseconds, as those below
constexpr double kSecond = 1000 * kMillis;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

/// The largest unit in which the span still counts to ten, so that ticks are short numbers.
Unit unitFor(double micros)
{
    for (const Unit& unit : {Unit{kDay, "d"}, Unit{kHour, "h"}, Unit{kMinute, "min"}, Unit{kSecond, "s"}}) {
        if (micros >= 10 * unit.micros)
            return unit;
    }
    return {kMillis, "ms"};
}

QString lengthText(double length, const Unit& unit, int decimals)
{
    return theme::numberText(length, decimals) + QLatin1Char{' '} + QLatin1String{unit.name};
}

class LengthTicker : public QCPAxisTicker {
public:
    explicit LengthTicker(Unit unit) : m_unit{unit} {}

protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return lengthText(tick, m_unit, 3); }

private:
    Unit m_unit;
};

bool isCounted(const Bar& bar)
{
    return bar.outcome == AttemptOutcome::Accepted;
}

QString voteText(const Bar& bar)
{
    return bar.extraVote ? WaterfallChart::tr("extra vote") : WaterfallChart::tr("first vote");
}

QString outcomeText(const Bar& bar)
{
    if (bar.extraVote)
        return WaterfallChart::tr("accepted, extra vote");
    const std::string_view name = domain::nameOf(bar.outcome);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

WaterfallChart::WaterfallChart(QWidget* parent) : Chart{parent}
{
    setAccessibleName(tr("Attempts by start and end"));
    setEmptyText(tr("No attempts to show"));
    setTimeKeyed(false);
}

double WaterfallChart::lengthTo(domain::UtcTime time) const
{
    return static_cast<double>((time - m_origin).count()) / m_unit.micros;
}

double WaterfallChart::spanMicros() const
{
    domain::Micros last{1000};
    for (const Bar& bar : m_waterfall.bars)
        last = std::max(last, bar.end.value_or(bar.start) - m_origin);
    return static_cast<double>(last.count());
}

QString WaterfallChart::wordsOf(const Bar& bar) const
{
    if (m_waterfall.unlogged)
        return tr("without an attempt");
    return m_waterfall.fromVotes ? voteText(bar) : outcomeText(bar);
}

std::vector<int> WaterfallChart::namedRows(double height) const
{
    const int count = static_cast<int>(m_waterfall.bars.size());
    const int step = stepFor(count, static_cast<int>(height / kLabelRow));
    std::vector<int> rows;
    // The first label keeps its distance from the head of the column, and the second one from it.
    const double one = height / std::max(count, 1);
    if (step > 1 && (step - 0.5) * one - std::max(one / 2, kLabelRow / 2) >= kLabelRow)
        rows.push_back(0);
    for (int row = step - 1; row < count; row += step)
        rows.push_back(row);
    return rows;
}

void WaterfallChart::show(const domain::AttemptWaterfall& waterfall)
{
    m_waterfall = waterfall;
    m_origin = {};
    std::vector<ChartPoint> points;
    int accepted = 0;
    int extra = 0;
    for (const Bar& bar : waterfall.bars)
        m_origin = &bar == &waterfall.bars.front() ? bar.start : std::min(m_origin, bar.start);
    m_unit = unitFor(spanMicros());
    for (std::size_t i = 0; i < waterfall.bars.size(); ++i) {
        const Bar& bar = waterfall.bars[i];
        accepted += isCounted(bar) ? 1 : 0;
        extra += bar.extraVote ? 1 : 0;
        const double start = lengthTo(bar.start);
        points.push_back(
            {(start + lengthTo(bar.end.value_or(bar.start))) / 2, static_cast<double>(i) + 0.5, static_cast<int>(i), -1});
    }
    setPoints(std::move(points));
    if (waterfall.unlogged)
        setSummary(tr("%1 votes without an attempt in %2").arg(waterfall.bars.size()).arg(secondsText(spanMicros() / kSecond)));
    else
        setSummary(tr("%1 attempts in %2, %3 accepted, %4 of them extra votes")
                       .arg(waterfall.bars.size())
                       .arg(secondsText(spanMicros() / kSecond))
                       .arg(accepted)
                       .arg(extra));
    updateGeometry();
    rebuild();
}

QSize WaterfallChart::sizeHint() const
{
    return {640, kTop + kBottom + kRow * std::clamp(static_cast<int>(m_waterfall.bars.size()), 4, 40)};
}

bool WaterfallChart::isEmpty() const
{
    return m_waterfall.bars.empty();
}

std::vector<LegendEntry> WaterfallChart::legend() const
{
    using Mark = LegendEntry::Mark;
    if (m_waterfall.unlogged)
        return {{Mark::Box, Role::SeriesFlagged, tr("counted, without an attempt")}};
    std::vector<LegendEntry> entries{{Mark::Box, Role::SeriesNormal, tr("counted")},
                                     {Mark::Box, Role::SeriesFlagged, tr("extra vote, counted")}};
    if (!m_waterfall.fromVotes)
        entries.push_back({Mark::Frame, Role::Text3, tr("refused")});
    return entries;
}

QStringList WaterfallChart::tooltipOf(const ChartPoint& point) const
{
    const Bar& bar = m_waterfall.bars[static_cast<std::size_t>(point.index)];
    const QString outcome = m_waterfall.fromVotes  ? wordsOf(bar)
                            : bar.sqlstate.empty() ? outcomeText(bar)
                                                   : QStringLiteral("%1 · %2").arg(outcomeText(bar), shownText(bar.sqlstate));
    QString times = momentText(bar.start, true);
    if (m_unit.micros <= kSecond)
        times = bar.end
                    ? tr("%1 to %2").arg(lengthText(lengthTo(bar.start), m_unit, 3), lengthText(lengthTo(*bar.end), m_unit, 3))
                    : tr("after %1").arg(lengthText(lengthTo(bar.start), m_unit, 3));
    const QString who = bar.vote.empty() ? shownText(bar.origin) : tr("vote %1").arg(shownText(bar.vote.text));
    return {tr("%1: %2").arg(point.index + 1).arg(outcome), times, who};
}

void WaterfallChart::build(QCustomPlot& plot, const theme::Theme& theme)
{
    addAxes(plot, theme);
    addBars(plot, theme);
    addOutcomes(plot, theme);
    addFirstEnd(plot, theme);
}

void WaterfallChart::addAxes(QCustomPlot& plot, const theme::Theme& theme)
{
    styleAxes(plot, theme, true, false);
    setMargins(plot, kLeft, kTop, kRight, kBottom);
    const double rows = static_cast<double>(m_waterfall.bars.size());
    plot.xAxis->setTicker(QSharedPointer<LengthTicker>{new LengthTicker{m_unit}});
    plot.xAxis->setRange(0, spanMicros() / m_unit.micros * 1.06);
    plot.yAxis->setRange(0, rows);
    plot.yAxis->setRangeReversed(true);
    plot.yAxis->setTickLabels(false);
    addPainted(plot, "axes", [this, &plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        painter.setFont(theme::fontOf(Type::Caption));
        painter.setPen(theme[Role::Text3]);
        for (const int row : namedRows(axes.height())) {
            const double y = std::max(plot.yAxis->coordToPixel(row + 0.5), axes.top() + kLabelRow / 2);
            theme::drawCells(painter, QRectF{axes.left() - 40, y - 8, 32, 16}, Qt::AlignRight, QString::number(row + 1));
        }
    });
}

void WaterfallChart::addBars(QCustomPlot& plot, const theme::Theme& theme)
{
    addPainted(
        plot, "main",
        [this, &plot, &theme](QCPPainter& painter) {
            const double row = plot.axisRect()->height() / static_cast<double>(m_waterfall.bars.size());
            const double tall = std::clamp(row * 0.62, 1.0, kBarHeight);
            for (std::size_t i = 0; i < m_waterfall.bars.size(); ++i) {
                const Bar& bar = m_waterfall.bars[i];
                const double left = plot.xAxis->coordToPixel(lengthTo(bar.start));
                const double y = plot.yAxis->coordToPixel(static_cast<double>(i) + 0.5);
                const QColor color = theme[!isCounted(bar) ? Role::Text3
                                           : bar.extraVote ? Role::SeriesFlagged
                                                           : Role::SeriesNormal];
                if (!bar.end) {
                    painter.setPen(Qt::NoPen);
                    painter.setBrush(color);
                    painter.drawEllipse(QPointF{left, y}, 3, 3);
                    continue;
                }
                const double right = std::max(plot.xAxis->coordToPixel(lengthTo(*bar.end)), left + 2);
                const QRectF box{std::round(left), std::round(y - tall / 2), std::round(right - left), std::round(tall)};
                if (isCounted(bar)) {
                    painter.fillRect(box, color);
                    continue;
                }
                painter.setPen(QPen{color, 1});
                painter.setBrush(Qt::NoBrush);
                painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
            }
        },
        true);
}

void WaterfallChart::addOutcomes(QCustomPlot& plot, const theme::Theme& theme)
{
    addPainted(plot, "axes", [this, &plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        const QRectF head{axes.right() + 12, axes.top() - 24, kRight - 28.0, 16};
        // Some of the outcomes would pass for all of them.
        const bool each = namedRows(axes.height()).size() == m_waterfall.bars.size();
        painter.setFont(theme::fontOf(Type::Caption));
        painter.setPen(theme[Role::Text3]);
        painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, m_waterfall.fromVotes ? tr("Counted as") : tr("Outcome"));
        if (!each) {
            drawOutcomeCounts(painter, theme, {head.left(), axes.top(), head.width(), axes.height()});
            return;
        }
        if (!m_waterfall.fromVotes)
            painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("SQLSTATE"));
        for (std::size_t row = 0; row < m_waterfall.bars.size(); ++row)
            drawOutcome(painter, theme, m_waterfall.bars[row],
                        {head.left(), plot.yAxis->coordToPixel(static_cast<double>(row) + 0.5) - 8, head.width(), 16});
    });
}

void WaterfallChart::drawOutcome(QCPPainter& painter, const theme::Theme& theme, const Bar& bar, const QRectF& place) const
{
    painter.setFont(theme::fontOf(isCounted(bar) ? Type::CaptionStrong : Type::Caption));
    painter.setPen(theme[isCounted(bar) ? Role::Text : Role::Text2]);
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, wordsOf(bar));
    if (m_waterfall.fromVotes)
        return;
    painter.setFont(theme::fontOf(Type::Caption));
    painter.setPen(theme[Role::Text3]);
    painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                     bar.sqlstate.empty() ? QStringLiteral("–") : shownText(bar.sqlstate));
}

/// How many there are of each outcome, in the order in which they first came.
void WaterfallChart::drawOutcomeCounts(QCPPainter& painter, const theme::Theme& theme, const QRectF& place) const
{
    struct Group {
        QString words;
        bool counted{};
        int bars{};
    };
    std::vector<Group> groups;
    for (const Bar& bar : m_waterfall.bars) {
        const QString words = wordsOf(bar);
        const auto known = std::find_if(groups.begin(), groups.end(), [&](const Group& one) { return one.words == words; });
        if (known == groups.end())
            groups.push_back({words, isCounted(bar), 1});
        else
            ++known->bars;
    }
    constexpr double kNumber = 28;
    constexpr double kGap = 20;
    double y = place.top();
    for (const Group& group : groups) {
        painter.setFont(theme::fontOf(group.counted ? Type::CaptionStrong : Type::Caption));
        painter.setPen(theme[group.counted ? Role::Text : Role::Text2]);
        theme::drawCells(painter, QRectF{place.left(), y, kNumber, 16}, Qt::AlignRight, theme::numberText(group.bars));
        painter.drawText(QRectF{place.left() + kNumber + 8, y, place.width() - kNumber - 8, 16}, Qt::AlignLeft | Qt::AlignVCenter,
                         group.words);
        y += kGap;
    }
}

void WaterfallChart::addFirstEnd(QCustomPlot& plot, const theme::Theme& theme)
{
    double first = -1;
    for (const Bar& bar : m_waterfall.bars) {
        if (isCounted(bar) && bar.end && (first < 0 || lengthTo(*bar.end) < first))
            first = lengthTo(*bar.end);
    }
    if (first < 0)
        return;
    addPainted(plot, "axes", [this, &plot, &theme, first](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        const double x = std::round(plot.xAxis->coordToPixel(first)) + 0.5;
        QPen dashed{theme[Role::Text], 1};
        dashed.setDashPattern({3, 2});
        painter.setPen(dashed);
        painter.drawLine(QPointF{x, axes.top() - 6}, QPointF{x, axes.bottom()});
        painter.setFont(theme::fontOf(Type::Caption));
        painter.setPen(theme[Role::Text2]);
        const QString words = tr("first commit, %1").arg(lengthText(first, m_unit, 1));
        const double width = QFontMetricsF{painter.font()}.horizontalAdvance(words) + 2;
        const double left = std::min(x + 5, axes.right() - width);
        painter.drawText(QRectF{left, axes.top() - 24, width, 16}, Qt::AlignLeft | Qt::AlignVCenter, words);
    });
}

} // namespace scr::charts
