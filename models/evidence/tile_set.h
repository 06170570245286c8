#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace scr::evidence {

/// A tile by level and number.
using TileName = std::pair<int, std::uint64_t>;

/// The tiles that show, for a log of `size` leaves, that these bundles and the roots of these earlier sizes are in its tree:
/// their own, those that lead from them to the root, and the last of each level.
[[nodiscard]] std::set<TileName> tilesFor(std::uint64_t size, const std::vector<std::uint64_t>& bundles,
                                          const std::vector<std::uint64_t>& earlierSizes);

} // namespace scr::evidence
