#pragma once

#include <filesystem>

namespace scr::settings {

/// $XDG_STATE_HOME/scrutineer: what this machine keeps, readable for its owner only.
[[nodiscard]] std::filesystem::path stateDirectory();

/// $XDG_STATE_HOME/scrutineer/journal: where requests are written down before they are sent.
[[nodiscard]] std::filesystem::path journalDirectory();

/// $XDG_STATE_HOME/scrutineer/seen: what checks on record have seen of the logs, a file for each database.
[[nodiscard]] std::filesystem::path seenLogDirectory();

/// $XDG_STATE_HOME/scrutineer/seal: what was signed last, so that nothing is signed that does not extend it.
[[nodiscard]] std::filesystem::path sealDirectory();

/// $XDG_STATE_HOME/scrutineer/logs: what was seen of sealed logs, a file for each database.
[[nodiscard]] std::filesystem::path logMemoryDirectory();

} // namespace scr::settings
