#pragma once

#include <string>

#include "domain/result.h"
#include "domain/time.h"

namespace CLI {
class App;
}

namespace scr::ctl {

struct TimeOptions {
    std::string from;
    std::string to;
};

void addTimeRange(CLI::App& command, TimeOptions& options);
[[nodiscard]] domain::Result<domain::TimeRange> rangeOf(const TimeOptions& options);

} // namespace scr::ctl
