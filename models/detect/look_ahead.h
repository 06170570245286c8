#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "detect/screen.h"

namespace scr::detect {

/// Walks votes so that what each needs from memory is on its way in time: `ask(vote)` is called kAhead votes before its turn,
/// asks for what it can and gives what to look it up by; `comes(vote, lookup)` half as many before, when that may have come and
/// leads on to more; `see(vote, lookup)` in its turn.
template <class Lookup, std::size_t kAhead, class Ask, class Comes, class See>
void lookAhead(std::span<const VoteEvent> votes, Ask ask, Comes comes, See see)
{
    constexpr std::size_t kNear = kAhead / 2;
    std::array<Lookup, kAhead> lookups;
    for (std::size_t turn = 0; turn < votes.size() + kAhead; ++turn) {
        Lookup& place = lookups[turn % kAhead];
        if (turn >= kAhead)
            see(votes[turn - kAhead], place);
        if (turn < votes.size())
            place = ask(votes[turn]);
        if (turn >= kNear && turn - kNear < votes.size())
            comes(votes[turn - kNear], lookups[(turn - kNear) % kAhead]);
    }
}

template <class Lookup, std::size_t kAhead, class Ask, class See>
void lookAhead(std::span<const VoteEvent> votes, Ask ask, See see)
{
    lookAhead<Lookup, kAhead>(votes, ask, [](const VoteEvent&, const Lookup&) {}, see);
}

} // namespace scr::detect
