#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "audit/frontier.h"
#include "audit/hash.h"
#include "audit/proof.h"
#include "domain/result.h"

namespace scr::audit {

/// Where the hashes of a log are kept: level 0 are its leaves, level n its full subtrees of 256^n leaves.
class HashStore {
public:
    HashStore() = default;
    HashStore(const HashStore&) = delete;
    HashStore& operator=(const HashStore&) = delete;
    virtual ~HashStore() = default;

    /// The `count` (at most 256) hashes of `level` from `first` on; Fault::Corrupt or NotFound when there are fewer.
    [[nodiscard]] virtual domain::Result<std::vector<Hash>> hashes(int level, std::uint64_t first, std::uint64_t count) = 0;
};

/// Roots and proofs of a log's trees, by the recursive definitions of RFC 6962, section 2.1, over stored hashes. Reads
/// whole tiles and keeps them, so that a proof costs a handful of reads; what it is asked for must lie within `size`.
class Tree {
public:
    /// `size` is that of the largest tree that is asked for: no tile is read beyond it.
    Tree(HashStore& store, std::uint64_t size) : m_store{store}, m_size{size} {}

    [[nodiscard]] domain::Result<Hash> root(std::uint64_t size);
    [[nodiscard]] domain::Result<Proof> inclusion(std::uint64_t index, std::uint64_t size);
    [[nodiscard]] domain::Result<Proof> consistency(std::uint64_t size1, std::uint64_t size2);

private:
    [[nodiscard]] domain::Result<Hash> rangeHash(std::uint64_t first, std::uint64_t count);
    [[nodiscard]] domain::Result<Hash> nodeAt(int height, std::uint64_t place);
    [[nodiscard]] domain::Result<const std::vector<Hash>*> tile(int level, std::uint64_t number);
    [[nodiscard]] domain::Status append(std::uint64_t first, std::uint64_t count, Proof& proof); ///< the hash of that range
    [[nodiscard]] domain::Status path(std::uint64_t index, std::uint64_t first, std::uint64_t count, Proof& proof);
    [[nodiscard]] domain::Status subproof(std::uint64_t old, std::uint64_t first, std::uint64_t count, bool whole, Proof& proof);

    HashStore& m_store;
    std::uint64_t m_size;
    std::map<std::pair<int, std::uint64_t>, std::vector<Hash>> m_tiles;
};

/// A store that holds the hashes themselves, for trees that are built in memory.
class MemoryHashes final : public HashStore {
public:
    void append(const Hash& leaf);
    [[nodiscard]] domain::Result<std::vector<Hash>> hashes(int level, std::uint64_t first, std::uint64_t count) override;
    [[nodiscard]] const Frontier& frontier() const noexcept { return m_frontier; }

private:
    Frontier m_frontier;
    std::vector<std::vector<Hash>> m_levels;
    std::vector<Subtree> m_full;
};

} // namespace scr::audit
