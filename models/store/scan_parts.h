#pragma once

#include <vector>

#include "domain/vote_columns.h"
#include "store/scan_plan.h"

namespace scr::store {

/// What one connection read, with key tables of its own.
struct ScanPart {
    domain::VoteColumns votes;
    domain::AttemptColumns attempts;
    domain::PostColumns counters;
};

void reserveVotes(domain::VoteColumns& votes, std::size_t rows, bool withOrigins);

/// One input from all parts. Indices follow the first part's tables; each column of a part is freed as soon as it was taken over.
[[nodiscard]] domain::ScanInput joined(std::vector<ScanPart> parts, const ScanPlan& plan, const domain::TimeRange& range);

} // namespace scr::store
