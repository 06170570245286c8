#pragma once

#include <functional>

#include "detect/rules.h"
#include "domain/result.h"

namespace scr::jobs {

/// Where a job's rules come from; blocking, called in its own thread each time it starts.
using RulesSource = std::function<domain::Result<detect::Rules>()>;

} // namespace scr::jobs
