#pragma once

#include <string>

#include "domain/result.h"
#include "store/control_check.h"

namespace scr::ctl {

/// What `race --format jsonl` wrote, as a control weighs it. Fault::Invalid with the line where it is not that, or where nothing
/// broke in too few rounds to prove it.
[[nodiscard]] domain::Result<store::RaceFinding> readRaceFile(const std::string& path);

} // namespace scr::ctl
