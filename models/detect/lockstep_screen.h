#pragma once

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

/// In how many epochs two tokens voted on one post within the window. 2^22 counts of pairs in 34 MB: eight share a cache line,
/// each with a fingerprint of 40 bits; a new pair takes the place of the least counted, of these the oldest.
class PairCounts {
public:
    PairCounts();
    /// Of spread(pair). Returns the new count.
    std::uint32_t add(std::uint64_t hash, std::uint16_t epoch) noexcept;
    void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&m_buckets[hash & m_mask]); }
    [[nodiscard]] std::size_t bytes() const noexcept { return (m_mask + 1) * sizeof(Bucket); }

private:
    static constexpr std::size_t kWays = 8;
    struct alignas(64) Bucket {
        std::uint64_t slots[kWays];
    };
    std::size_t m_mask;
    std::unique_ptr<Bucket[]> m_buckets;
};

/// Tokens that keep meeting on posts within minutes. Follows the last 15 votes of 2^16 posts and the pairs among them, 50 MB in
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
        std::uint32_t time; ///< tenths of a second; only differences count
        domain::Index token;
    };
    /// Two cache lines.
    struct alignas(64) Ring {
        Cast casts[kRing];
        std::uint64_t count;
    };

    /// Whom a vote met. They are counted one vote later, when the counts asked for have come from memory.
    struct Meetings {
        domain::Index token;
        std::uint16_t epoch;
        std::uint32_t count;
        domain::Index others[kRing];
        std::uint64_t hashes[kRing];
    };
    void prefetchRing(const VoteEvent& vote) const noexcept;
    void seeOne(const VoteEvent& vote);
    void count(Meetings& meetings);

    const Rules& m_rules;
    BoundedTable<Ring> m_rings{16};
    BoundedTable<Exposure> m_totals{18};
    PairCounts m_counts;
    std::uint64_t m_seen = 0;
    Meetings m_meetings[2]{}; ///< of the last vote and of the one before, by turns
    std::uint32_t m_turn = 0;
    Suspects<TokenPair> m_pairs{1U << 19U};
};

} // namespace scr::detect
