#include "detect/suite.h"

#include <algorithm>

#include "detect/token_rows.h"

namespace scr::detect {

namespace {

/// Votes handed on at a time: few enough to stay in the cache, enough that starting threads does not count.
constexpr std::size_t kBatch = 1U << 16U;

} // namespace

Suite::Suite(const Rules& rules, std::int64_t grain, const Wanted& wanted)
{
    if (wanted.rhythm)
        m_rhythm = std::make_unique<TokenScreen>(rules, grain);
    if (wanted.lockstep)
        m_lockstep = std::make_unique<LockstepScreen>(rules);
    if (wanted.subnets)
        m_subnets = std::make_unique<SubnetScreen>(rules);
    if (wanted.rings)
        m_rings = std::make_unique<RingScreen>();
}

/// The costliest first, so that two threads share the work about evenly.
std::vector<Screen*> Suite::screens() const
{
    std::vector<Screen*> screens{m_lockstep.get(), m_rhythm.get(), m_subnets.get(), m_rings.get()};
    std::erase(screens, nullptr);
    return screens;
}

void Suite::see(std::span<const VoteEvent> votes, unsigned threads)
{
    const std::vector<Screen*> all = screens();
    const auto parts = static_cast<unsigned>(std::min<std::size_t>(std::max(1U, threads), all.size()));
    if (parts == 0)
        return;
    inParallel(parts, [&](unsigned part) {
        for (std::size_t at = 0; at < all.size(); ++at) {
            if (parts == 1 || (part == 0 ? at == 0 : at > 0 && (at - 1) % (parts - 1) == part - 1))
                all[at]->see(votes);
        }
    });
}

std::size_t Suite::bytes() const noexcept
{
    std::size_t sum = 0;
    for (const Screen* screen : screens())
        sum += screen->bytes();
    return sum;
}

bool screenVotes(const domain::VoteColumns& votes, const TimeOrder& order, Suite& suite, unsigned threads, Progress& progress)
{
    std::vector<VoteEvent> events(std::min(kBatch, votes.size()));
    for (std::size_t begin = 0; begin < votes.size(); begin += kBatch) {
        const std::size_t count = std::min(kBatch, votes.size() - begin);
        for (std::size_t at = 0; at < count; ++at) {
            const std::size_t row = order.row(begin + at);
            VoteEvent& event = events[at];
            event.at = votes.castAt[row];
            event.token = votes.token[row];
            event.post = votes.post[row];
            event.author = votes.authorOf(event.post);
            event.network = votes.networkOf(row);
            event.networkCode =
                event.network == domain::kNoIndex ? 0 : static_cast<domain::NetworkCode>(votes.networks.number(event.network));
            event.value = votes.value[row];
        }
        suite.see(std::span{events}.first(count), threads);
        if (!progress.advance(count))
            return false;
    }
    return true;
}

} // namespace scr::detect
