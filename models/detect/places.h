#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "domain/large_pages.h"
#include "domain/prefetch.h"

namespace scr::detect {

/// One bit each for hashes: what was taken is always known; of what was not, about as large a share as that of the bits that are
/// taken looks as if it were. A power of two of bits, at least 64.
class Places {
public:
    explicit Places(std::size_t least) : m_words{std::bit_ceil(std::max<std::size_t>(least, 64)) / 64}, m_mask{m_words.size() - 1}
    {
    }

    /// Whether it was taken before.
    bool take(std::uint64_t hash) noexcept
    {
        std::uint64_t& word = m_words[wordOf(hash)];
        const bool taken = (word & bitOf(hash)) != 0;
        word |= bitOf(hash);
        return taken;
    }
    [[nodiscard]] bool isTaken(std::uint64_t hash) const noexcept { return (m_words[wordOf(hash)] & bitOf(hash)) != 0; }
    void prefetch(std::uint64_t hash) const noexcept { domain::prefetch(&m_words[wordOf(hash)]); }

private:
    [[nodiscard]] std::size_t wordOf(std::uint64_t hash) const noexcept { return static_cast<std::size_t>(hash >> 6U) & m_mask; }
    [[nodiscard]] static std::uint64_t bitOf(std::uint64_t hash) noexcept { return std::uint64_t{1} << (hash & 63U); }

    domain::LargeArray<std::uint64_t> m_words;
    std::size_t m_mask;
};

} // namespace scr::detect
