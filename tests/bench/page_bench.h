#pragma once

#include "bench_site.h"
#include "figures.h"

namespace scr::bench {

/// A page of the Votes table at the top, at the bottom by key, and at the bottom by OFFSET.
[[nodiscard]] std::vector<Verdict> benchPages(const BenchSite& site);

} // namespace scr::bench
