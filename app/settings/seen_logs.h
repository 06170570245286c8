#pragma once

#include <optional>
#include <string>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::settings {

/// What was kept on this machine of the log of that database; nothing where nothing was. A file that cannot be read is an error:
/// else it would be replaced.
[[nodiscard]] domain::Result<std::optional<std::string>> keptLog(const domain::ConnectionTarget& target);

/// Keeps it in $XDG_STATE_HOME/scrutineer/seen, whole or not at all, on disk when this returns.
[[nodiscard]] domain::Status keepLog(const domain::ConnectionTarget& target, const std::string& json);

} // namespace scr::settings
