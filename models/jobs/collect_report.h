#pragma once

#include <string>

#include "domain/result.h"
#include "domain/source.h"
#include "domain/vote_columns.h"
#include "ports/report_source.h"
#include "report/report.h"

namespace scr::jobs {

struct ReportOrder {
    domain::TimeRange period;
    domain::Source source; ///< as probed at connect
    std::string toolVersion;
};

/// Reads everything the report says. Blocking: for the command line, or a job's thread, never the window's. `keepGoing` is asked
/// all the while, with percent and 100; false ends with Fault::Cancelled.
[[nodiscard]] domain::Result<report::Report> collectReport(ports::ReportSource& source, const ReportOrder& order,
                                                           const domain::KeepGoing& keepGoing);

} // namespace scr::jobs
