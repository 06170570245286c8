#include "detect/subnet_screen.h"

#include <algorithm>
#include <cmath>

#include "detect/nulls.h"

namespace scr::detect {

namespace {

std::uint64_t pairKey(domain::Index post, domain::NetworkCode network) noexcept
{
    return spread(network) ^ (static_cast<std::uint64_t>(post) + 1) * 0x9e3779b97f4a7c15ULL;
}

/// Beyond what the rule says: with all rows at hand the share may turn out smaller.
constexpr double kLooserLog10 = 3;

} // namespace

SubnetScreen::SubnetScreen(const Rules& rules) : m_rules{rules}
{
    const double most = std::log10(rules.subnetSocks.maxProbability) + kLooserLog10;
    for (std::uint32_t here = 2; here < m_mostExpected.size(); ++here) {
        double rare = 0;
        double usual = here;
        for (int halving = 0; halving < 60; ++halving) {
            const double middle = (rare + usual) / 2;
            (log10Crowd(here, middle) <= most ? rare : usual) = middle;
        }
        m_mostExpected[here] = rare;
    }
}

void SubnetScreen::see(std::span<const VoteEvent> votes)
{
    constexpr std::size_t kAhead = 8;
    for (std::size_t at = 0; at < votes.size(); ++at) {
        if (at + kAhead < votes.size())
            prefetch(votes[at + kAhead]);
        const VoteEvent& vote = votes[at];
        if (vote.networkCode == 0)
            continue;
        ++m_seen;
        const std::uint32_t ofPost = ++m_posts.touch(vote.post + std::uint64_t{1}).entry.votes;
        seeNetwork(vote, vote.networkCode, ofPost);
        if (const domain::NetworkCode wider = domain::widerNetwork(vote.networkCode); wider != 0)
            seeNetwork(vote, wider, ofPost);
    }
}

void SubnetScreen::prefetch(const VoteEvent& vote) const noexcept
{
    if (vote.networkCode == 0)
        return;
    m_posts.prefetch(vote.post + std::uint64_t{1});
    m_totals.prefetch(vote.networkCode);
    m_pairs.prefetch(pairKey(vote.post, vote.networkCode));
    if (const domain::NetworkCode wider = domain::widerNetwork(vote.networkCode); wider != 0) {
        m_totals.prefetch(wider);
        m_pairs.prefetch(pairKey(vote.post, wider));
    }
}

void SubnetScreen::seeNetwork(const VoteEvent& vote, domain::NetworkCode network, std::uint32_t ofPost)
{
    const SubnetSocksRule& rule = m_rules.subnetSocks;
    Total& totals = m_totals.touch(network).entry;
    Here& pair = m_pairs.touch(pairKey(vote.post, network)).entry;
    if (network == vote.networkCode)
        seeHop(vote, pair, totals);
    const std::uint32_t total = ++totals.votes;
    const std::uint32_t here = ++pair.votes;
    if (here < std::min(rule.tokens, rule.addresses))
        return;
    const double elsewhere = static_cast<double>(total - std::min(total, here)) + 0.5;
    const double others = static_cast<double>(m_seen - std::min<std::uint64_t>(m_seen, ofPost)) + 1;
    if (isCrowd(here, expectedCrowd(ofPost, elsewhere / others, rule)))
        m_networks.add(network);
}

bool SubnetScreen::isCrowd(std::uint32_t here, double expected) const noexcept
{
    return here < m_mostExpected.size()
               ? expected <= m_mostExpected[here]
               : log10Crowd(here, expected) <= std::log10(m_rules.subnetSocks.maxProbability) + kLooserLog10;
}

void SubnetScreen::seeHop(const VoteEvent& vote, Here& here, Total& total)
{
    constexpr std::int64_t kTick = 1'000'000;
    constexpr std::uint32_t kVotesAHop = 8; // where many share a line, chance makes hops, but not of every eighth vote
    constexpr std::uint32_t kTimes = (1U << 24U) - 1;
    const auto now = static_cast<std::uint32_t>(vote.at / kTick) & kTimes;
    const auto window = static_cast<std::uint32_t>(m_rules.tokenHopping.window.count() / kTick);
    if (here.votes > 0 && here.last != vote.token && here.host == vote.host && ((now - here.time) & kTimes) <= window + 1 &&
        ++total.hops >= m_rules.tokenHopping.posts && kVotesAHop * total.hops > total.votes)
        m_hopping.add(vote.networkCode);
    here.last = vote.token;
    here.time = now & kTimes; // told once more for the compiler's sake
    here.host = vote.host;
}

std::size_t SubnetScreen::bytes() const noexcept
{
    return m_pairs.bytes() + m_totals.bytes() + m_posts.bytes() + m_networks.bytes() + m_hopping.bytes() + sizeof *this;
}

} // namespace scr::detect
