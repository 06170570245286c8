#pragma once

#include <memory>
#include <vector>

#include "detect/lockstep_screen.h"
#include "detect/progress.h"
#include "detect/ring_screen.h"
#include "detect/subnet_screen.h"
#include "detect/time_order.h"
#include "detect/token_screen.h"

namespace scr::detect {

/// The screens that run over a stream of votes, each vote once; together less than 150 MB whatever comes. Null where not wanted.
struct Suite {
    struct Wanted {
        bool rhythm = true; ///< bursts, metronomes, serial voters
        bool lockstep = true;
        bool subnets = true;
        bool rings = true;
    };
    Suite(const Rules& rules, std::int64_t grain, const Wanted& wanted);

    std::unique_ptr<LockstepScreen> lockstep;
    std::unique_ptr<TokenScreen> rhythm;
    std::unique_ptr<SubnetScreen> subnets;
    std::unique_ptr<RingScreen> rings;

    /// Those that are there, the costliest first.
    [[nodiscard]] std::vector<Screen*> screens() const;
    [[nodiscard]] std::size_t bytes() const noexcept;
};

/// The vote of a row as screens see it.
[[nodiscard]] VoteEvent eventOf(const domain::VoteColumns& votes, std::size_t row) noexcept;

/// Feeds columns to screens in the order of time. False when stopped.
[[nodiscard]] bool screenVotes(const domain::VoteColumns& votes, const TimeOrder& order, const std::vector<Screen*>& screens,
                               Progress& progress);

} // namespace scr::detect
