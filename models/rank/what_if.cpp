#include <algorithm>
#include <limits>

#include "rank/impact.h"
#include "rank/leaderboard.h"
#include "rank/order.h"
#include "rank/running_scores.h"

namespace scr::rank {

namespace {

using domain::ScoreHistory;

std::vector<double> scoresAt(const ScoreHistory& history, const CellOrder& cells, std::uint32_t bin, bool withFlagged)
{
    RunningScores scores{history, cells, withFlagged, false};
    for (std::uint32_t at = 0; at <= bin && at < history.bins; ++at)
        scores.advance();
    return scores.scores();
}

/// Rank of every post.
std::vector<std::int64_t> ranksOf(const std::vector<double>& scores, const std::vector<std::uint32_t>& places)
{
    std::vector<Standing> standings;
    standings.reserve(scores.size());
    for (std::uint32_t post = 0; post < scores.size(); ++post)
        standings.push_back({scores[post], places[post], post});
    std::sort(standings.begin(), standings.end());
    std::vector<std::int64_t> ranks(scores.size());
    for (std::size_t at = 0; at < standings.size(); ++at)
        ranks[standings[at].post] = static_cast<std::int64_t>(at) + 1;
    return ranks;
}

std::vector<std::int64_t> flaggedVotesUpTo(const ScoreHistory& history, std::uint32_t bin)
{
    std::vector<std::int64_t> votes(history.posts.size());
    for (const ScoreHistory::Cell& cell : history.cells) {
        if (cell.bin <= bin && cell.post < votes.size())
            votes[cell.post] += cell.flaggedVotes;
    }
    return votes;
}

std::vector<WhatIfRow> headBy(const std::vector<WhatIfRow>& rows, std::int64_t WhatIfRow::* rank, std::uint32_t top)
{
    std::vector<WhatIfRow> head;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(head), [&](const WhatIfRow& row) { return row.*rank <= top; });
    std::sort(head.begin(), head.end(), [&](const WhatIfRow& left, const WhatIfRow& right) { return left.*rank < right.*rank; });
    return head;
}

bool isMoved(const WhatIfRow& row, std::uint32_t top) noexcept
{
    const bool differs = row.rankWith != row.rankWithout || row.scoreWith != row.scoreWithout;
    return differs &&
           (row.flaggedVotes > 0 || row.scoreWith != row.scoreWithout || std::min(row.rankWith, row.rankWithout) <= top);
}

bool movesMore(const WhatIfRow& left, const WhatIfRow& right) noexcept
{
    const double leftWeight = weightOfMove(left.rankWith, left.rankWithout);
    const double rightWeight = weightOfMove(right.rankWith, right.rankWithout);
    return leftWeight != rightWeight ? leftWeight > rightWeight : left.rankWith < right.rankWith;
}

} // namespace

WhatIf whatIf(const ScoreHistory& history, std::uint32_t bin, std::uint32_t top)
{
    WhatIf answer;
    answer.bin = history.bins == 0 ? 0 : std::min(bin, history.bins - 1);
    answer.at = history.from + history.binWidth * (history.bins == 0 ? 0 : answer.bin + 1);
    const CellOrder cells{history};
    const std::vector<double> with = scoresAt(history, cells, answer.bin, true);
    const std::vector<double> without = scoresAt(history, cells, answer.bin, false);
    const std::vector<std::int64_t> rankWith = ranksOf(with, cells.places());
    const std::vector<std::int64_t> rankWithout = ranksOf(without, cells.places());
    const std::vector<std::int64_t> flagged = flaggedVotesUpTo(history, answer.bin);
    std::vector<WhatIfRow> shown;
    for (std::uint32_t post = 0; post < history.posts.size(); ++post) {
        answer.flaggedVotes += flagged[post];
        WhatIfRow row{post, {}, {}, rankWith[post], rankWithout[post], with[post], without[post], flagged[post]};
        if (!isMoved(row, top) && std::min(row.rankWith, row.rankWithout) > top)
            continue;
        row.post = history.posts[post].post;
        row.title = history.posts[post].title;
        shown.push_back(std::move(row));
    }
    answer.with = headBy(shown, &WhatIfRow::rankWith, top);
    answer.without = headBy(shown, &WhatIfRow::rankWithout, top);
    std::copy_if(shown.begin(), shown.end(), std::back_inserter(answer.moved),
                 [&](const WhatIfRow& row) { return isMoved(row, top); });
    std::sort(answer.moved.begin(), answer.moved.end(), movesMore);
    return answer;
}

} // namespace scr::rank
