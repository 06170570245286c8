#pragma once

#include <string>
#include <string_view>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::store {

/// What the server or libpq said about a connection that could not be made, in words that name the cause and the cure.
[[nodiscard]] domain::Error connectError(std::string_view message, const domain::ConnectionTarget& target);

/// What the server said about a query. An empty `sqlstate` means that the connection broke under it.
[[nodiscard]] domain::Error queryError(std::string_view sqlstate, std::string_view message,
                                       const domain::ConnectionTarget& target);

/// True when the connection that gave this error is of no further use.
[[nodiscard]] bool isConnectionLoss(const domain::Error& error) noexcept;

/// First line of a server message without its severity and without the trailing full stop.
[[nodiscard]] std::string firstLine(std::string_view message);

} // namespace scr::store
