#include "detect/subnet_screen.h"

#include <algorithm>
#include <cmath>

#include "detect/look_ahead.h"
#include "detect/nulls.h"

namespace scr::detect {

namespace {

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
    lookAhead<Lookup, 8>(
        votes, [this](const VoteEvent& vote) { return ask(vote); },
        [this](const VoteEvent& vote, const Lookup& lookup) { seeOne(vote, lookup); });
}

SubnetScreen::Lookup SubnetScreen::ask(const VoteEvent& vote) const noexcept
{
    if (vote.networkCode == 0)
        return {};
    Lookup lookup;
    lookup.post = hashOf(vote.post + std::uint64_t{1});
    m_posts.prefetch(lookup.post);
    lookup.own = askNetwork(vote.networkCode, lookup.post);
    if (const domain::NetworkCode wider = domain::widerNetwork(vote.networkCode); wider != 0)
        lookup.wider = askNetwork(wider, lookup.post);
    return lookup;
}

SubnetScreen::OfNetwork SubnetScreen::askNetwork(domain::NetworkCode network, KeyHash post) const noexcept
{
    OfNetwork lookup;
    lookup.code = network;
    lookup.total = hashOf(network);
    lookup.pair = hashOf(lookup.total.bits ^ post.bits * 0x9e3779b97f4a7c15ULL);
    m_totals.prefetch(lookup.total);
    m_pairs.prefetch(lookup.pair);
    return lookup;
}

void SubnetScreen::seeOne(const VoteEvent& vote, const Lookup& lookup)
{
    if (vote.networkCode == 0)
        return;
    ++m_seen;
    const std::uint32_t ofPost = ++m_posts.touch(lookup.post).entry.votes;
    seeNetwork(vote, lookup.own, ofPost);
    if (lookup.wider.code != 0)
        seeNetwork(vote, lookup.wider, ofPost);
}

void SubnetScreen::seeNetwork(const VoteEvent& vote, const OfNetwork& lookup, std::uint32_t ofPost)
{
    const SubnetSocksRule& rule = m_rules.subnetSocks;
    Total& totals = m_totals.touch(lookup.total).entry;
    Here& pair = m_pairs.touch(lookup.pair).entry;
    if (lookup.code == vote.networkCode)
        seeHop(vote, pair, totals);
    const std::uint32_t total = ++totals.votes;
    const std::uint32_t here = std::min(pair.votes + 1U, kMostHere);
    pair.votes = here & kMostHere;
    if (here < std::min(rule.tokens, rule.addresses))
        return;
    const double elsewhere = static_cast<double>(total - std::min(total, here)) + 0.5;
    const double others = static_cast<double>(m_seen - std::min<std::uint64_t>(m_seen, ofPost)) + 1;
    if (isCrowd(here, expectedCrowd(ofPost, elsewhere / others, rule)))
        m_networks.add(lookup.code);
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
    constexpr std::uint32_t kTimes = (1U << 20U) - 1;
    constexpr std::uint32_t kTokens = (1U << 16U) - 1;
    const std::uint32_t now = static_cast<std::uint32_t>(vote.at / kTick) & kTimes;
    const std::uint32_t token = vote.token & kTokens;
    const auto window = static_cast<std::uint32_t>(m_rules.tokenHopping.window.count() / kTick);
    if (here.votes > 0 && here.last != token && here.host == vote.host && ((now - here.time) & kTimes) <= window + 1 &&
        ++total.hops >= m_rules.tokenHopping.posts && kVotesAHop * total.hops > total.votes)
        m_hopping.add(vote.networkCode);
    here.last = token & kTokens; // told once more for the compiler
    here.time = now & kTimes;
    here.host = vote.host;
}

std::size_t SubnetScreen::bytes() const noexcept
{
    return m_pairs.bytes() + m_totals.bytes() + m_posts.bytes() + m_networks.bytes() + m_hopping.bytes() + sizeof *this;
}

} // namespace scr::detect
