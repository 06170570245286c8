#include "rank/leaderboard.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "rank/impact.h"
#include "rank/order.h"
#include "rank/running_scores.h"

namespace scr::rank {

namespace {

using domain::ScoreHistory;

/// The best `top` standings of a bin; most posts are turned away by one comparison with the last of them.
class Head {
public:
    explicit Head(std::size_t top) : m_top{top} {}

    void fill(const std::vector<double>& scores, const std::vector<std::uint32_t>& places)
    {
        m_heap.clear();
        const auto posts = static_cast<std::uint32_t>(scores.size());
        for (std::uint32_t post = 0; post < posts && m_top > 0; ++post) {
            if (m_heap.size() == m_top && scores[post] < m_heap.front().score)
                continue;
            const Standing standing{scores[post], places[post], post};
            if (m_heap.size() == m_top && !(standing < m_heap.front()))
                continue;
            if (m_heap.size() == m_top) {
                std::pop_heap(m_heap.begin(), m_heap.end());
                m_heap.pop_back();
            }
            m_heap.push_back(standing);
            std::push_heap(m_heap.begin(), m_heap.end());
        }
        std::sort_heap(m_heap.begin(), m_heap.end());
    }

    [[nodiscard]] const std::vector<Standing>& standings() const noexcept { return m_heap; }

private:
    std::size_t m_top;
    std::vector<Standing> m_heap;
};

std::int64_t rankIn(const std::vector<double>& scores, const std::vector<std::uint32_t>& places, std::uint32_t post)
{
    const double own = scores[post];
    std::int64_t better = 0;
    for (std::size_t other = 0; other < scores.size(); ++other)
        better += (scores[other] > own) | ((scores[other] == own) & (places[other] < places[post]));
    return better + 1;
}

BumpLine newLine(const ScoreHistory& history, std::uint32_t post)
{
    BumpLine line;
    line.index = post;
    line.post = history.posts[post].post;
    line.title = history.posts[post].title;
    line.rank.resize(history.bins);
    line.score.resize(history.bins);
    return line;
}

/// Scores of the lines' posts at every bin, also while they are below the top.
void fillScores(const ScoreHistory& history, const CellOrder& cells, const LeaderboardOptions& options,
                std::vector<BumpLine>& lines)
{
    RunningScores scores{history, cells, options.withFlagged, options.withVoided};
    for (std::uint32_t bin = 0; bin < history.bins; ++bin) {
        scores.advance();
        for (BumpLine& line : lines)
            line.score[bin] = scores.scores()[line.index];
    }
}

void markFlagged(const ScoreHistory& history, std::vector<BumpLine>& lines)
{
    std::vector<std::optional<std::uint32_t>> first(history.posts.size());
    for (std::size_t post = 0; post < history.posts.size(); ++post) {
        if (history.posts[post].flaggedBefore != 0)
            first[post] = 0;
    }
    for (const ScoreHistory::Cell& cell : history.cells) {
        if (cell.flaggedVotes > 0 && cell.post < first.size())
            first[cell.post] = std::min(first[cell.post].value_or(cell.bin), cell.bin);
    }
    for (BumpLine& line : lines)
        line.flaggedFrom = first[line.index];
}

void finishLine(BumpLine& line)
{
    line.finalRank = line.rank.back();
    line.enters = line.rank.front() == 0;
    line.leaves = line.finalRank == 0;
    line.bestRank = 0;
    for (const std::int32_t rank : line.rank) {
        if (rank != 0 && (line.bestRank == 0 || rank < line.bestRank))
            line.bestRank = rank;
    }
}

bool isShownFirst(const BumpLine& left, const BumpLine& right) noexcept
{
    if (left.leaves != right.leaves)
        return right.leaves;
    if (!left.leaves)
        return left.finalRank < right.finalRank;
    return left.bestRank != right.bestRank ? left.bestRank < right.bestRank : left.index < right.index;
}

} // namespace

BumpSeries bumpSeries(const ScoreHistory& history, const LeaderboardOptions& options)
{
    BumpSeries series{history.from, history.binWidth, history.bins, options.top, {}, {}, history.posts.size()};
    const domain::UtcTime end = history.from + history.binWidth * history.bins;
    std::copy_if(history.voids.begin(), history.voids.end(), std::back_inserter(series.voids),
                 [&](const ScoreHistory::VoidMark& mark) { return mark.at >= history.from && mark.at < end; });
    std::stable_sort(series.voids.begin(), series.voids.end(),
                     [](const auto& left, const auto& right) { return left.at < right.at; });
    if (history.bins == 0)
        return series;
    const CellOrder cells{history};
    RunningScores scores{history, cells, options.withFlagged, options.withVoided};
    Head head{options.top};
    std::unordered_map<std::uint32_t, std::size_t> lineOf;
    for (std::uint32_t bin = 0; bin < history.bins; ++bin) {
        scores.advance();
        head.fill(scores.scores(), cells.places());
        for (std::size_t at = 0; at < head.standings().size(); ++at) {
            const std::uint32_t post = head.standings()[at].post;
            const auto [place, isNew] = lineOf.emplace(post, series.lines.size());
            if (isNew)
                series.lines.push_back(newLine(history, post));
            series.lines[place->second].rank[bin] = static_cast<std::int32_t>(at) + 1;
        }
    }
    fillScores(history, cells, options, series.lines);
    markFlagged(history, series.lines);
    std::for_each(series.lines.begin(), series.lines.end(), finishLine);
    std::sort(series.lines.begin(), series.lines.end(), isShownFirst);
    return series;
}

std::optional<PostSeries> postSeries(const ScoreHistory& history, const domain::PostKey& post)
{
    const auto found = std::find_if(history.posts.begin(), history.posts.end(),
                                    [&](const ScoreHistory::PostLine& line) { return line.post == post; });
    if (found == history.posts.end())
        return std::nullopt;
    PostSeries series;
    series.index = static_cast<std::uint32_t>(found - history.posts.begin());
    series.post = post;
    series.title = found->title;
    series.otherVotes.resize(history.bins);
    series.flaggedVotes.resize(history.bins);
    const CellOrder cells{history};
    RunningScores with{history, cells, true, false};
    RunningScores without{history, cells, false, false};
    for (std::uint32_t bin = 0; bin < history.bins; ++bin) {
        with.advance();
        without.advance();
        series.scoreWith.push_back(with.scores()[series.index]);
        series.scoreWithout.push_back(without.scores()[series.index]);
        series.rankWith.push_back(static_cast<std::int32_t>(rankIn(with.scores(), cells.places(), series.index)));
        series.rankWithout.push_back(static_cast<std::int32_t>(rankIn(without.scores(), cells.places(), series.index)));
        for (const ScoreHistory::Cell& cell : cells.ofBin(bin)) {
            if (cell.post != series.index)
                continue;
            series.otherVotes[bin] += cell.votes - cell.flaggedVotes;
            series.flaggedVotes[bin] += cell.flaggedVotes;
        }
    }
    return series;
}

} // namespace scr::rank
