#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "domain/prefetch.h"
#include "domain/vote_columns.h"

namespace scr::store {

/// In front of a KeyTable, for keys counted up from 1 as sequences give them: four bytes a key instead of a probe of sixteen, so
/// that the lookups of a scan stay in the processor's cache. Larger and negative keys go to the table each time.
class InternCache {
public:
    explicit InternCache(domain::KeyTable& table) : m_table{table} {}

    [[nodiscard]] domain::Index intern(std::int64_t key)
    {
        const auto at = static_cast<std::uint64_t>(key);
        if (at < m_known.size() && m_known[at] != domain::kNoIndex)
            return m_known[at];
        return internNew(key);
    }

    /// Has the key's place fetched while other work is done.
    void prefetch(std::int64_t key) const noexcept
    {
        const auto at = static_cast<std::uint64_t>(key);
        if (at < m_known.size())
            domain::prefetch(m_known.data() + at);
    }

private:
    static constexpr std::uint64_t kMostKeys = std::uint64_t{1} << 22U; // 16 MB a table

    [[nodiscard]] domain::Index internNew(std::int64_t key)
    {
        const domain::Index index = m_table.intern(key);
        const auto at = static_cast<std::uint64_t>(key);
        if (at >= kMostKeys)
            return index;
        if (at >= m_known.size())
            m_known.resize(std::max<std::uint64_t>(std::bit_ceil(at + 1), 1024), domain::kNoIndex);
        m_known[at] = index;
        return index;
    }

    domain::KeyTable& m_table;
    std::vector<domain::Index> m_known; ///< by key; kNoIndex: not seen yet
};

} // namespace scr::store
