#include "detect/lockstep_screen.h"

#include <algorithm>
#include <array>

#include "detect/nulls.h"

namespace scr::detect {

namespace {

constexpr unsigned kLog2Buckets = 19;
constexpr std::int64_t kEpoch = 6LL * 3600 * 1'000'000; ///< a pair's age is told in quarters of a day
constexpr std::int64_t kTick = 100'000;
constexpr double kLog10Odd = -3;

std::uint64_t pairHash(domain::Index left, domain::Index right) noexcept
{
    return spread(static_cast<std::uint64_t>(std::min(left, right)) << 32U | std::max(left, right));
}

} // namespace

PairCounts::PairCounts() :
    m_mask{(std::size_t{1} << kLog2Buckets) - 1}, m_slots{std::make_unique<std::uint64_t[]>((m_mask + 1) * kWays)}
{
    domain::preferLargePages(m_slots.get(), bytes());
}

/// A slot: fingerprint << 24 | count << 8 | epoch.
std::uint32_t PairCounts::add(std::uint64_t hash, std::uint8_t epoch) noexcept
{
    std::uint64_t* const bucket = &m_slots[(hash & m_mask) * kWays];
    const std::uint64_t fingerprint = hash >> 24U << 24U | std::uint64_t{1} << 24U;
    std::size_t victim = 0;
    std::uint64_t least = ~std::uint64_t{0};
    for (std::size_t way = 0; way < kWays; ++way) {
        const std::uint64_t slot = bucket[way];
        const std::uint64_t count = slot >> 8U & 0xFFFFU;
        if ((slot ^ fingerprint) >> 24U == 0) {
            const std::uint64_t more = std::min<std::uint64_t>(count + 1, 0xFFFFU);
            bucket[way] = fingerprint | more << 8U | epoch;
            return static_cast<std::uint32_t>(more);
        }
        const std::uint64_t youth = 255U - static_cast<std::uint8_t>(epoch - static_cast<std::uint8_t>(slot & 0xFFU));
        const std::uint64_t worth = slot == 0 ? 0 : count << 8U | youth;
        if (worth < least) {
            least = worth;
            victim = way;
        }
    }
    bucket[victim] = fingerprint | std::uint64_t{1} << 8U | epoch;
    return 1;
}

LockstepScreen::LockstepScreen(const Rules& rules) : m_rules{rules} {}

void LockstepScreen::see(std::span<const VoteEvent> votes)
{
    constexpr std::size_t kAhead = 8;
    for (std::size_t at = 0; at < votes.size(); ++at) {
        if (at + kAhead < votes.size())
            m_rings.prefetch(votes[at + kAhead].post + std::uint64_t{1});
        seeOne(votes[at]);
    }
}

void LockstepScreen::seeOne(const VoteEvent& vote)
{
    ++m_seen;
    const auto now = static_cast<std::uint32_t>(vote.at / kTick);
    const auto window = static_cast<std::uint32_t>(m_rules.lockstep.window.count() / kTick);
    Ring& ring = m_rings.touch(vote.post + std::uint64_t{1}).entry;
    std::array<std::uint64_t, kRing> hashes{};
    std::array<domain::Index, kRing> others{};
    std::uint32_t met = 0;
    for (std::uint32_t back = 1; back <= std::min(ring.count, kRing); ++back) {
        const std::uint32_t at = (ring.count - back) % kRing;
        if (now - ring.times[at] > window)
            break;
        if (ring.tokens[at] == vote.token)
            continue;
        others[met] = ring.tokens[at];
        hashes[met] = pairHash(vote.token, ring.tokens[at]);
        m_counts.prefetch(hashes[met++]);
    }
    ring.times[ring.count % kRing] = now;
    ring.tokens[ring.count % kRing] = vote.token;
    ++ring.count;
    Exposure& totals = m_totals.touch(vote.token + std::uint64_t{1}).entry;
    ++totals.votes;
    totals.met += met;
    const auto epoch = static_cast<std::uint8_t>(vote.at / kEpoch);
    for (std::uint32_t at = 0; at < met; ++at) {
        const std::uint32_t count = m_counts.add(hashes[at], epoch);
        if (count < m_rules.lockstep.posts)
            continue;
        const Exposure* other = m_totals.find(others[at] + std::uint64_t{1});
        if (other == nullptr || log10Meetings(count, totals, *other, static_cast<double>(m_seen + 1)) <= kLog10Odd)
            m_pairs.add({std::min(vote.token, others[at]), std::max(vote.token, others[at])});
    }
}

std::size_t LockstepScreen::bytes() const noexcept
{
    return m_rings.bytes() + m_totals.bytes() + m_counts.bytes() + m_pairs.bytes() + sizeof *this;
}

} // namespace scr::detect
