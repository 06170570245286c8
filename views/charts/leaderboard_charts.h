#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "charts/chart.h"
#include "domain/keys.h"
#include "rank/leaderboard.h"

class QCPPainter;

namespace scr::charts {

/// Bins of time that the charts of a leaderboard share.
struct TimeBins {
    domain::UtcTime from{};
    domain::Micros width{};
    std::uint32_t count{};
};
[[nodiscard]] TimeBins binsOf(const rank::BumpSeries& series);

/// What the three charts of the leaderboard share: bins, margins for the labels, scrub line by mouse, void marks.
class TimelineChart : public Chart {
    Q_OBJECT
public:
    void setLabelMargins(int left, int right); ///< 206 and 206; the same for all charts above each other
    void setTimeAxisShown(bool shown);         ///< only the lowest chart shows it

protected:
    explicit TimelineChart(QWidget* parent);
    void setBins(const TimeBins& bins) { m_bins = bins; }
    void setVoids(std::vector<domain::ScoreHistory::VoidMark> voids) { m_voids = std::move(voids); }
    [[nodiscard]] const TimeBins& bins() const noexcept { return m_bins; }
    [[nodiscard]] double endOf(std::size_t bin) const; ///< seconds since the epoch
    [[nodiscard]] double shownTo() const;              ///< the end of the axis, a little behind the last bin
    /// Axes, margins and time ticks; `top` px stay free above for labels.
    void addTimeAxis(QCustomPlot& plot, const theme::Theme& theme, int top);
    void addVoids(QCustomPlot& plot, const theme::Theme& theme, bool labelled);
    using Span = std::pair<double, double>;
    std::vector<Span>& takenAbove() { return m_taken; } ///< px along the top that labels painted before stand on

private:
    TimeBins m_bins;
    std::vector<domain::ScoreHistory::VoidMark> m_voids;
    std::vector<Span> m_taken;
    int m_left = 206;
    int m_right = 206;
    bool m_axisShown = true;
};

/// Ranks through time: grey runs, flagged spans in vermilion, titles at both ends. Point indices are those of series.lines.
class BumpChart : public TimelineChart {
    Q_OBJECT
public:
    /// A time in which a post's place comes from flagged votes; `label` is its flag's key.
    struct FlagSpan {
        domain::PostKey post;
        domain::UtcTime from{};
        domain::UtcTime to{};
        QString label;
    };
    explicit BumpChart(QWidget* parent = nullptr);
    void show(const rank::BumpSeries& series, std::vector<FlagSpan> spans = {});
    using QWidget::show;

protected:
    void build(QCustomPlot& plot, const theme::Theme& theme) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QStringList tooltipOf(const ChartPoint& point) const override;
    [[nodiscard]] std::vector<QPolygonF> pathOf(int line) const override;

private:
    void addGrid(QCustomPlot& plot, const theme::Theme& theme);
    void addLines(QCustomPlot& plot, const theme::Theme& theme);
    void addSpans(QCustomPlot& plot, const theme::Theme& theme);
    void addBrackets(QCustomPlot& plot, const theme::Theme& theme);
    void addLabels(QCustomPlot& plot, const theme::Theme& theme);
    [[nodiscard]] QString titleOf(std::size_t line) const;
    void drawLabels(QCPPainter& painter, const theme::Theme& theme, bool left) const;
    [[nodiscard]] bool isFlagged(std::size_t line) const;

    rank::BumpSeries m_series;
    std::vector<FlagSpan> m_spans;
};

/// Scores through time: the head in grey, one post lit, dashed without its flagged votes. Point indices are bins.
class ScoreChart : public TimelineChart {
    Q_OBJECT
public:
    explicit ScoreChart(QWidget* parent = nullptr);
    void show(const rank::BumpSeries& series, std::optional<rank::PostSeries> lit);
    using QWidget::show;

protected:
    void build(QCustomPlot& plot, const theme::Theme& theme) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QStringList tooltipOf(const ChartPoint& point) const override;
    [[nodiscard]] std::vector<QPolygonF> pathOf(int line) const override;

private:
    void addLines(QCustomPlot& plot, const theme::Theme& theme);
    void addLabels(QCustomPlot& plot, const theme::Theme& theme);
    void collectPoints();

    rank::BumpSeries m_series;
    std::optional<rank::PostSeries> m_lit;
};

/// Votes a bin of one post, flagged ones stacked on the others. Point indices are bins.
class VotesBarChart : public TimelineChart {
    Q_OBJECT
public:
    explicit VotesBarChart(QWidget* parent = nullptr);
    void show(const TimeBins& bins, std::optional<rank::PostSeries> post);
    using QWidget::show;

protected:
    void build(QCustomPlot& plot, const theme::Theme& theme) override;
    [[nodiscard]] bool isEmpty() const override;
    [[nodiscard]] QStringList tooltipOf(const ChartPoint& point) const override;

private:
    [[nodiscard]] double tallest() const;

    std::optional<rank::PostSeries> m_post;
};

} // namespace scr::charts
