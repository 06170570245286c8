#include "audit/frontier.h"

#include <bit>

#include <fmt/format.h>

namespace scr::audit {

domain::Result<Frontier> Frontier::of(std::uint64_t size, std::vector<Hash> peaks)
{
    if (peaks.size() != static_cast<std::size_t>(std::popcount(size)))
        return domain::failure(
            domain::Fault::Corrupt,
            fmt::format("the frontier of {} leaves has {} hashes, not {}", size, std::popcount(size), peaks.size()),
            "Restore the tables of the sealed log from a backup");
    Frontier frontier;
    frontier.m_size = size;
    frontier.m_peaks = std::move(peaks);
    return frontier;
}

void Frontier::append(const Hash& leaf, std::vector<Subtree>& full)
{
    Hash hash = leaf;
    int height = 0;
    for (std::uint64_t rest = m_size; (rest & 1) == 1; rest >>= 1) {
        hash = nodeHash(m_peaks.back(), hash);
        m_peaks.pop_back();
        ++height;
        if (height % kTileHeight == 0)
            full.push_back({height / kTileHeight, m_size >> height, hash});
    }
    m_peaks.push_back(hash);
    ++m_size;
}

Hash Frontier::root() const
{
    if (m_peaks.empty())
        return emptyRoot();
    Hash root = m_peaks.back();
    for (std::size_t i = m_peaks.size() - 1; i-- > 0;)
        root = nodeHash(m_peaks[i], root);
    return root;
}

} // namespace scr::audit
