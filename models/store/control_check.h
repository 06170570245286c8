#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "domain/connection.h"
#include "domain/control.h"
#include "domain/result.h"

namespace scr::store {

struct ControlOptions {
    std::vector<std::string> names;                                    ///< only these; none: all
    std::optional<domain::ConnectionTarget> other;                     ///< staging to this production, or the other way round
    std::chrono::milliseconds timeout{60'000};                         ///< of each control
    std::function<bool(std::size_t done, std::size_t total)> progress; ///< answers whether to go on
};

/// Name, group, title and what it is about, of every control there is, in the order in which they are listed.
[[nodiscard]] std::vector<domain::Control> allControls();

/// Looks at every control over a read-only session of its own. One that cannot be looked at is Unknown and says why; only a
/// server that does not answer, an unknown name or a request to stop is an error. Blocking.
[[nodiscard]] domain::Result<std::vector<domain::Control>> checkControls(const domain::ConnectionTarget& target,
                                                                         const ControlOptions& options);

} // namespace scr::store
