#pragma once

#include <vector>

namespace scr::evaluate {

/// How far a leaderboard is from what it should be: the sum over posts of the change of 1/log2(1 + rank). `scores` and
/// `reference` by post; equal scores keep the order of the posts.
[[nodiscard]] double displacementBetween(const std::vector<double>& scores, const std::vector<double>& reference);

} // namespace scr::evaluate
