#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::demo {

/// Tens of simultaneous requests of one token for one post, each over a connection of its own.
struct Race {
    std::string secret;
    std::string post;
    unsigned connections{};
    std::string origin;
};

/// One request, `after` the storm began.
struct TimedCast {
    std::chrono::milliseconds after{};
    std::string secret;
    std::string post;
    double value = 1;
    std::string origin;
};

struct StormPlan {
    std::vector<Race> races;
    std::vector<TimedCast> burst; ///< one token, post after post
    std::vector<TimedCast> group; ///< accounts of one subnet, in step
};

/// What a storm needs to know of the site.
struct StormCast {
    std::vector<std::string> secrets; ///< of tokens to attack with, at least kStormTokens; each attack takes its own
    std::vector<std::string> posts;   ///< posts that the burst and the group vote on, at least kStormPosts
    std::vector<std::string> raced;   ///< posts that are to be raced up the leaderboard, at least kRaceTokens
    unsigned burstVotes{};
    std::uint64_t seed{};
};
inline constexpr std::size_t kStormTokens = 19; ///< six that race, one that bursts, a group of twelve
inline constexpr std::size_t kStormPosts = 12;
[[nodiscard]] StormPlan planStorm(const StormCast& cast);

/// The races alone, by other tokens: for when a first storm left too little.
[[nodiscard]] StormPlan planRaces(const StormCast& cast);
inline constexpr std::size_t kRaceTokens = 6;

struct StormOutcome {
    std::uint64_t requests{};
    std::uint64_t accepted{};
    std::uint64_t refused{};
};

/// Where requests go: `castSql` takes secret, post, value, origin and a request key and gives the outcome.
struct StormTarget {
    domain::ConnectionTarget site;
    std::string castSql;
};

/// Carries the plan out over real parallel connections, released together. Takes as long as the last timed cast; setting `stop`
/// ends it soon.
[[nodiscard]] domain::Result<StormOutcome> runStorm(const StormTarget& target, const StormPlan& plan,
                                                    const std::atomic<bool>& stop);

} // namespace scr::demo
