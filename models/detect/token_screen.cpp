#include "detect/token_screen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "detect/burst_search.h"
#include "detect/look_ahead.h"
#include "detect/nulls.h"

namespace scr::detect {

namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::uint64_t kRelearnEvery = 1U << 16U;
constexpr double kLooser = 100;              ///< a screen names what is within so much of a rule's probability
constexpr std::int64_t kForget = 1LL << 31U; ///< milliseconds that a ring's differences can hold
constexpr std::uint32_t kRingSizes[] = {8, 16, 32};
constexpr std::uint32_t kEnoughRegular = 8;
constexpr std::uint32_t kEnoughOnTime = 5;
constexpr std::uint32_t kUsualOnTime = 3;

} // namespace

TokenScreen::TokenScreen(const Rules& rules, std::int64_t grain) : m_rules{rules}, m_grain{grain}
{
    relearn();
}

void TokenScreen::relearn()
{
    TokenBurstRule rule = m_rules.tokenBurst;
    rule.maxProbability = std::min(0.01, rule.maxProbability * kLooser);
    const SiteRhythm rhythm{m_gaps, rule, m_grain};
    for (std::size_t at = 0; at < 3; ++at)
        m_longest[at] = rhythm.longestSpan(at) < 0 ? -1 : rhythm.longestSpan(at) / 1000;
}

void TokenScreen::see(std::span<const VoteEvent> votes)
{
    lookAhead<Lookup, 16>(
        votes, [this](const VoteEvent& vote) { return ask(vote); },
        [this](const VoteEvent&, const Lookup& lookup) { askRing(lookup); },
        [this](const VoteEvent& vote, const Lookup& lookup) {
            seeOne(vote, lookup);
            if (++m_seen % kRelearnEvery == 0)
                relearn();
        });
}

TokenScreen::Lookup TokenScreen::ask(const VoteEvent& vote) const noexcept
{
    const Lookup lookup{hashOf(vote.token + std::uint64_t{1}), hashOf(vote.author + std::uint64_t{1})};
    m_rings.prefetch(lookup.token);
    m_authors.prefetch(lookup.author);
    return lookup;
}

/// A ring does not come with the head of its bucket.
void TokenScreen::askRing(const Lookup& lookup) const noexcept
{
    const Ring* ring = m_rings.find(lookup.token);
    if (ring == nullptr)
        return;
    domain::prefetch(&ring->times[0]);
    domain::prefetch(&ring->times[kRing / 2]);
    domain::prefetch(&ring->last);
    domain::prefetch(&ring->authors[kRing / 2]);
}

void TokenScreen::learnGap(Ring& ring, std::int64_t gap, std::int64_t at)
{
    if (gap > m_rules.tokenBurst.sessionGap.count())
        return;
    if (at >= ring.dayEnd) {
        ring.dayEnd = (at / kDayMicros + (at < 0 ? 0 : 1)) * kDayMicros;
        ring.today = 0;
    }
    if (++ring.today <= m_rules.tokenBurst.gapsPerTokenDay)
        m_gaps.add(gap);
}

/// The first vote of an hour, when it comes after a pause: who goes on over the full hour does not begin there.
void TokenScreen::seeStart(Ring& ring, const VoteEvent& vote)
{
    const std::int64_t into = intoHour(vote.at);
    const auto hour = static_cast<std::uint32_t>((vote.at - into) / kHourMicros);
    if (ring.count > 0 && hour == ring.startHour)
        return;
    const auto milliseconds = static_cast<std::uint32_t>(into / 1000);
    if (ring.count > 0) {
        const bool onTime = apartInHour(into, std::int64_t{1000} * ring.startIn) <= 2 * m_rules.timetable.tolerance.count();
        ring.onTime = onTime ? std::min(ring.onTime + 1, 64U) : ring.onTime - std::min(ring.onTime, 1U);
    }
    ring.startHour = hour;
    ring.startIn = milliseconds;
    if (ring.onTime < kUsualOnTime) // a timetable is no part of what is usual
        m_starts.add(vote.at);
    if (ring.onTime >= kEnoughOnTime)
        m_timetables.add(vote.token);
}

