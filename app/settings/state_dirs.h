#pragma once

#include <filesystem>

namespace scr::settings {

/// $XDG_STATE_HOME/scrutineer/journal: where requests are written down before they are sent.
[[nodiscard]] std::filesystem::path journalDirectory();

} // namespace scr::settings
