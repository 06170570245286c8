#include "detect/lockstep_screen.h"

#include <algorithm>

#include "detect/look_ahead.h"
#include "detect/nulls.h"

namespace scr::detect {

namespace {

/// A pair's age is told in half hours, and it counts once in each: people who read at the same time meet on one young post after
/// another, and that is one coincidence.
constexpr std::int64_t kEpoch = 1800LL * 1'000'000;
constexpr std::int64_t kTick = 100'000;
constexpr double kLog10Odd = -3;

/// The index of a token scattered over all bits of its number, and back: 0x0e8b2f51 is the multiplicative inverse.
constexpr std::uint32_t scattered(domain::Index token) noexcept
{
    const std::uint32_t product = token * 0x9e3779b1U;
    return product ^ product >> 16U;
}
constexpr domain::Index gathered(std::uint32_t token) noexcept
{
    return (token ^ token >> 16U) * 0x0e8b2f51U;
}
static_assert(gathered(scattered(123'456'789)) == 123'456'789);

/// Of two scattered tokens. The product of odd numbers that are random is random in all bits but the lowest, as far as the
/// numbers themselves are.
std::uint64_t pairHash(std::uint32_t left, std::uint32_t right) noexcept
{
    return ((std::uint64_t{left} << 1U) | 1U) * ((std::uint64_t{right} << 1U) | 1U) >> 1U;
}

} // namespace

/// A slot: fingerprint << 24 | count << 16 | epoch. In half hours the epoch goes round in 3.7 years, and nobody meets 255 times
/// by chance.
std::uint32_t PairCounts::countAgain(std::uint64_t hash, std::uint16_t epoch) noexcept
{
    std::uint64_t* const bucket = m_again[hash & kAgainMask].counts;
    const std::uint64_t fingerprint = spread(hash) >> 24U << 24U | std::uint64_t{1} << 24U;
    for (std::size_t way = 0; way < kWays; ++way) {
        const std::uint64_t slot = bucket[way];
        if ((slot ^ fingerprint) >> 24U == 0) {
            const std::uint64_t isLater = static_cast<std::uint16_t>(slot) == epoch ? 0 : 1;
            const std::uint64_t more = std::min<std::uint64_t>((slot >> 16U & 0xFFU) + isLater, 0xFFU);
            bucket[way] = fingerprint | more << 16U | epoch;
            return static_cast<std::uint32_t>(more);
        }
    }
    // the worth of a slot: its count, then its youth; 0 for an empty one
    std::size_t victim = 0;
    std::uint64_t least = ~std::uint64_t{0};
    for (std::size_t way = 0; way < kWays; ++way) {
        const std::uint64_t slot = bucket[way];
        const std::uint64_t youth = (slot - epoch - 1U) & 0xFFFFU;
        const std::uint64_t worth = (slot & 0xFF0000U) | (slot == 0 ? 0U : youth);
        const bool isLess = worth < least;
        least = isLess ? worth : least;
        victim = isLess ? way : victim;
    }
    bucket[victim] = fingerprint | std::uint64_t{2} << 16U | epoch;
    return 2;
}

LockstepScreen::LockstepScreen(const Rules& rules) : m_rules{rules} {}

void LockstepScreen::see(std::span<const VoteEvent> votes)
{
    lookAhead<Lookup, 16>(
        votes, [this](const VoteEvent& vote) { return ask(vote); },
        [this](const VoteEvent&, const Lookup& lookup) { askRing(lookup); },
        [this](const VoteEvent& vote, const Lookup& lookup) { seeOne(vote, lookup); });
}

LockstepScreen::Lookup LockstepScreen::ask(const VoteEvent& vote) const noexcept
{
    const Lookup lookup{hashOf(vote.post + std::uint64_t{1}), hashOf(vote.token + std::uint64_t{1})};
    m_rings.prefetch(lookup.post);
    m_totals.prefetch(lookup.token);
    return lookup;
}

/// A ring does not come with the head of its bucket.
void LockstepScreen::askRing(const Lookup& lookup) const noexcept
{
    const Ring* ring = m_rings.find(lookup.post);
    if (ring == nullptr)
        return;
    domain::prefetch(&ring->casts[0]);
    domain::prefetch(&ring->count);
}

void LockstepScreen::seeOne(const VoteEvent& vote, const Lookup& lookup)
{
    ++m_seen;
    const auto now = static_cast<std::uint32_t>(vote.at / kTick);
    const auto window = static_cast<std::uint32_t>(m_rules.lockstep.window.count() / kTick);
    Ring& ring = m_rings.touch(lookup.post).entry;
    Meetings& meetings = m_meetings[m_turn];
    const std::uint32_t self = scattered(vote.token);
    meetings.token = vote.token;
    meetings.epoch = static_cast<std::uint16_t>(vote.at / kEpoch);
    meetings.count = 0;
    const auto held = static_cast<std::uint32_t>(std::min<std::uint64_t>(ring.count, kRing));
    const auto next = static_cast<std::uint32_t>(ring.count % kRing);
    for (std::uint32_t back = 1; back <= held; ++back) {
        const Cast& cast = ring.casts[next >= back ? next - back : next + kRing - back];
        if (now - cast.time > window)
            break;
        if (cast.token == self)
            continue;
        meetings.others[meetings.count] = cast.token;
        meetings.hashes[meetings.count] = pairHash(self, cast.token);
        m_counts.prefetch(meetings.hashes[meetings.count++]);
    }
    ring.casts[next] = {now, self};
    ++ring.count;
    Exposure& totals = m_totals.touch(lookup.token).entry;
    ++totals.votes;
    totals.met += meetings.count;
    nextStep();
}

/// The last vote's meetings have been asked for; those of the one before are marked, those of the one before that counted.
void LockstepScreen::nextStep()
{
    mark(m_meetings[(m_turn + kSteps - 1) % kSteps]);
    m_turn = (m_turn + 1) % kSteps;
    count(m_meetings[m_turn]);
    m_meetings[m_turn].count = 0;
}

/// Leaves those that met before.
void LockstepScreen::mark(Meetings& meetings)
{
    std::uint32_t again = 0;
    for (std::uint32_t at = 0; at < meetings.count; ++at) {
        if (!m_counts.mark(meetings.hashes[at], meetings.epoch))
            continue;
        m_counts.prefetchAgain(meetings.hashes[at]);
        meetings.hashes[again] = meetings.hashes[at];
        meetings.others[again++] = meetings.others[at];
    }
    meetings.count = again;
}

void LockstepScreen::count(const Meetings& meetings)
{
    for (std::uint32_t at = 0; at < meetings.count; ++at) {
        const std::uint32_t times = m_counts.countAgain(meetings.hashes[at], meetings.epoch);
        if (times < m_rules.lockstep.posts)
            continue;
        const domain::Index met = gathered(meetings.others[at]);
        const Exposure* one = m_totals.find(meetings.token + std::uint64_t{1});
        const Exposure* other = m_totals.find(met + std::uint64_t{1});
        if (one == nullptr || other == nullptr ||
            log10Meetings(times, *one, *other, static_cast<double>(m_seen + 1)) <= kLog10Odd)
            m_pairs.add({std::min(meetings.token, met), std::max(meetings.token, met)});
    }
}

std::vector<TokenPair> LockstepScreen::pairs()
{
    for (std::uint32_t step = 1; step < kSteps; ++step)
        nextStep();
    return m_pairs.take();
}

std::size_t LockstepScreen::bytes() const noexcept
{
    return m_rings.bytes() + m_totals.bytes() + m_counts.bytes() + m_pairs.bytes() + sizeof *this;
}

} // namespace scr::detect
