#pragma once

#include "bench_site.h"
#include "figures.h"

namespace scr::bench {

struct ScanBenchOptions {
    int repeats = 5;
    unsigned connections = 0; ///< 0: what the scan chooses
};

/// Stream and all detectors beside psql's COPY of the same rows, and beside the burst query as a window function.
[[nodiscard]] std::vector<Verdict> benchScan(const BenchSite& site, const ScanBenchOptions& options);

} // namespace scr::bench
