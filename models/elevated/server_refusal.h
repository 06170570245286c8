#pragma once

#include <string>
#include <string_view>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::elevated {

/// What a refusal of the server means to a person: its SQLSTATE and message as an error in words, with what to do.
[[nodiscard]] domain::Error refusalOf(std::string_view sqlstate, std::string_view message,
                                      const domain::ConnectionTarget& target);

/// The connection could not be made.
[[nodiscard]] domain::Error connectFailure(std::string_view message, const domain::ConnectionTarget& target);

/// PostgreSQL's own words on one line: without "ERROR:", and without what follows the first line but its DETAIL.
[[nodiscard]] std::string plainMessage(std::string_view message);

/// True when the connection is gone; what was sent before COMMIT is then rolled back.
[[nodiscard]] bool isConnectionLoss(std::string_view sqlstate) noexcept;

} // namespace scr::elevated
