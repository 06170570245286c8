#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lab/race_target.h"
#include "race/journal.h"

namespace scr::lab {

/// What one connection is to send.
struct Order {
    race::Action action{};
    RaceToken token;
    std::string post;
    double value = 1;
    std::string requestKey{};
    std::size_t firstVote = 0; ///< Void: which of the post's votes, ascending by key: [firstVote, lastVote)
    std::size_t lastVote = 0;
};

/// Orders by connection; all connections begin a phase at the same moment.
using Phase = std::vector<std::vector<Order>>;

struct RoundPlan {
    std::vector<Phase> phases;
};

struct RacePlan {
    race::Pattern pattern{};
    std::vector<RoundPlan> rounds;
    std::vector<RaceToken> tokens; ///< all that were made for it
    std::vector<std::string> posts;
};

struct RaceSize {
    std::uint32_t connections = 64;
    std::uint32_t rounds = 100;
};

/// Makes the tokens and posts of a pattern and says who sends what when. `run` goes into every request key, so that two runs
/// differ.
[[nodiscard]] domain::Result<RacePlan> planRace(PgLink& owner, const RaceTarget& target, race::Pattern pattern,
                                                const RaceSize& size, const std::string& run);

} // namespace scr::lab
