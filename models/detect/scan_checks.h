#pragma once

#include <string>

#include "domain/flag.h"
#include "domain/result.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// Why a detector cannot run on this input, one sentence; empty when it can.
[[nodiscard]] std::string obstacleOf(domain::DetectorId detector, const domain::ScanInput& input);

/// That the columns fit together and their rows can be numbered.
[[nodiscard]] domain::Status checkedColumns(const domain::ScanInput& input);

} // namespace scr::detect
