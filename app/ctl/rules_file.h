#pragma once

#include <string>

#include "detect/rules.h"

namespace scr::ctl {

/// The rules of a TOML file; of no path the ones the program carries.
[[nodiscard]] domain::Result<detect::Rules> rulesOf(const std::string& path);

} // namespace scr::ctl
