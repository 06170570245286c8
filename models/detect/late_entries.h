#pragma once

#include <vector>

#include "detect/detector.h"

namespace scr::detect {

/// Rows, ascending, that were written later than they say by more than the rule allows, on posts that have too many of them for
/// a queue that was emptied late: whoever writes votes into the table with times of the past gives them keys of today. Needs
/// keys that are numbers and grow with time; nothing where they do not. The keys' clock is the median of 33 votes out of each
/// block of 64 to 512, and no later than any that follows. `progress` advances over the votes once.
[[nodiscard]] std::vector<std::uint32_t> lateEntries(const Scene& scene, Progress& progress);

} // namespace scr::detect
