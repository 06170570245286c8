#pragma once

#include <cstdint>
#include <vector>

#include "figures.h"

namespace scr::bench {

/// Each screen and each detector by itself and all together, on one core, over a simulated site of so many votes under attack:
/// votes a second and memory held.
[[nodiscard]] std::vector<Verdict> benchSuite(std::uint64_t votes);

/// All screens over a stream of so many votes that is made as it goes and kept nowhere: their memory must not follow it.
[[nodiscard]] std::vector<Verdict> benchStream(std::uint64_t votes);

} // namespace scr::bench
