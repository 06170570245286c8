#pragma once

#include <cstdint>
#include <string>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::elevated {

/// Stores a further signature under a checkpoint; the same one again changes nothing.
[[nodiscard]] domain::Status storeCosignature(const domain::ConnectionTarget& target, int epoch, std::uint64_t size,
                                              const std::string& name, const std::string& line);

} // namespace scr::elevated
