#pragma once

#include <memory>
#include <span>
#include <vector>

#include "detect/lockstep_screen.h"
#include "detect/progress.h"
#include "detect/ring_screen.h"
#include "detect/subnet_screen.h"
#include "detect/time_order.h"
#include "detect/token_screen.h"

namespace scr::detect {

/// The screens that run over a stream of votes, each vote once; together less than 300 MB whatever comes.
class Suite {
public:
    struct Wanted {
        bool rhythm = true; ///< bursts, metronomes, serial voters
        bool lockstep = true;
        bool subnets = true;
        bool rings = true;
    };
    Suite(const Rules& rules, std::int64_t grain, const Wanted& wanted);

    /// Votes in ascending time. With more than one thread the screens are shared out among them; each sees the votes in order,
    /// so what they find is the same.
    void see(std::span<const VoteEvent> votes, unsigned threads = 1);

    /// Null where not wanted.
    [[nodiscard]] TokenScreen* rhythm() noexcept { return m_rhythm.get(); }
    [[nodiscard]] LockstepScreen* lockstep() noexcept { return m_lockstep.get(); }
    [[nodiscard]] SubnetScreen* subnets() noexcept { return m_subnets.get(); }
    [[nodiscard]] RingScreen* rings() noexcept { return m_rings.get(); }
    [[nodiscard]] std::vector<Screen*> screens() const;
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    std::unique_ptr<TokenScreen> m_rhythm;
    std::unique_ptr<LockstepScreen> m_lockstep;
    std::unique_ptr<SubnetScreen> m_subnets;
    std::unique_ptr<RingScreen> m_rings;
};

/// Feeds columns to a suite in the order of time. False when stopped.
[[nodiscard]] bool screenVotes(const domain::VoteColumns& votes, const TimeOrder& order, Suite& suite, unsigned threads,
                               Progress& progress);

} // namespace scr::detect
