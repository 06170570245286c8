#pragma once

#include <cstdint>
#include <string>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/time.h"

namespace scr::ctl {

/// Writes the votes that pass the filter, newest first, in the form that import reads; returns how many. The file is there
/// complete or not at all.
[[nodiscard]] domain::Result<std::int64_t> exportVotes(const domain::ConnectionTarget& reader, const std::string& filter,
                                                       const domain::TimeRange& range, const std::string& path);

} // namespace scr::ctl
