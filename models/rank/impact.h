#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/flag.h"
#include "domain/void_plan.h"
#include "domain/vote_columns.h"

namespace scr::rank {

/// Sets each flag's rankImpact, the post that moves most when the flag's extra votes are taken out of the scanned votes and
/// what was counted before them, and its displacement, and sorts the flags anew. A flag without extra votes gets none.
void addImpacts(std::vector<domain::Flag>& flags, const domain::ScanInput& input);

/// How much a move matters: a place near the top weighs more than one far down. 0 for no move, at most 1.
[[nodiscard]] double weightOfMove(std::int64_t rankWith, std::int64_t rankWithout) noexcept;

/// The order among posts of equal score: whole numbers by value before other keys by text.
[[nodiscard]] bool keyBefore(const domain::PostKey& left, const domain::PostKey& right) noexcept;

/// A post's score as it stands now. Every ranked post has one.
struct PostTotal {
    domain::PostKey post;
    std::string title; ///< untrusted
    double score{};
};

/// What a plan adds to a post's score; negative for a void of votes in favour.
struct ScoreDelta {
    domain::PostKey post;
    double delta{};
    std::int64_t votes{};
};

/// What a void plan shows: the posts it changes by weight of their move, who is in the head of the leaderboard before or after
/// it by rank before, and the change of the sum of all scores.
struct PlanImpact {
    std::vector<domain::ScoreChange> changes;
    std::vector<domain::ScoreChange> leaders;
    double netScore{};
};

/// Several deltas of one post are added up; a delta of a post without a total counts that post as having had score 0.
[[nodiscard]] PlanImpact planImpact(std::span<const PostTotal> totals, std::span<const ScoreDelta> deltas,
                                    std::size_t leaders = 15);

} // namespace scr::rank
