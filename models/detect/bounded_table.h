#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "domain/large_pages.h"

namespace scr::detect {

/// Spreads a key over 64 bits (the finaliser of splitmix64).
[[nodiscard]] constexpr std::uint64_t spread(std::uint64_t key) noexcept
{
    key = (key ^ (key >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    key = (key ^ (key >> 27U)) * 0x94d049bb133111ebULL;
    return key ^ (key >> 31U);
}

/// A fixed number of entries by key, eight to a bucket; a new key takes the place of the bucket's entry that was touched longest
/// ago. Memory is bounded by its capacity whatever comes, and what is kept depends on the stream alone. What belongs to a
/// bucket stands together: with small entries a lookup reads two or three cache lines.
template <class Entry>
class BoundedTable {
    static_assert(std::is_trivially_copyable_v<Entry>, "a new key writes over an old entry");

public:
    static constexpr std::size_t kWays = 8;

    explicit BoundedTable(unsigned log2Capacity) : m_mask{(std::size_t{1} << (log2Capacity - 3U)) - 1}, m_buckets{m_mask + 1} {}

    struct Touched {
        Entry& entry;
        bool isNew; ///< just made, all zero but for what Entry{} says
    };

    /// The entry of a key, made when there is none. 0 is no key.
    Touched touch(std::uint64_t key) noexcept
    {
        Bucket& bucket = m_buckets[bucketOf(key)];
        ++m_clock;
        const std::size_t way = wayOf(bucket, key);
        if (way < kWays) {
            bucket.touched[way] = m_clock;
            return {bucket.entries[way], false};
        }
        std::size_t oldest = 0;
        for (std::size_t at = 1; at < kWays; ++at) {
            if (m_clock - bucket.touched[at] > m_clock - bucket.touched[oldest] || bucket.keys[at] == 0)
                oldest = at;
            if (bucket.keys[oldest] == 0)
                break;
        }
        m_evicted += bucket.keys[oldest] != 0 ? 1U : 0U;
        m_used += bucket.keys[oldest] == 0 ? 1U : 0U;
        bucket.keys[oldest] = key;
        bucket.touched[oldest] = m_clock;
        return {bucket.entries[oldest] = Entry{}, true};
    }

    [[nodiscard]] const Entry* find(std::uint64_t key) const noexcept
    {
        const Bucket& bucket = m_buckets[bucketOf(key)];
        const std::size_t way = wayOf(bucket, key);
        return way < kWays ? &bucket.entries[way] : nullptr;
    }
    [[nodiscard]] Entry* find(std::uint64_t key) noexcept
    {
        return const_cast<Entry*>(static_cast<const BoundedTable&>(*this).find(key));
    }

    /// Asks for a key's bucket before it is needed.
    void prefetch(std::uint64_t key) const noexcept
    {
        // of large entries the one that is wanted is not known yet
        constexpr std::size_t kBytes = sizeof(Entry) <= 16 ? sizeof(Bucket) : 128;
        const auto* const bucket = reinterpret_cast<const char*>(&m_buckets[bucketOf(key)]);
        for (std::size_t line = 0; line < kBytes; line += 64)
            __builtin_prefetch(bucket + line);
    }

    [[nodiscard]] std::size_t size() const noexcept { return m_used; }
    [[nodiscard]] std::uint64_t evicted() const noexcept { return m_evicted; }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_buckets.bytes(); }

private:
    struct alignas(64) Bucket {
        std::uint64_t keys[kWays]{};
        std::uint32_t touched[kWays]{};
        Entry entries[kWays]{};
    };

    [[nodiscard]] std::size_t bucketOf(std::uint64_t key) const noexcept { return spread(key) & m_mask; }
    [[nodiscard]] static std::size_t wayOf(const Bucket& bucket, std::uint64_t key) noexcept
    {
        std::size_t way = 0;
        while (way < kWays && bucket.keys[way] != key)
            ++way;
        return way;
    }
    std::size_t m_mask;
    domain::LargeArray<Bucket> m_buckets;
    std::uint32_t m_clock = 0; ///< wraps; only differences count
    std::uint64_t m_evicted = 0;
    std::uint64_t m_used = 0;
};

} // namespace scr::detect
