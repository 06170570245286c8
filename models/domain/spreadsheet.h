#pragma once

#include <string>
#include <string_view>

namespace scr::domain {

/// A cell that is safe to open in a spreadsheet: what it would run as a formula begins with an apostrophe, which makes it text
/// there. Plain numbers stay numbers.
[[nodiscard]] std::string inertCell(std::string_view cell);

} // namespace scr::domain
