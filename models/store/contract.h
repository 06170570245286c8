#pragma once

#include "domain/result.h"
#include "store/read_connection.h"

namespace scr::store {

/// Holds the schema `scrutineer` against what this program reads: every view, column and type. The error names the first that
/// is missing or of another type.
[[nodiscard]] domain::Status checkContract(ReadConnection& connection);

} // namespace scr::store