bool TokenScreen::isFast(const Ring& ring) const noexcept
{
    const std::uint32_t newest = ring.times[(ring.count - 1) % kRing];
    for (std::size_t at = 0; at < 3; ++at) {
        const std::uint32_t size = kRingSizes[at];
        if (ring.count < size)
            break;
        if (static_cast<std::int64_t>(newest - ring.times[(ring.count - size) % kRing]) <= m_longest[at])
            return true;
    }
    return false;
}

bool TokenScreen::isEven(const Ring& ring) const noexcept
{
    const MetronomeRule& rule = m_rules.metronome;
    const std::uint32_t window = std::min(rule.window, kRing - 1);
    if (ring.count <= window)
        return false;
    std::array<double, kRing> pauses{};
    for (std::uint32_t i = 0; i < window; ++i)
        pauses[i] = 1000.0 * (ring.times[(ring.count - 1 - i) % kRing] - ring.times[(ring.count - 2 - i) % kRing]);
    return log10EvenPauses(std::span{pauses}.first(window), rule) <= std::log10(rule.maxProbability) + 2;
}

bool TokenScreen::isSerial(const Ring& ring, const VoteEvent& vote, std::uint32_t forAuthor) const noexcept
{
    const SerialVoterRule& rule = m_rules.serialVoter;
    const auto window = static_cast<std::uint32_t>(std::min<std::int64_t>(rule.window.count() / 1000, kForget));
    const std::uint32_t newest = ring.times[(ring.count - 1) % kRing];
    const std::uint32_t held = std::min(ring.count, kRing);
    std::uint64_t ofAuthor = 0;
    std::uint64_t votes = 0;
    for (std::uint32_t back = 0; back < held; ++back) {
        const std::uint32_t at = (ring.count - 1 - back) % kRing;
        if (newest - ring.times[at] > window)
            break;
        ++votes;
        ofAuthor += ring.authors[at] == vote.author ? 1U : 0U;
    }
    if (ofAuthor < rule.votes)
        return false;
    const double others = static_cast<double>(forAuthor) - static_cast<double>(ofAuthor);
    const double share = (std::max(0.0, others) + 0.5) / (static_cast<double>(m_withAuthor) + 1);
    return log10SerialVotes(ofAuthor, votes, share, 0, rule) <= std::log10(rule.maxProbability) + 2;
}

void TokenScreen::seeOne(const VoteEvent& vote, const Lookup& lookup)
{
    auto [ring, isNew] = m_rings.touch(lookup.token);
    const std::int64_t gap = isNew ? 0 : vote.at - ring.last;
    if (!isNew && gap / 1000 >= kForget)
        ring.count = ring.regular = ring.onTime = 0;
    if (ring.count == 0 || gap >= m_rules.timetable.pause.count())
        seeStart(ring, vote);
    if (ring.count > 0) {
        learnGap(ring, gap, vote.at);
        const auto milliseconds = static_cast<std::uint32_t>(gap / 1000);
        const double change = std::abs(static_cast<double>(milliseconds) - static_cast<double>(ring.lastGap));
        const bool likeBefore = change <= 2 * m_rules.metronome.tolerance * ring.lastGap;
        ring.regular = likeBefore ? std::min(ring.regular + 1, 64U) : ring.regular - std::min(ring.regular, 1U);
        ring.lastGap = milliseconds;
    }
    ring.last = vote.at;
    ring.times[ring.count % kRing] = static_cast<std::uint32_t>(vote.at / 1000);
    ring.authors[ring.count % kRing] = vote.author;
    ++ring.count;
    if (isFast(ring))
        m_bursts.add(vote.token);
    const bool isTime = ring.count % 4 == 0 || ring.count == m_rules.metronome.window + 1; // as soon as there is a window
    if (ring.regular >= kEnoughRegular && isTime && isEven(ring))
        m_metronomes.add(vote.token);
    if (vote.author == domain::kNoIndex)
        return;
    ++m_withAuthor;
    const std::uint32_t forAuthor = ++m_authors.touch(lookup.author).entry.votes;
    if (vote.author != vote.token && ring.count >= m_rules.serialVoter.votes && isSerial(ring, vote, forAuthor))
        m_serial.add({vote.token, vote.author});
}

std::size_t TokenScreen::bytes() const noexcept
{
    return m_rings.bytes() + m_authors.bytes() + m_bursts.bytes() + m_metronomes.bytes() + m_timetables.bytes() +
           m_serial.bytes() + sizeof *this;
}

} // namespace scr::detect
