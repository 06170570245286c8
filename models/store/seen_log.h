#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::store {

/// What the log of decisions holds now, as JSON text to be kept outside the database: `before` (every transaction below that
/// number has ended), `at`, and of each day the count and the SHA-256 of the entries of those transactions. What was kept before
/// is compared in the same snapshot; Fault::Rejected, with what differs, when the log is not an extension of it. Blocking.
[[nodiscard]] domain::Result<std::string> readSeenLog(const domain::ConnectionTarget& target,
                                                      const std::optional<std::string>& kept, std::chrono::milliseconds timeout);

/// A statement in which the place "/* log_days */" is taken by the one that makes the digests of days; it reads the number from
/// `seen (before)`.
[[nodiscard]] std::string withLogDays(std::string_view sql);

} // namespace scr::store
