#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/hash.h"
#include "audit/note.h"
#include "packed/pack_folder.h"

namespace scr::packed {

/// The sealed log as the tiles of a pack have it: of a part of it the entries, of the rest the hashes that lead to the root.
/// For one thread at a time.
class PackLog {
public:
    explicit PackLog(const PackFolder& folder) : m_folder{folder}, m_size{folder.description().size} {}

    /// Hashes of full subtrees of 256^level leaves, as ports::LogSource has them. Fault::NotFound: not in the pack.
    [[nodiscard]] domain::Result<std::vector<audit::Hash>> hashes(int level, std::uint64_t first, std::uint64_t count);
    /// The entries from leaf 256 * `bundle` on; nothing where the pack does not have them.
    [[nodiscard]] domain::Result<std::optional<std::vector<std::string>>> entries(std::uint64_t bundle) const;

    /// The checkpoints' notes by size, the pack's own last.
    [[nodiscard]] domain::Result<std::map<std::uint64_t, std::string>> notes() const;
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }

private:
    [[nodiscard]] domain::Result<const std::vector<audit::Hash>*> tile(int level, std::uint64_t number);

    const PackFolder& m_folder;
    std::uint64_t m_size;
    std::map<std::pair<int, std::uint64_t>, std::vector<audit::Hash>> m_tiles; ///< read lately
};

} // namespace scr::packed
