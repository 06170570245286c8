#include "detect/ring_screen.h"

#include "detect/look_ahead.h"

namespace scr::detect {

namespace {

std::uint64_t keyOf(domain::Index voter, domain::Index author) noexcept
{
    return (static_cast<std::uint64_t>(voter) << 32U | author) + 1;
}

} // namespace

void RingScreen::see(std::span<const VoteEvent> votes)
{
    lookAhead<Lookup, 8>(
        votes, [this](const VoteEvent& vote) { return ask(vote); },
        [this](const VoteEvent& vote, const Lookup& lookup) { seeOne(vote, lookup); });
}

RingScreen::Lookup RingScreen::ask(const VoteEvent& vote) const noexcept
{
    const Lookup lookup{hashOf(keyOf(vote.token, vote.author)), hashOf(keyOf(vote.author, vote.token))};
    m_counts.prefetch(lookup.there);
    m_counts.prefetch(lookup.back);
    return lookup;
}

void RingScreen::seeOne(const VoteEvent& vote, const Lookup& lookup)
{
    if (vote.author == domain::kNoIndex || vote.author == vote.token || vote.value <= 0)
        return;
    const std::uint32_t there = ++m_counts.touch(lookup.there).entry.votes;
    const Count* back = m_counts.find(lookup.back);
    if (back != nullptr && there + back->votes >= 3)
        m_mutual.add({std::min(vote.token, vote.author), std::max(vote.token, vote.author)});
}

} // namespace scr::detect
