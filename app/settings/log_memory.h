#pragma once

#include <optional>
#include <string>

#include "audit/known_log.h"
#include "domain/connection.h"
#include "domain/result.h"

namespace scr::settings {

/// Nothing where the log was never seen. A file that cannot be read is an error: else it would be replaced.
[[nodiscard]] domain::Result<std::optional<audit::KnownLog>> knownLog(const domain::ConnectionTarget& target);
/// Kept in $XDG_STATE_HOME/scrutineer/logs, whole or not at all, on disk when this returns.
[[nodiscard]] domain::Status remember(const domain::ConnectionTarget& target, const audit::KnownLog& log);
/// Where it is kept, to be told to people.
[[nodiscard]] std::string memoryFileOf(const domain::ConnectionTarget& target);

} // namespace scr::settings
