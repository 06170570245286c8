#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "domain/connection.h"
#include "domain/control.h"
#include "domain/result.h"

namespace scr::store {

/// What the race lab found on a copy of the voting system.
struct RaceFinding {
    std::string function; ///< that was raced, with its schema
    std::string code;     ///< SHA-256 of what stood behind it, see sql/read/voting_code.sql
    std::string what;     ///< "9 patterns, same_post for 1000 rounds over 64 connections, staging, begun 2026-03-01T10:00:00Z"
    std::string broke;    ///< what broke; empty: nothing
};

struct ControlOptions {
    std::vector<std::string> names;                ///< only these; none: all
    std::optional<domain::ConnectionTarget> other; ///< staging to this production, or the other way round
    std::optional<RaceFinding> race;               ///< weighs for "lock_before_check"
    /// What was kept of readSeenLog(), or why it cannot be read; weighs for "sealed".
    domain::Result<std::optional<std::string>> seenLog = std::nullopt;
    std::chrono::milliseconds timeout{60'000};                         ///< of each control
    std::function<bool(std::size_t done, std::size_t total)> progress; ///< answers whether to go on
};

/// Name, group, title and what it is about, of every control there is, in the order in which they are listed.
[[nodiscard]] std::vector<domain::Control> allControls();

/// Fault::NotFound with the first of the names that is no control's.
[[nodiscard]] domain::Status knowControls(const std::vector<std::string>& names);

/// Looks at every control over a read-only session of its own. One that cannot be looked at is Unknown and says why; only a
/// server that does not answer, an unknown name or a request to stop is an error. Blocking.
[[nodiscard]] domain::Result<std::vector<domain::Control>> checkControls(const domain::ConnectionTarget& target,
                                                                         const ControlOptions& options);

} // namespace scr::store
