#pragma once

#include <vector>

#include "bench_site.h"
#include "figures.h"

namespace scr::bench {

/// What a database can answer by itself, bursts and crowds of one network by window functions and co-voting by the Jaccard
/// similarity of each pair of tokens, beside the detectors: the time, and what of the planted attacks each finds. Medians of
/// `repeats`; what takes longer than a minute runs once, and five minutes end it.
[[nodiscard]] std::vector<Verdict> benchRivals(const BenchSite& site, int repeats);

} // namespace scr::bench
