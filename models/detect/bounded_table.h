#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "domain/large_pages.h"
#include "domain/prefetch.h"

namespace scr::detect {

/// Spreads a key over 64 bits (the finaliser of splitmix64).
[[nodiscard]] constexpr std::uint64_t spread(std::uint64_t key) noexcept
{
    key = (key ^ (key >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    key = (key ^ (key >> 27U)) * 0x94d049bb133111ebULL;
    return key ^ (key >> 31U);
}

/// What a table looks a key up by: reckoned once where a key is asked for, looked for and touched in turn.
struct KeyHash {
    std::uint64_t bits = 0;
};
[[nodiscard]] constexpr KeyHash hashOf(std::uint64_t key) noexcept
{
    return {spread(key)};
}

/// A fixed number of entries by key, seven to a bucket, or five or six where a cache line holds no more; a new key takes the
/// place of the bucket's entry that was touched longest ago. Memory is bounded by its capacity whatever comes, and what is kept
/// depends on the stream alone. What belongs to a bucket stands together and what is looked up first in one cache line: a screen
/// takes as long as the lines it asks for take to come.
///
/// A key is known by as many bits of its hash as a `Tag` has. Of 32 bits, one lookup of a new key in half a billion meets the
/// entry of another one: enough for counts that only say where to look again, not for whether something was there before.
template <class Entry, class Tag = std::uint32_t>
class BoundedTable {
    static_assert(std::is_trivially_copyable_v<Entry>, "a new key writes over an old entry");

    static constexpr std::size_t kLine = 64;
    /// Without what alignment may add; there is a check below.
    static constexpr bool fitsInLine(std::size_t ways) noexcept
    {
        return ways * (sizeof(Tag) + sizeof(Entry)) + sizeof(std::uint32_t) <= kLine;
    }

public:
    static constexpr std::size_t kWays = !fitsInLine(7) && fitsInLine(6) ? 6 : !fitsInLine(7) && fitsInLine(5) ? 5 : 7;

    /// Room for so many or a few more; less than 2^32 buckets.
    explicit BoundedTable(std::size_t capacity) : m_buckets{(capacity + kWays - 1) / kWays} {}

    struct Touched {
        Entry& entry;
        bool isNew; ///< just made, all zero but for what Entry{} says
    };

    /// The entry of a key, made when there is none.
    Touched touch(std::uint64_t key) noexcept { return touch(hashOf(key)); }
    Touched touch(KeyHash hash) noexcept
    {
        Bucket& bucket = m_buckets[bucketOf(hash)];
        const std::size_t way = wayOf(bucket, tagOf(hash));
        if (way < kWays) {
            bucket.moveToFront(way);
            return {bucket.entries[way], false};
        }
        const std::size_t oldest = bucket.last();
        (bucket.tags[oldest] == 0 ? m_used : m_evicted) += 1;
        bucket.tags[oldest] = tagOf(hash);
        bucket.moveToFront(oldest);
        return {bucket.entries[oldest] = Entry{}, true};
    }

    [[nodiscard]] const Entry* find(std::uint64_t key) const noexcept { return find(hashOf(key)); }
    [[nodiscard]] Entry* find(std::uint64_t key) noexcept
    {
        return const_cast<Entry*>(static_cast<const BoundedTable&>(*this).find(key));
    }
    [[nodiscard]] const Entry* find(KeyHash hash) const noexcept
    {
        const Bucket& bucket = m_buckets[bucketOf(hash)];
        const std::size_t way = wayOf(bucket, tagOf(hash));
        return way < kWays ? &bucket.entries[way] : nullptr;
    }

    /// Asks for a key's bucket before it is needed.
    void prefetch(KeyHash hash) const noexcept
    {
        const auto* const bucket = reinterpret_cast<const char*>(&m_buckets[bucketOf(hash)]);
        domain::prefetch(bucket);
        // of large entries the one that is wanted is not known yet
        if constexpr (sizeof(Bucket) == 2 * kLine)
            domain::prefetch(bucket + kLine);
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return kWays * m_buckets.size(); }
    [[nodiscard]] std::size_t size() const noexcept { return m_used; }
    [[nodiscard]] std::uint64_t evicted() const noexcept { return m_evicted; }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_buckets.bytes(); }

private:
    struct alignas(kLine) Bucket {
        Tag tags[kWays];     ///< 0: free
        std::uint32_t order; ///< the ways, the one touched last in the lowest four bits; told from kInOrder, so that zero is one
        Entry entries[kWays];

        static constexpr unsigned kBits = 4;
        static constexpr std::uint32_t kUsed = (1U << (kBits * kWays)) - 1;
        static constexpr std::uint32_t kInOrder = 0x6543210 & kUsed;

        [[nodiscard]] std::size_t last() const noexcept { return (order ^ kInOrder) >> (kBits * (kWays - 1)); }
        void moveToFront(std::size_t way) noexcept
        {
            constexpr std::uint32_t kEach = 0x1111111 & kUsed;
            const auto front = static_cast<std::uint32_t>(way);
            const std::uint32_t ways = order ^ kInOrder;
            const std::uint32_t differs = ways ^ front * kEach;
            // the top bit of the place that holds it; what stands above it means nothing
            const std::uint32_t same = (differs - kEach) & ~differs & kEach << (kBits - 1);
            const auto at = static_cast<unsigned>(std::countr_zero(same)) / kBits * kBits;
            const std::uint32_t newer = ways & ((1U << at) - 1);
            const std::uint32_t older = ways & ~((1U << (at + kBits)) - 1);
            order = (older | newer << kBits | front) ^ kInOrder;
        }
    };

    static_assert(sizeof(Bucket) == kLine || !fitsInLine(kWays), "alignment takes another line");

    /// The lower half of the hash chooses the bucket, as a share of all (Lemire 2019), so that any number of them will do.
    [[nodiscard]] std::size_t bucketOf(KeyHash hash) const noexcept
    {
        return (hash.bits & 0xFFFF'FFFFU) * m_buckets.size() >> 32U;
    }
    [[nodiscard]] static Tag tagOf(KeyHash hash) noexcept
    {
        const auto tag = static_cast<Tag>(hash.bits >> (64U - 8U * sizeof(Tag)));
        return tag == 0 ? Tag{1} : tag;
    }
    /// Without a branch a way: which one it is can't be foreseen.
    [[nodiscard]] static std::size_t wayOf(const Bucket& bucket, Tag tag) noexcept
    {
        std::size_t way = kWays;
        for (std::size_t at = 0; at < kWays; ++at)
            way = bucket.tags[at] == tag ? at : way;
        return way;
    }

    domain::LargeArray<Bucket> m_buckets;
    std::uint64_t m_evicted = 0;
    std::uint64_t m_used = 0;
};

} // namespace scr::detect
