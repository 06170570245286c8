#include <algorithm>
#include <cmath>

#include "charts/leaderboard_charts.h"
#include "charts/plot_tools.h"
#include "theme/fonts.h"
#include "theme/text_paint.h"

namespace scr::charts {

namespace {

using theme::Role;
using theme::Type;

constexpr int kTop = 10;
constexpr double kLabelRow = 16;

class NumberTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return theme::numberText(tick); }
};

void setValueTicks(QCustomPlot& plot, double low, double high)
{
    const double span = std::max(high - low, 1.0);
    plot.yAxis->setTicker(QSharedPointer<NumberTicker>{new NumberTicker});
    plot.yAxis->ticker()->setTickCount(4);
    plot.yAxis->setTickLabels(true);
    plot.yAxis->setRange(low < 0 ? low - span * 0.05 : 0, high + span * 0.08);
}

struct EndLabel {
    double y{};
    QString words;
    Type type{};
    Role role{};
};

/// Labels at the right end of lines, moved apart where they would overlap.
void drawEndLabels(QCPPainter& painter, const QRectF& axes, double room, std::vector<EndLabel> labels, const theme::Theme& theme)
{
    std::stable_sort(labels.begin(), labels.end(), [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
    for (std::size_t i = 1; i < labels.size(); ++i)
        labels[i].y = std::max(labels[i].y, labels[i - 1].y + kLabelRow);
    for (const EndLabel& label : labels) {
        const QFont font = theme::fontOf(label.type);
        painter.setFont(font);
        painter.setPen(theme[label.role]);
        painter.drawText(QRectF{axes.right() + 12, label.y - 8, room, 16}, Qt::AlignLeft | Qt::AlignVCenter,
                         elided(label.words, font, room));
    }
}

} // namespace

ScoreChart::ScoreChart(QWidget* parent) : TimelineChart{parent}
{
    setAccessibleName(tr("Scores through time"));
    setEmptyText(tr("No votes in this time range"));
}

void ScoreChart::show(const rank::BumpSeries& series, std::optional<rank::PostSeries> lit)
{
    m_series = series;
    m_lit = std::move(lit);
    setBins(binsOf(series));
    setVoids(series.voids);
    collectPoints();
    QString words = tr("Scores of %1 posts").arg(series.lines.size());
    if (m_lit && !m_lit->scoreWith.empty())
        words = tr("%1: score %2 with flagged votes, %3 without")
                    .arg(postName(m_lit->title, m_lit->post), theme::numberText(m_lit->scoreWith.back()),
                         theme::numberText(m_lit->scoreWithout.back()));
    setSummary(words);
    rebuild();
}

void ScoreChart::collectPoints()
{
    std::vector<ChartPoint> points;
    if (m_lit) {
        for (std::size_t bin = 0; bin < m_lit->scoreWith.size(); ++bin)
            points.push_back({endOf(bin), m_lit->scoreWith[bin], static_cast<int>(bin), -1});
    } else {
        for (std::size_t line = 0; line < m_series.lines.size(); ++line) {
            const auto& scores = m_series.lines[line].score;
            for (std::size_t bin = 0; bin < scores.size(); ++bin)
                points.push_back({endOf(bin), scores[bin], static_cast<int>(bin), static_cast<int>(line)});
        }
    }
    setPoints(std::move(points));
}

bool ScoreChart::isEmpty() const
{
    return m_series.bins == 0 || (m_series.lines.empty() && !m_lit);
}

QStringList ScoreChart::tooltipOf(const ChartPoint& point) const
{
    const QString moment = momentText(timeOfSeconds(point.key), false) + tr(" UTC");
    const auto bin = static_cast<std::size_t>(point.index);
    if (point.line >= 0) {
        const rank::BumpLine& line = m_series.lines[static_cast<std::size_t>(point.line)];
        return {postName(line.title, line.post), tr("score %1").arg(theme::numberText(point.value)), moment};
    }
    return {postName(m_lit->title, m_lit->post),
            tr("score %1, %2 without").arg(theme::numberText(m_lit->scoreWith[bin]), theme::numberText(m_lit->scoreWithout[bin])),
            moment};
}

std::vector<QPolygonF> ScoreChart::pathOf(int line) const
{
    if (line < 0 || static_cast<std::size_t>(line) >= m_series.lines.size())
        return {};
    QPolygonF path;
    const auto& scores = m_series.lines[static_cast<std::size_t>(line)].score;
    for (std::size_t bin = 0; bin < scores.size(); ++bin)
        path.append({endOf(bin), scores[bin]});
    return {path};
}

void ScoreChart::build(QCustomPlot& plot, const theme::Theme& theme)
{
    addTimeAxis(plot, theme, kTop);
    double low = 0;
    double high = 1;
    const auto take = [&](const std::vector<double>& scores) {
        for (const double score : scores) {
            low = std::min(low, score);
            high = std::max(high, score);
        }
    };
    for (const rank::BumpLine& line : m_series.lines)
        take(line.score);
    if (m_lit) {
        take(m_lit->scoreWith);
        take(m_lit->scoreWithout);
    }
    setValueTicks(plot, low, high);
    addLines(plot, theme);
    addLabels(plot, theme);
    addVoids(plot, theme, false);
}

void ScoreChart::addLines(QCustomPlot& plot, const theme::Theme& theme)
{
    const auto add = [&](const std::vector<double>& scores, const QPen& pen) {
        QVector<double> keys;
        QVector<double> values;
        for (std::size_t bin = 0; bin < scores.size(); ++bin) {
            keys.append(endOf(bin));
            values.append(scores[bin]);
        }
        if (!scores.empty()) {
            keys.append(shownTo());
            values.append(scores.back());
        }
        QCPGraph* graph = plot.addGraph();
        graph->setPen(pen);
        graph->setData(keys, values, true);
    };
    for (const rank::BumpLine& line : m_series.lines)
        add(line.score, QPen{theme[Role::Dimmed], 1});
    if (!m_lit)
        return;
    QPen without{theme[Role::Mark], 1.5};
    without.setDashPattern({4, 3});
    add(m_lit->scoreWithout, without);
    add(m_lit->scoreWith, QPen{theme[Role::SeriesNormal], 2});
}

void ScoreChart::addLabels(QCustomPlot& plot, const theme::Theme& theme)
{
    addPainted(plot, "axes", [this, &plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        std::vector<EndLabel> labels;
        const auto add = [&](double score, const QString& words, Type type, Role role) {
            labels.push_back({plot.yAxis->coordToPixel(score), words, type, role});
        };
        if (!m_series.lines.empty() && !m_series.lines.front().score.empty()) {
            const rank::BumpLine& first = m_series.lines.front();
            if (!m_lit || m_lit->post != first.post)
                add(first.score.back(), tr("#1 %1").arg(postName(first.title, first.post)), Type::Caption, Role::Text3);
        }
        if (m_lit && !m_lit->scoreWith.empty()) {
            const bool differs = m_lit->scoreWith.back() != m_lit->scoreWithout.back();
            const QString with = theme::numberText(m_lit->scoreWith.back());
            add(m_lit->scoreWith.back(), differs ? tr("with flagged, %1").arg(with) : tr("score %1").arg(with),
                Type::CaptionStrong, Role::Text);
            if (differs)
                add(m_lit->scoreWithout.back(), tr("without, %1").arg(theme::numberText(m_lit->scoreWithout.back())),
                    Type::Caption, Role::Text2);
        }
        drawEndLabels(painter, axes, plot.width() - axes.right() - 20, std::move(labels), theme);
    });
}

VotesBarChart::VotesBarChart(QWidget* parent) : TimelineChart{parent}
{
    setAccessibleName(tr("Votes through time"));
    setEmptyText(tr("Choose a post to see its votes"));
    setHitByKey(true);
}

void VotesBarChart::show(const TimeBins& bins, std::optional<rank::PostSeries> post)
{
    m_post = std::move(post);
    setBins(bins);
    std::vector<ChartPoint> points;
    std::int64_t flagged = 0;
    std::int64_t all = 0;
    if (m_post) {
        const double half = static_cast<double>(bins.width.count()) / 2e6;
        for (std::size_t bin = 0; bin < m_post->otherVotes.size(); ++bin) {
            const std::int64_t votes = m_post->otherVotes[bin] + m_post->flaggedVotes[bin];
            flagged += m_post->flaggedVotes[bin];
            all += votes;
            points.push_back({endOf(bin) - half, static_cast<double>(votes), static_cast<int>(bin), -1});
        }
    }
    setPoints(std::move(points));
    setSummary(tr("%1 votes, %2 of them flagged").arg(all).arg(flagged));
    rebuild();
}

bool VotesBarChart::isEmpty() const
{
    return !m_post || m_post->otherVotes.empty() || bins().count == 0;
}

QStringList VotesBarChart::tooltipOf(const ChartPoint& point) const
{
    const auto bin = static_cast<std::size_t>(point.index);
    const double width = static_cast<double>(bins().width.count()) / 1e6;
    return {tr("%1 votes, %2 flagged").arg(m_post->otherVotes[bin] + m_post->flaggedVotes[bin]).arg(m_post->flaggedVotes[bin]),
            tr("from %1 UTC").arg(momentText(timeOfSeconds(endOf(bin) - width), false)), tr("within %1").arg(secondsText(width))};
}

double VotesBarChart::tallest() const
{
    double tall = 1;
    for (std::size_t bin = 0; bin < m_post->otherVotes.size(); ++bin)
        tall = std::max(tall, static_cast<double>(m_post->otherVotes[bin] + m_post->flaggedVotes[bin]));
    return tall;
}

void VotesBarChart::build(QCustomPlot& plot, const theme::Theme& theme)
{
    addTimeAxis(plot, theme, kTop);
    setValueTicks(plot, 0, tallest());
    addPainted(
        plot, "main",
        [this, &plot, &theme](QCPPainter& painter) {
            painter.setAntialiasing(false);
            const double width = static_cast<double>(bins().width.count()) / 1e6;
            const double zero = plot.yAxis->coordToPixel(0);
            for (std::size_t bin = 0; bin < m_post->otherVotes.size(); ++bin) {
                const double left = std::round(plot.xAxis->coordToPixel(endOf(bin) - width));
                const double right = std::round(plot.xAxis->coordToPixel(endOf(bin)));
                const double wide = std::max(1.0, right - left - (right - left > 3 ? 1 : 0));
                const auto other = static_cast<double>(m_post->otherVotes[bin]);
                const auto all = other + static_cast<double>(m_post->flaggedVotes[bin]);
                const double middle = std::round(plot.yAxis->coordToPixel(other));
                const double top = std::round(plot.yAxis->coordToPixel(all));
                painter.fillRect(QRectF{left, middle, wide, zero - middle}, theme[Role::SeriesNormal]);
                painter.fillRect(QRectF{left, top, wide, middle - top}, theme[Role::SeriesFlagged]);
            }
        },
        true);
    addPainted(plot, "axes", [&plot, &theme](QCPPainter& painter) {
        const QRectF axes = plot.axisRect()->rect();
        painter.setFont(theme::fontOf(Type::Caption));
        double y = axes.top() + axes.height() / 2 - kLabelRow;
        for (const bool flagged : {false, true}) {
            painter.fillRect(QRectF{axes.right() + 13, y - 4, 9, 8}, theme[flagged ? Role::SeriesFlagged : Role::SeriesNormal]);
            painter.setPen(theme[Role::Text2]);
            painter.drawText(QRectF{axes.right() + 30, y - 8, 140, 16}, Qt::AlignLeft | Qt::AlignVCenter,
                             flagged ? tr("flagged votes") : tr("other votes"));
            y += kLabelRow + 4;
        }
    });
}

} // namespace scr::charts
