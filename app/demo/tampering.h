#pragma once

#include <string>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::demo {

/// What somebody with the database's password does at night: two dozen votes of real tokens written straight into the unprotected
/// site's table, its score with them, past the function that logs each attempt.
[[nodiscard]] domain::Status insertPastTheLog(const domain::ConnectionTarget& owner);

/// The same by somebody who gets the times wrong: votes older than the post they are for.
[[nodiscard]] domain::Status insertBackdated(const domain::ConnectionTarget& owner);

/// What somebody without a token does: tries made-up ones, post by post. `castSql`: secret, post, value, origin, request key.
[[nodiscard]] domain::Status guessTokens(const domain::ConnectionTarget& voter, const domain::ConnectionTarget& owner,
                                         const std::string& castSql);

} // namespace scr::demo
