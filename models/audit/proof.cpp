#include "audit/proof.h"

#include <bit>

namespace scr::audit {

std::optional<std::vector<ProofStep>> stepsOf(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof)
{
    if (index >= size)
        return std::nullopt;
    std::vector<ProofStep> steps;
    Hash result = leaf;
    std::uint64_t place = index;
    std::uint64_t last = size - 1;
    for (const Hash& given : proof) {
        if (last == 0)
            return std::nullopt;
        const bool fromLeft = (place & 1) == 1 || place == last;
        result = fromLeft ? nodeHash(given, result) : nodeHash(result, given);
        steps.push_back({given, fromLeft, result});
        if (fromLeft) { // the last node of a level without a brother rises to where it has one
            while ((place & 1) == 0 && place != 0) {
                place >>= 1;
                last >>= 1;
            }
        }
        place >>= 1;
        last >>= 1;
    }
    return last == 0 ? std::optional{std::move(steps)} : std::nullopt;
}

std::optional<Hash> rootOf(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof)
{
    const auto steps = stepsOf(leaf, index, size, proof);
    if (!steps)
        return std::nullopt;
    return steps->empty() ? leaf : steps->back().result;
}

bool verifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof, const Hash& root)
{
    return rootOf(leaf, index, size, proof) == root;
}

bool verifyConsistency(std::uint64_t size1, std::uint64_t size2, const Hash& root1, const Hash& root2, const Proof& proof)
{
    if (size1 == 0 || size1 > size2)
        return false;
    if (size1 == size2)
        return proof.empty() && root1 == root2;
    if (proof.empty())
        return false;
    std::uint64_t place = size1 - 1;
    std::uint64_t last = size2 - 1;
    const int shift = std::countr_one(place);
    place >>= shift;
    last >>= shift;
    // A first tree that is full is a node of the second, and so it is left out of the proof.
    std::size_t next = 0;
    Hash old = std::has_single_bit(size1) ? root1 : proof[next++];
    Hash now = old;
    for (; next < proof.size(); ++next) {
        if (last == 0)
            return false;
        if ((place & 1) == 1 || place == last) {
            old = nodeHash(proof[next], old);
            now = nodeHash(proof[next], now);
            while ((place & 1) == 0 && place != 0) {
                place >>= 1;
                last >>= 1;
            }
        } else {
            now = nodeHash(now, proof[next]);
        }
        place >>= 1;
        last >>= 1;
    }
    return last == 0 && old == root1 && now == root2;
}

} // namespace scr::audit
