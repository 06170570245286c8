#pragma once

#include <vector>

#include "domain/flag.h"
#include "domain/told_flags.h"

namespace scr::detect {

/// Flags that were not told yet, that became graver or surer, or whose votes grew by a quarter; they count as told from here on.
/// One that goes on after it was told keeps the key it was told under.
[[nodiscard]] std::vector<domain::Flag> untold(std::vector<domain::Flag> flags, domain::ToldFlags& told);

} // namespace scr::detect
