#include "detect/lockstep_screen.h"

#include <algorithm>
#include <bit>

#include "detect/nulls.h"

namespace scr::detect {

namespace {

/// A pair's age is told in half hours, and it counts once in each: people who read at the same time meet on one young post after
/// another, and that is one coincidence.
constexpr std::int64_t kEpoch = 1800LL * 1'000'000;
constexpr std::int64_t kTick = 100'000;
constexpr double kLog10Odd = -3;

std::uint64_t pairHash(domain::Index left, domain::Index right) noexcept
{
    return spread(static_cast<std::uint64_t>(std::min(left, right)) << 32U | std::max(left, right));
}

} // namespace

/// A mark: fingerprint << 6 | epoch, of either as much as there is room for. Four of them are looked at in one step.
bool PairCounts::mark(std::uint64_t hash, std::uint16_t epoch) noexcept
{
    constexpr unsigned kEpochBits = 6;
    constexpr unsigned kEpochs = 61; // a prime: who meets every so many days does not meet in one epoch each time
    constexpr unsigned kBits = 16;
    constexpr std::uint64_t kEach = 0x0001'0001'0001'0001;
    constexpr std::uint64_t kMark = 0xFFFF;
    Once& marks = m_once[hash & kOnceMask];
    const std::uint64_t fingerprint = std::max<std::uint64_t>(1, hash >> 54U);
    const std::uint64_t mark = fingerprint << kEpochBits | epoch % kEpochs;
    // the top bit of the first place whose fingerprint is this one; what stands above it means nothing
    const auto sameIn = [&](std::uint64_t places) {
        const std::uint64_t differs = (places ^ mark * kEach) & (kMark << kEpochBits & kMark) * kEach;
        return (differs - kEach) & ~differs & (kEach << (kBits - 1));
    };
    const auto place = [](std::uint64_t same) { return static_cast<unsigned>(std::countr_zero(same)) / kBits * kBits; };
    // the places up to one, that one left out, make room for another at their beginning
    const auto moved = [](std::uint64_t places, unsigned left, std::uint64_t first) {
        const std::uint64_t upTo = ~std::uint64_t{0} >> (64U - kBits - left);
        return (places & ~upTo) | (places << kBits & upTo) | first;
    };
    const std::uint64_t inNewer = sameIn(marks.newer);
    const std::uint64_t inOlder = sameIn(marks.older);
    const std::uint64_t oldest = marks.newer >> (64U - kBits);
    if ((inNewer | inOlder) == 0) {
        marks.older = marks.older << kBits | oldest;
        marks.newer = marks.newer << kBits | mark;
        return false;
    }
    const unsigned at = place(inNewer != 0 ? inNewer : inOlder);
    if (((inNewer != 0 ? marks.newer : marks.older) >> at & kMark) == mark)
        return false; // in this half hour: it counts no more
    if (inNewer == 0)
        marks.older = moved(marks.older, at, oldest);
    marks.newer = moved(marks.newer, inNewer != 0 ? at : 64U - kBits, mark);
    return true;
}

/// A slot: fingerprint << 24 | count << 16 | epoch. In half hours the epoch goes round in 3.7 years, and nobody meets 255 times
/// by chance.
std::uint32_t PairCounts::countAgain(std::uint64_t hash, std::uint16_t epoch) noexcept
{
    std::uint64_t* const bucket = m_again[hash & kAgainMask].counts;
    const std::uint64_t fingerprint = hash >> 24U << 24U | std::uint64_t{1} << 24U;
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
    constexpr std::size_t kAhead = 12;
    constexpr std::size_t kNear = 6;
    for (std::size_t at = 0; at < votes.size(); ++at) {
        if (at + kAhead < votes.size()) {
            m_rings.prefetch(votes[at + kAhead].post + std::uint64_t{1});
            m_totals.prefetch(votes[at + kAhead].token + std::uint64_t{1});
        }
        if (at + kNear < votes.size())
            prefetchRing(votes[at + kNear]);
        seeOne(votes[at]);
    }
}

/// A ring does not come with the head of its bucket.
void LockstepScreen::prefetchRing(const VoteEvent& vote) const noexcept
{
    const Ring* ring = m_rings.find(vote.post + std::uint64_t{1});
    if (ring == nullptr)
        return;
    domain::prefetch(&ring->casts[0]);
    domain::prefetch(&ring->count);
}

void LockstepScreen::seeOne(const VoteEvent& vote)
{
    ++m_seen;
    const auto now = static_cast<std::uint32_t>(vote.at / kTick);
    const auto window = static_cast<std::uint32_t>(m_rules.lockstep.window.count() / kTick);
    Ring& ring = m_rings.touch(vote.post + std::uint64_t{1}).entry;
    Meetings& meetings = m_meetings[m_turn];
    meetings.token = vote.token;
    meetings.epoch = static_cast<std::uint16_t>(vote.at / kEpoch);
    meetings.count = 0;
    const auto held = static_cast<std::uint32_t>(std::min<std::uint64_t>(ring.count, kRing));
    const auto next = static_cast<std::uint32_t>(ring.count % kRing);
    for (std::uint32_t back = 1; back <= held; ++back) {
        const Cast& cast = ring.casts[next >= back ? next - back : next + kRing - back];
        if (now - cast.time > window)
            break;
        if (cast.token == vote.token)
            continue;
        meetings.others[meetings.count] = cast.token;
        meetings.hashes[meetings.count] = pairHash(vote.token, cast.token);
        m_counts.prefetch(meetings.hashes[meetings.count++]);
    }
    ring.casts[next] = {now, vote.token};
    ++ring.count;
    Exposure& totals = m_totals.touch(vote.token + std::uint64_t{1}).entry;
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
        const Exposure* one = m_totals.find(meetings.token + std::uint64_t{1});
        const Exposure* other = m_totals.find(meetings.others[at] + std::uint64_t{1});
        if (one == nullptr || other == nullptr ||
            log10Meetings(times, *one, *other, static_cast<double>(m_seen + 1)) <= kLog10Odd)
            m_pairs.add({std::min(meetings.token, meetings.others[at]), std::max(meetings.token, meetings.others[at])});
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
