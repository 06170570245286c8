#pragma once

#include <string>

#include "domain/result.h"
#include "domain/source.h"
#include "domain/vote_columns.h"
#include "ports/flag_source.h"
#include "ports/leaderboard_source.h"
#include "ports/void_source.h"
#include "ports/vote_source.h"
#include "report/report.h"

namespace scr::jobs {

/// Where a report's parts come from.
struct ReportSources {
    ports::FlagSource& flags;
    ports::VoteSource& votes;
    ports::VoidSource& voids;
    ports::LeaderboardSource& leaderboard;
};

struct ReportOrder {
    domain::TimeRange period;
    domain::Source source; ///< as probed at connect
    domain::UtcTime madeAt{};
    std::string toolVersion;
};

/// Reads everything the report says. Blocking: for the command line, or a job's thread, never the window's. `keepGoing` counts
/// the parts read; false ends with Fault::Cancelled.
[[nodiscard]] domain::Result<report::Report> collectReport(const ReportSources& sources, const ReportOrder& order,
                                                           const domain::KeepGoing& keepGoing);

} // namespace scr::jobs
