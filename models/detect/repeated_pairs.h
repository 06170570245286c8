#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "detect/progress.h"

namespace scr::detect {

/// Rows whose token and post occur more than once, by token, post, time, row; a few others may be among them. Rows without a
/// token or a post are left out. Nothing when stopped. Takes between 17 and 34 bits a row.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> repeatedPairs(const std::vector<domain::Index>& token,
                                                                      const std::vector<domain::Index>& post,
                                                                      const std::vector<std::int64_t>& times, Progress& progress);

/// The same among the rows of chosen tokens (ascending, each once, below `tokens`).
[[nodiscard]] std::vector<std::uint32_t> repeatedPairsOf(const std::vector<domain::Index>& chosen,
                                                         const std::vector<domain::Index>& token,
                                                         const std::vector<domain::Index>& post,
                                                         const std::vector<std::int64_t>& times, std::size_t tokens);

} // namespace scr::detect
