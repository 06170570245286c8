#pragma once

#include <string>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::store {

/// What the log of decisions holds now, as JSON text to be kept outside the database: `before` (every transaction below that
/// number has ended), `at`, and of each day the count and the SHA-256 of the entries of those transactions. Blocking.
[[nodiscard]] domain::Result<std::string> readSeenLog(const domain::ConnectionTarget& target);

/// The statement of a day's digests; it reads the number from `seen (before)`.
[[nodiscard]] std::string logDaysSql();

} // namespace scr::store
