#pragma once

#include <QFuture>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/source.h"

namespace scr::store {

/// Connects, holds the schema against the contract, and reads what the source is, what it can, and every way in which this login
/// could write. Blocking, for at most the connection's and the statements' timeouts.
[[nodiscard]] domain::Result<domain::Source> probeSource(const domain::ConnectionTarget& target);

/// The same on a thread of the global pool.
[[nodiscard]] QFuture<domain::Result<domain::Source>> probe(const domain::ConnectionTarget& target);

} // namespace scr::store
