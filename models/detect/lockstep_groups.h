#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "detect/detector.h"
#include "detect/token_rows.h"

namespace scr::detect {

/// The search multiplies what is expected by it: people of one time zone and taste meet so much more often than chance says.
inline constexpr double kLockstepOverdispersion = 3;

/// Many members of a group on one post within the window of the rule.
struct LockstepEvent {
    domain::Index post{};
    std::int64_t from{};
    std::int64_t to{};
    std::vector<std::uint32_t> rows; ///< the members' votes, by time
    std::size_t members{};           ///< that voted on the post at any time
    double others{};                 ///< votes of others on it within the window
    std::size_t meanwhile{};         ///< votes of the members within the window, on any post
    double site{};                   ///< votes of others within the window, on any post
};

/// From and to of the window of the rule that has the event in its middle, in microseconds since the epoch.
[[nodiscard]] std::pair<std::int64_t, std::int64_t> windowAround(const LockstepEvent& event, const LockstepRule& rule) noexcept;

/// Tokens that voted on the same posts together, time after time.
struct LockstepGroup {
    std::vector<domain::Index> members; ///< ascending
    std::vector<LockstepEvent> events;  ///< by time
    std::vector<std::uint32_t> rows;
    double together{};
    bool followed{};   ///< whether those who follow an author let expect more of them than how active they are
    double expected{}; ///< the largest number of members an event lets expect
    double score{};
    domain::Severity severity{};

    [[nodiscard]] auto order() const noexcept { return members.front(); }
};

/// The groups among pairs that met, each rarer than the rule allows with all groups and posts considered that could have been
/// looked at. `byToken`: all votes by token. Stops early when the progress was stopped.
[[nodiscard]] std::vector<LockstepGroup> lockstepGroups(const Scene& scene, const LockstepRule& rule, const RowGroups& byToken,
                                                        const std::vector<TokenPair>& pairs, Progress& progress);

} // namespace scr::detect
