#include "detect/ring_screen.h"

namespace scr::detect {

namespace {

std::uint64_t keyOf(domain::Index voter, domain::Index author) noexcept
{
    return (static_cast<std::uint64_t>(voter) << 32U | author) + 1;
}

} // namespace

void RingScreen::see(std::span<const VoteEvent> votes)
{
    constexpr std::size_t kAhead = 8;
    for (std::size_t at = 0; at < votes.size(); ++at) {
        if (at + kAhead < votes.size()) {
            const VoteEvent& soon = votes[at + kAhead];
            m_counts.prefetch(keyOf(soon.token, soon.author));
            m_counts.prefetch(keyOf(soon.author, soon.token));
        }
        const VoteEvent& vote = votes[at];
        if (vote.author == domain::kNoIndex || vote.author == vote.token || vote.value <= 0)
            continue;
        const std::uint32_t there = ++m_counts.touch(keyOf(vote.token, vote.author)).entry.votes;
        const Count* back = m_counts.find(keyOf(vote.author, vote.token));
        if (back != nullptr && there + back->votes >= 3)
            m_mutual.add({std::min(vote.token, vote.author), std::max(vote.token, vote.author)});
    }
}

} // namespace scr::detect
