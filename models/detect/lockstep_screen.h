#pragma once

#include <algorithm>
#include <bit>

#include "detect/bounded_table.h"
#include "detect/nulls.h"
#include "detect/rules.h"
#include "detect/screen.h"

namespace scr::detect {

/// Two tokens, the lower index first.
struct TokenPair {
    domain::Index first{};
    domain::Index second{};
    friend auto operator<=>(const TokenPair&, const TokenPair&) = default;
};

/// In how many epochs two tokens voted on one post within the window. Most pairs meet once in a lifetime: these take 16 bits
/// each, 2^23 in 17 MB, a new one in the place of the one met longest ago. Those that met again are counted, 2^21 of them in 17
/// MB with a fingerprint of 40 bits; a new one takes the place of the least counted, of these the oldest.
class PairCounts {
public:
    // All of a hash of the pair that is random in its 30 lowest bits at least, in two steps, between which what the second needs
    // can come from memory.
    void prefetch(std::uint64_t hash) const noexcept { domain::prefetch(&m_once[hash & kOnceMask]); }
    /// Whether the pair met in an epoch before this one, as far as is known; then it is to be counted.
    bool mark(std::uint64_t hash, std::uint16_t epoch) noexcept;
    void prefetchAgain(std::uint64_t hash) const noexcept { domain::prefetch(&m_again[hash & kAgainMask]); }
    /// Returns the new count, which one pair in a hundred gets one too high.
    std::uint32_t countAgain(std::uint64_t hash, std::uint16_t epoch) noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept { return m_once.bytes() + m_again.bytes(); }

private:
    static constexpr std::size_t kWays = 8;
    static constexpr std::size_t kOnceMask = (std::size_t{1} << 20U) - 1;
    static constexpr std::size_t kAgainMask = (std::size_t{1} << 18U) - 1;
    /// Eight marks, the newest lowest; 0: none. All are looked at and moved at once.
    struct alignas(16) Once {
        std::uint64_t newer;
        std::uint64_t older;
    };
    using Marks = std::uint16_t __attribute__((vector_size(sizeof(Once))));
    struct alignas(64) Again {
        std::uint64_t counts[kWays];
    };
    domain::LargeArray<Once> m_once{kOnceMask + 1};
    domain::LargeArray<Again> m_again{kAgainMask + 1};
};

/// A mark: fingerprint << 6 | epoch, of either as much as there is room for. Here, so that it becomes a part of the loop that
/// calls it ten times a vote.
inline bool PairCounts::mark(std::uint64_t hash, std::uint16_t epoch) noexcept
{
    constexpr unsigned kEpochBits = 6;
    constexpr unsigned kEpochs = 61; // a prime: who meets every so many days does not meet in one epoch each time
    constexpr std::uint16_t kFingerprint = 0xFFFFU << kEpochBits & 0xFFFFU;
    constexpr unsigned kBits = 16;
    constexpr unsigned kBeyondPlace = std::popcount(kOnceMask) - kEpochBits;
    const auto fingerprint = std::max<std::uint64_t>(1U << kEpochBits, hash >> kBeyondPlace & kFingerprint);
    const auto mark = static_cast<std::uint16_t>(fingerprint | epoch % kEpochs);
    Once& marks = m_once[hash & kOnceMask];
    const auto same = std::bit_cast<Once>(((std::bit_cast<Marks>(marks) ^ mark) & kFingerprint) == 0);
    const std::uint64_t oldest = marks.newer >> (64U - kBits);
    if ((same.newer | same.older) == 0) {
        marks.older = marks.older << kBits | oldest;
        marks.newer = marks.newer << kBits | mark;
        return false;
    }
    const bool isNewer = same.newer != 0;
    const auto at = static_cast<unsigned>(std::countr_zero(isNewer ? same.newer : same.older));
    if (static_cast<std::uint16_t>((isNewer ? marks.newer : marks.older) >> at) == mark)
        return false; // in this half hour: it counts no more
    // the places up to one, that one left out, make room for another at their beginning
    const auto moved = [](std::uint64_t places, unsigned left, std::uint64_t first) {
        const std::uint64_t upTo = ~std::uint64_t{0} >> (64U - kBits - left);
        return (places & ~upTo) | (places << kBits & upTo) | first;
    };
    if (!isNewer)
        marks.older = moved(marks.older, at, oldest);
    marks.newer = moved(marks.newer, isNewer ? at : 64U - kBits, mark);
    return true;
}

/// Tokens that keep meeting on posts within minutes. Follows the last 15 votes of 2^16 posts and the pairs among them, 54 MB in
/// all. On a post with more than 16 votes within the window coincidence is free; there the window is what 16 votes span, and the
/// pairs that are not counted leave room for those that say more.
class LockstepScreen final : public Screen {
public:
    explicit LockstepScreen(const Rules& rules);

    void see(std::span<const VoteEvent> votes) override;
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return m_pairs.dropped(); }
    [[nodiscard]] std::size_t bytes() const noexcept override;

    [[nodiscard]] std::vector<TokenPair> pairs();

private:
    static constexpr std::uint32_t kRing = 15;
    struct Cast {
        std::uint32_t time;  ///< tenths of a second; only differences count
        std::uint32_t token; ///< scattered over all bits, as pairs are hashed
    };
    /// Two cache lines.
    struct alignas(64) Ring {
        Cast casts[kRing];
        std::uint64_t count;
    };

    /// Whom a vote met. They are marked one vote later and counted after another one, when what was asked for has come from
    /// memory.
    struct Meetings {
        domain::Index token;
        std::uint16_t epoch;
        std::uint32_t count;
        std::uint32_t others[kRing]; ///< scattered likewise
        std::uint64_t hashes[kRing];
    };
    struct Lookup {
        KeyHash post;
        KeyHash token;
    };
    [[nodiscard]] Lookup ask(const VoteEvent& vote) const noexcept;
    void askRing(const Lookup& lookup) const noexcept;
    void seeOne(const VoteEvent& vote, const Lookup& lookup);
    void nextStep();
    void mark(Meetings& meetings);
    void count(const Meetings& meetings);

    const Rules& m_rules;
    BoundedTable<Ring> m_rings{1U << 16U};
    BoundedTable<Exposure> m_totals{1U << 18U};
    PairCounts m_counts;
    std::uint64_t m_seen = 0;
    static constexpr std::uint32_t kSteps = 3;
    Meetings m_meetings[kSteps]{}; ///< of the last votes, by turns
    std::uint32_t m_turn = 0;      ///< whose the next one is
    Suspects<TokenPair> m_pairs{1U << 19U};
};

} // namespace scr::detect
