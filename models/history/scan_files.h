#pragma once

#include <functional>
#include <string>

#include "domain/result.h"
#include "domain/vote_columns.h"
#include "history/history_reader.h"

namespace scr::history {

/// What a scan without a database reads. Empty paths: there is no such file.
struct ScanFiles {
    std::string votes;
    std::string attempts;
    std::string posts; ///< for the counters and when they opened
    domain::TimeRange range;
};

/// Asked about each bad line: true passes over it, false ends the reading with Fault::Invalid.
using OnBadLine = std::function<bool(const BadLine&)>;
/// Told a sentence about what a file has that the scan does not look at, or takes in a way of its own.
using OnNotice = std::function<void(const std::string&)>;

/// Fills the columns of a scan straight from CSV. A vote's key is the one given, or its number from 1 among the rows
/// taken; an attempt's key is its number. `keepGoing` counts bytes over all files; false ends with Fault::Cancelled.
[[nodiscard]] domain::Result<domain::ScanInput> loadScanInput(const ScanFiles& files, const domain::KeepGoing& keepGoing = {},
                                                              const OnBadLine& onBadLine = {}, const OnNotice& onNotice = {});

} // namespace scr::history
