#include "detect/suite.h"

#include <algorithm>

namespace scr::detect {

namespace {

/// Votes handed on at a time: few enough to stay in the cache, enough that asking whether to go on does not count.
constexpr std::size_t kBatch = 1U << 16U;

} // namespace

Suite::Suite(const Rules& rules, std::int64_t grain, const Wanted& wanted)
{
    if (wanted.rhythm)
        rhythm = std::make_unique<TokenScreen>(rules, grain);
    if (wanted.lockstep)
        lockstep = std::make_unique<LockstepScreen>(rules);
    if (wanted.subnets)
        subnets = std::make_unique<SubnetScreen>(rules);
    if (wanted.rings)
        rings = std::make_unique<RingScreen>();
}

std::vector<Screen*> Suite::screens() const
{
    std::vector<Screen*> screens{lockstep.get(), rhythm.get(), subnets.get(), rings.get()};
    std::erase(screens, nullptr);
    return screens;
}

std::size_t Suite::bytes() const noexcept
{
    std::size_t sum = 0;
    for (const Screen* screen : screens())
        sum += screen->bytes();
    return sum;
}

VoteEvent eventOf(const domain::VoteColumns& votes, std::size_t row) noexcept
{
    VoteEvent event;
    event.at = votes.castAt[row];
    event.token = votes.token[row];
    event.post = votes.post[row];
    event.author = votes.authorOf(event.post);
    event.network = votes.networkOf(row);
    event.networkCode =
        event.network == domain::kNoIndex ? 0 : static_cast<domain::NetworkCode>(votes.networks.number(event.network));
    event.value = votes.value[row];
    event.host = votes.host.empty() ? std::uint8_t{0} : votes.host[row];
    return event;
}

bool screenVotes(const domain::VoteColumns& votes, const TimeOrder& order, const std::vector<Screen*>& screens,
                 Progress& progress)
{
    std::vector<VoteEvent> events(std::min(kBatch, votes.size()));
    for (std::size_t begin = 0; begin < votes.size(); begin += kBatch) {
        const std::size_t count = std::min(kBatch, votes.size() - begin);
        for (std::size_t at = 0; at < count; ++at)
            events[at] = eventOf(votes, order.row(begin + at));
        for (Screen* screen : screens)
            screen->see(std::span{events}.first(count));
        if (!progress.advance(count))
            return false;
    }
    return true;
}

} // namespace scr::detect
