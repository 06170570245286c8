#include <algorithm>
#include <cmath>
#include <limits>

#include "charts/leaderboard_charts.h"
#include "charts/plot_tools.h"
#include "theme/fonts.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"

namespace scr::charts {

namespace {

using theme::Role;
using theme::Type;

constexpr int kTop = 26;
constexpr double kBelow = 0.7;       // where lines end that leave the head
constexpr std::size_t kMostLit = 12; // coloured lines that an eye can tell apart
constexpr double kFlaggedWidth = 2.4;
constexpr double kLabelRow = 14;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// What of a path lies at or behind a key.
QPolygonF tailOf(const QPolygonF& path, double from)
{
    QPolygonF tail;
    for (qsizetype i = 0; i < path.size(); ++i) {
        if (path[i].x() < from)
            continue;
        if (tail.isEmpty() && i > 0 && path[i].x() > from) {
            const double share = (from - path[i - 1].x()) / (path[i].x() - path[i - 1].x());
            tail.append(path[i - 1] + (path[i] - path[i - 1]) * share);
        }
        tail.append(path[i]);
    }
    return tail;
}

void addLine(QCustomPlot& plot, const std::vector<QPolygonF>& paths, const QPen& pen)
{
    QVector<double> keys;
    QVector<double> ranks;
    for (const QPolygonF& path : paths) {
        if (path.isEmpty())
            continue;
        for (const QPointF& point : path) {
            keys.append(point.x());
            ranks.append(point.y());
        }
        keys.append(keys.back());
        ranks.append(kNaN);
    }
    QCPGraph* graph = plot.addGraph();
    graph->setPen(pen);
    graph->setData(keys, ranks, true);
}

} // namespace

BumpChart::BumpChart(QWidget* parent) : TimelineChart{parent}
{
    setAccessibleName(tr("Ranks through time"));
    setEmptyText(tr("No votes in this time range"));
    setSelectionLights(true);
}

void BumpChart::show(const rank::BumpSeries& series, std::vector<FlagSpan> spans)
{
    m_series = series;
    m_spans = std::move(spans);
    setBins(binsOf(series));
    setVoids(series.voids);
    std::vector<ChartPoint> points;
    for (std::size_t line = 0; line < series.lines.size(); ++line) {
        const auto& ranks = series.lines[line].rank;
        for (std::size_t bin = 0; bin < ranks.size(); ++bin) {
            if (ranks[bin] > 0)
                points.push_back({endOf(bin), static_cast<double>(ranks[bin]), static_cast<int>(line), static_cast<int>(line)});
        }
    }
    setPoints(std::move(points));
    QStringList words{tr("Top %1 of %2 posts").arg(series.top).arg(series.posts)};
    for (std::size_t line = 0; line < std::min<std::size_t>(series.lines.size(), 3); ++line)
        words.append(tr("#%1 \u2068%2\u2069").arg(series.lines[line].finalRank).arg(titleOf(line)));
    setSummary(words.join(QStringLiteral("; ")));
    rebuild();
}

bool BumpChart::isEmpty() const
{
    return m_series.lines.empty() || m_series.bins == 0;
}

QString BumpChart::titleOf(std::size_t line) const
{
    const rank::BumpLine& one = m_series.lines[line];
    return postName(one.title, one.post);
}

QStringList BumpChart::tooltipOf(const ChartPoint& point) const
{
    const rank::BumpLine& line = m_series.lines[static_cast<std::size_t>(point.line)];
    const double width = static_cast<double>(m_series.binWidth.count()) / 1e6;
    const auto bin = static_cast<std::size_t>(std::max(0.0, std::round((point.key - secondsOf(m_series.from)) / width) - 1));
    const QString score = bin < line.score.size() ? theme::numberText(line.score[bin]) : QString{};
    return {titleOf(static_cast<std::size_t>(point.line)), tr("#%1, score %2").arg(static_cast<int>(point.value)).arg(score),
            momentText(timeOfSeconds(point.key), false) + tr(" UTC")};
}

/// Horizontal runs, a slanted step over one bin; a line that enters or leaves does so through the lower edge.
std::vector<QPolygonF> BumpChart::pathOf(int line) const
{
    std::vector<QPolygonF> paths;
    if (line < 0 || static_cast<std::size_t>(line) >= m_series.lines.size())
        return paths;
    const auto& ranks = m_series.lines[static_cast<std::size_t>(line)].rank;
    const double floor = m_series.top + kBelow;
    QPolygonF path;
    for (std::size_t bin = 0; bin < ranks.size(); ++bin) {
        if (ranks[bin] == 0) {
            if (!path.isEmpty()) {
                path.append({endOf(bin), floor});
                paths.push_back(std::exchange(path, {}));
            }
            continue;
        }
        const double before = bin == 0 ? secondsOf(m_series.from) : endOf(bin - 1);
        if (path.isEmpty())
            path.append({before, bin == 0 ? static_cast<double>(ranks[bin]) : floor});
        const bool turns = bin + 1 == ranks.size() || bin == 0 || ranks[bin] != ranks[bin - 1] || ranks[bin] != ranks[bin + 1];
        if (turns)
            path.append({endOf(bin), static_cast<double>(ranks[bin])});
    }
    if (!path.isEmpty()) {
        path.append({shownTo(), path.back().y()});
        paths.push_back(path);
    }
    return paths;
}

bool BumpChart::isFlagged(std::size_t line) const
{
    const rank::BumpLine& one = m_series.lines[line];
    return one.flaggedFrom &&
           std::none_of(m_spans.begin(), m_spans.end(), [&one](const FlagSpan& span) { return span.post == one.post; });
}

void BumpChart::build(QCustomPlot& plot, const theme::Theme& theme)
{
    addTimeAxis(plot, theme, kTop);
    addGrid(plot, theme);
    addLines(plot, theme);
    addSpans(plot, theme);
    addBrackets(plot, theme);
    addLabels(plot, theme);
    addVoids(plot, theme, true);
}

void BumpChart::addGrid(QCustomPlot& plot, const theme::Theme& theme)
{
    plot.yAxis->setRange(0.5, m_series.top + kBelow);
    plot.yAxis->setRangeReversed(true);
    plot.yAxis->setTickLabels(false);
    QSharedPointer<QCPAxisTickerFixed> ticker{new QCPAxisTickerFixed};
    ticker->setTickStep(1);
    plot.yAxis->setTicker(ticker);
    plot.yAxis->grid()->setPen(QPen{theme[Role::Grid], 1});
}

void BumpChart::addLines(QCustomPlot& plot, const theme::Theme& theme)
{
    for (std::size_t line = 0; line < m_series.lines.size(); ++line)
        addLine(plot, pathOf(static_cast<int>(line)), QPen{theme[Role::Dimmed], 1});
    std::size_t lit = 0;
    for (std::size_t line = 0; line < m_series.lines.size(); ++line) {
        if (!isFlagged(line) || lit++ >= kMostLit)
            continue;
        // Up to then nothing about this line was in doubt.
        const std::uint32_t bin = *m_series.lines[line].flaggedFrom;
        const double from = bin == 0 ? secondsOf(m_series.from) : endOf(bin - 1);
        std::vector<QPolygonF> tails;
        for (const QPolygonF& path : pathOf(static_cast<int>(line)))
            tails.push_back(tailOf(path, from));
        addLine(plot, tails, QPen{theme[Role::SeriesFlagged], kFlaggedWidth});
    }
}

void BumpChart::addSpans(QCustomPlot& plot, const theme::Theme& theme)
{
    if (m_spans.empty())
        return;
    addPainted(
        plot, "main",
        [this, &plot, &theme](QCPPainter& painter) {
            painter.setPen(QPen{theme[Role::SeriesFlagged], 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
            for (const FlagSpan& span : m_spans) {
                const auto line = std::find_if(m_series.lines.begin(), m_series.lines.end(),
                                               [&span](const rank::BumpLine& one) { return one.post == span.post; });
                if (line == m_series.lines.end())
                    continue;
                const double left = plot.xAxis->coordToPixel(secondsOf(span.from));
                const double right = plot.xAxis->coordToPixel(secondsOf(span.to));
                painter.save();
                painter.setClipRect(QRectF{left, 0, std::max(right - left, 4.0), plot.axisRect()->rect().bottom() + 1.0},
                                    Qt::IntersectClip);
                for (const QPolygonF& path : pathOf(static_cast<int>(line - m_series.lines.begin()))) {
                    QPolygonF places;
                    for (const QPointF& point : path)
                        places.append({plot.xAxis->coordToPixel(point.x()), plot.yAxis->coordToPixel(point.y())});
                    painter.drawPolyline(places);
                }
                painter.restore();
            }
        },
        true);
}

/// A bracket above the plot for each span, with its flag's key where there is room.
void BumpChart::addBrackets(QCustomPlot& plot, const theme::Theme& theme)
{
    addPainted(plot, "axes", [this, &plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        painter.setFont(theme::fontOf(Type::Caption));
        std::vector<Span>& taken = takenAbove();
        taken.clear();
        for (const FlagSpan& span : m_spans) {
            const double left = std::max(plot.xAxis->coordToPixel(secondsOf(span.from)), axes.left());
            const double right = std::min(plot.xAxis->coordToPixel(secondsOf(span.to)), axes.right());
            if (right < left)
                continue;
            painter.setPen(QPen{theme[Role::SeriesFlagged], 1.4});
            painter.drawPolyline(
                QPolygonF{{{left, axes.top() - 2}, {left, axes.top() - 6}, {right, axes.top() - 6}, {right, axes.top() - 2}}});
            const double width = QFontMetricsF{painter.font()}.horizontalAdvance(span.label) + 2;
            const double place = std::max(right - width, axes.left());
            if (std::any_of(taken.begin(), taken.end(),
                            [&](const Span& one) { return place < one.second + 4 && place + width > one.first - 4; }))
                continue;
            taken.emplace_back(place, place + width);
            painter.setPen(theme[Role::WarningText]);
            painter.drawText(QRectF{place, axes.top() - 24, width, 16}, Qt::AlignRight | Qt::AlignVCenter, span.label);
        }
    });
}

void BumpChart::addLabels(QCustomPlot& plot, const theme::Theme& theme)
{
    addPainted(plot, "axes", [this, &theme](QCPPainter& painter) {
        drawLabels(painter, theme, true);
        drawLabels(painter, theme, false);
    });
}

void BumpChart::drawLabels(QCPPainter& painter, const theme::Theme& theme, bool left) const
{
    const QRectF axes = plot().axisRect()->rect();
    const int step = stepFor(static_cast<int>(m_series.top), static_cast<int>(axes.height() / kLabelRow));
    const double room = (left ? axes.left() : plot().width() - axes.right()) - 46;
    for (std::size_t line = 0; line < m_series.lines.size(); ++line) {
        const rank::BumpLine& one = m_series.lines[line];
        const std::int32_t rank = one.rank.empty() ? 0 : left ? one.rank.front() : one.rank.back();
        if (rank <= 0 || (step > 1 && rank != 1 && rank % step != 0))
            continue;
        const double y = plot().yAxis->coordToPixel(rank) - 8;
        const QFont font = theme::fontOf(one.flaggedFrom ? Type::CaptionStrong : Type::Caption);
        painter.setFont(theme::fontOf(Type::Caption));
        painter.setPen(theme[Role::Text3]);
        const QRectF number = left ? QRectF{axes.left() - 34, y, 24, 16} : QRectF{axes.right() + 8, y, 20, 16};
        theme::drawCells(painter, number, Qt::AlignRight, QString::number(rank));
        painter.setFont(font);
        painter.setPen(theme[one.flaggedFrom ? Role::Text : Role::Text2]);
        const QString title = elided(titleOf(line), font, room - 4);
        const QRectF place = left ? QRectF{6, y, room, 16} : QRectF{axes.right() + 38, y, room, 16};
        painter.drawText(place, Qt::AlignVCenter | (left ? Qt::AlignRight : Qt::AlignLeft),
                         QChar{0x2068} + title + QChar{0x2069});
    }
}

} // namespace scr::charts
