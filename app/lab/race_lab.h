#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/time.h"
#include "race/judge.h"

namespace scr::lab {

struct RaceOptions {
    std::string target = "cast_vote"; ///< or a function that is called in its place
    std::vector<race::Pattern> patterns;
    std::uint32_t connections = 64;
    std::uint32_t rounds = 100;
};

struct PatternReport {
    race::Pattern pattern{};
    std::string hindrance; ///< why it was not raced; empty: it was
    std::string untested;  ///< why the race proves nothing; empty: it does
    std::uint32_t rounds{};
    std::uint64_t calls{};
    std::uint64_t answered{};
    std::uint64_t accepted{};
    double seconds{};
    std::vector<race::Violation> violations;
};

struct RaceReport {
    std::string target;
    std::string function; ///< that was called, with its schema
    std::string code;     ///< SHA-256 of what stood behind it, see sql/read/voting_code.sql
    std::string environment;
    domain::UtcTime begunAt{};
    std::uint32_t connections{};
    std::vector<PatternReport> patterns;
    bool stopped = false;
    [[nodiscard]] bool holds() const noexcept;  ///< no violation in any pattern
    [[nodiscard]] bool proves() const noexcept; ///< every pattern that was raced was a race
};

struct RaceWatch {
    std::function<void(race::Pattern, std::uint64_t done, std::uint64_t total)> progress;
    std::function<domain::Status(const race::Journal&)> journal; ///< is given what the clients of a pattern were told
};

/// Attacks the voting system of `site` pattern by pattern over real connections and compares what the clients were told with what
/// the database holds. Its tokens and posts are made for it and taken out of use in the end; its votes stay. `site` must be a
/// login that owns the voting system; a database that is not marked demo or staging is refused, and nothing is written to it.
[[nodiscard]] domain::Result<RaceReport> raceAll(const domain::ConnectionTarget& site, const RaceOptions& options,
                                                 const RaceWatch& watch, const std::atomic<bool>& stop);

} // namespace scr::lab
