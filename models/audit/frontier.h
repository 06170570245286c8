#pragma once

#include <cstdint>
#include <vector>

#include "audit/hash.h"
#include "domain/result.h"

namespace scr::audit {

/// Leaves in a full tile of the layout tlog-tiles, and what a level of it comes to: a hash of level n stands for 256^n leaves.
inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr int kTileHeight = 8;

/// A full subtree of 256^level leaves, the place-th of its level.
struct Subtree {
    int level{};
    std::uint64_t place{};
    Hash hash{};

    friend bool operator==(const Subtree&, const Subtree&) = default;
};

/// What has to be known of a tree so that leaves can be added to it: the hashes of its full subtrees, the largest first, one for
/// each bit of its size.
class Frontier {
public:
    Frontier() = default;
    /// Fault::Corrupt when there are not as many hashes as the size has bits.
    [[nodiscard]] static domain::Result<Frontier> of(std::uint64_t size, std::vector<Hash> peaks);

    /// Adds a leaf; subtrees of whole tiles that it completes are appended to `full`.
    void append(const Hash& leaf, std::vector<Subtree>& full);
    [[nodiscard]] Hash root() const;
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }
    [[nodiscard]] const std::vector<Hash>& peaks() const noexcept { return m_peaks; }

private:
    std::uint64_t m_size = 0;
    std::vector<Hash> m_peaks;
};

} // namespace scr::audit
