#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audit/hash.h"

namespace scr::audit {

/// Hashes of subtrees, from the leaf's side to the root's.
using Proof = std::vector<Hash>;

/// RFC 9162, section 2.1.3.2: that the leaf with this hash and index is in the tree of `size` leaves with this root.
[[nodiscard]] bool verifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof,
                                   const Hash& root);

/// The root that a leaf and its proof come to; nothing when the proof does not have the length that index and size ask for.
[[nodiscard]] std::optional<Hash> rootOf(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof);

/// One step of the way from a leaf to the root, for people to look at: the hash that is given, on which side, and what the two
/// come to.
struct ProofStep {
    Hash given;
    bool givenIsLeft{};
    Hash result;

    friend bool operator==(const ProofStep&, const ProofStep&) = default;
};
/// The same computation step by step; empty as rootOf() is.
[[nodiscard]] std::optional<std::vector<ProofStep>> stepsOf(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                                            const Proof& proof);

/// RFC 9162, section 2.1.4.2: that the tree of `size2` leaves begins with that of `size1`. There is no proof from the empty tree.
[[nodiscard]] bool verifyConsistency(std::uint64_t size1, std::uint64_t size2, const Hash& root1, const Hash& root2,
                                     const Proof& proof);

} // namespace scr::audit
