#pragma once

#include <string>

#include "ctl/terminal.h"
#include "ctl/time_options.h"
#include "domain/result.h"
#include "domain/vote_columns.h"
#include "history/scan_files.h"

namespace CLI {
class App;
}

namespace scr::ctl {

/// What a verb that scans reads: a database or files, and of what time.
struct InputOptions {
    std::string service;
    history::ScanFiles files;
    TimeOptions time;
};

void addInput(CLI::App& command, InputOptions& options);
[[nodiscard]] domain::Status checkInput(const InputOptions& options);
/// From whichever of the two was named.
[[nodiscard]] domain::Result<domain::ScanInput> readInput(const InputOptions& options, const domain::TimeRange& range,
                                                          Progress& progress);
[[nodiscard]] domain::Result<domain::ScanInput> readFiles(const InputOptions& options, const domain::TimeRange& range,
                                                          Progress& progress);

} // namespace scr::ctl
