#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/key_column.h"
#include "domain/time.h"
#include "store/copy_scan_source.h"
#include "store/scan_layout.h"

namespace scr::store {

/// One COPY of a scan; the tasks of a plan may run on any connection, in any order.
struct ScanTask {
    enum class What { Votes, Attempts, Posts, EarlierScores };
    What what{};
    std::string query;
};

struct ScanPlan {
    ScanLayout layout;
    std::vector<ScanTask> tasks;   ///< votes first: they take longest
    std::uint64_t expectedVotes{}; ///< the planner's estimate
    std::uint64_t expectedAttempts{};
    domain::KeyTable voided; ///< votes that were read although they are voided, to be left out
    std::size_t connections = 1;
    bool withAttemptText = true;
};

/// What to read over how many connections; estimates come from the planner and cost no scan.
[[nodiscard]] domain::Result<ScanPlan> planScan(ReadConnection& connection, const domain::TimeRange& range,
                                                const CopyScanOptions& options);

} // namespace scr::store
