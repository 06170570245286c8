#pragma once

#include <vector>

#include "bench_site.h"
#include "figures.h"

namespace scr::bench {

/// What a database can answer by itself: bursts and crowds of one network by window functions, co-voting by the Jaccard
/// similarity of each pair of tokens; beside the whole scan that finds the same and more.
[[nodiscard]] std::vector<Verdict> benchRivals(const BenchSite& site, std::uint64_t votes);

} // namespace scr::bench
