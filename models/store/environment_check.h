#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "domain/control.h"
#include "domain/result.h"
#include "store/read_connection.h"

namespace scr::store {

/// What tells one environment from another.
struct EnvironmentFacts {
    std::string environment;                       ///< as it is marked: "production"
    std::string cluster;                           ///< the server's system identifier
    std::string keys;                              ///< fingerprints of the keys that tokens are hashed with, spaces between
    std::string label;                             ///< of the connection
    std::map<std::string, std::uint64_t> tokensOf; ///< those that voted from a network within 30 days
};

/// One statement that gives the facts as one row, for factsFrom().
extern const char* const kEnvironmentQuery;
[[nodiscard]] domain::Result<EnvironmentFacts> factsFrom(const ReadRows& rows, const std::string& label);

/// Sets state, evidence and remedy of the control that the two are apart.
void weighEnvironments(domain::Control& control, const EnvironmentFacts& here, const EnvironmentFacts& there);

} // namespace scr::store
