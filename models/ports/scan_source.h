#pragma once

#include "domain/result.h"
#include "domain/vote_columns.h"

namespace scr::ports {

/// Reads everything a scan needs, from one snapshot. Blocking: called from a job's thread, never from the window's.
class ScanSource {
public:
    ScanSource() = default;
    ScanSource(const ScanSource&) = delete;
    ScanSource& operator=(const ScanSource&) = delete;
    virtual ~ScanSource() = default;

    /// `keepGoing(votesSoFar, expected)` is called about every 50 ms from any thread, one call at a time; false cancels the
    /// queries on the server and ends with Fault::Cancelled.
    [[nodiscard]] virtual domain::Result<domain::ScanInput> read(const domain::TimeRange& range,
                                                                 const domain::KeepGoing& keepGoing) = 0;
};

} // namespace scr::ports
