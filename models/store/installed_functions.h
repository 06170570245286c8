#pragma once

#include <string>

namespace scr::store {

/// "reference.attend 5f…": a line for each function that this program installs, its name and the SHA-256 of its source.
[[nodiscard]] std::string installedFunctions();

} // namespace scr::store
