#include "audit/tree.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace scr::audit {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

/// The largest power of two smaller than `count`, which is at least 2: where RFC 6962 splits a tree.
std::uint64_t splitOf(std::uint64_t count)
{
    return std::bit_floor(count - 1);
}

} // namespace

Result<const std::vector<Hash>*> Tree::tile(int level, std::uint64_t number)
{
    const auto known = m_tiles.find({level, number});
    if (known != m_tiles.end())
        return &known->second;
    const std::uint64_t atLevel = level >= 8 ? 0 : m_size >> (level * kTileHeight);
    const std::uint64_t first = number * kTileWidth;
    if (first >= atLevel)
        return failure(Fault::Corrupt, fmt::format("there is no tile {} at level {} of {} leaves", number, level, m_size));
    auto hashes = m_store.hashes(level, first, std::min(kTileWidth, atLevel - first));
    if (!hashes)
        return failureOf(hashes);
    return &m_tiles.emplace(std::pair{level, number}, *std::move(hashes)).first->second;
}

Result<Hash> Tree::nodeAt(int height, std::uint64_t place)
{
    const int level = height / kTileHeight;
    const int within = height % kTileHeight; // levels between those that are stored are hashed anew
    const std::uint64_t first = place << within;
    const auto hashes = tile(level, first / kTileWidth);
    if (!hashes)
        return failureOf(hashes);
    const std::size_t begin = first % kTileWidth;
    const std::size_t count = std::size_t{1} << within;
    if ((*hashes)->size() < begin + count)
        return failure(Fault::Corrupt, fmt::format("the tile {} at level {} is too short", first / kTileWidth, level));
    std::vector<Hash> row{(*hashes)->begin() + static_cast<std::ptrdiff_t>(begin),
                          (*hashes)->begin() + static_cast<std::ptrdiff_t>(begin + count)};
    for (; row.size() > 1; row.resize(row.size() / 2)) {
        for (std::size_t i = 0; i < row.size() / 2; ++i)
            row[i] = nodeHash(row[2 * i], row[2 * i + 1]);
    }
    return row.front();
}

Result<Hash> Tree::rangeHash(std::uint64_t first, std::uint64_t count)
{
    if (std::has_single_bit(count) && first % count == 0)
        return nodeAt(std::countr_zero(count), first / count);
    const std::uint64_t split = splitOf(count);
    const auto left = rangeHash(first, split);
    if (!left)
        return left;
    const auto right = rangeHash(first + split, count - split);
    return right ? nodeHash(*left, *right) : right;
}

Result<Hash> Tree::root(std::uint64_t size)
{
    return size == 0 ? emptyRoot() : rangeHash(0, size);
}

Status Tree::append(std::uint64_t first, std::uint64_t count, Proof& proof)
{
    const auto hash = rangeHash(first, count);
    if (!hash)
        return failureOf(hash);
    proof.push_back(*hash);
    return Nothing{};
}

Status Tree::path(std::uint64_t index, std::uint64_t first, std::uint64_t count, Proof& proof)
{
    if (count == 1)
        return Nothing{};
    const std::uint64_t split = splitOf(count);
    const bool isLeft = index < split;
    const Status inner = isLeft ? path(index, first, split, proof) : path(index - split, first + split, count - split, proof);
    if (!inner)
        return inner;
    return isLeft ? append(first + split, count - split, proof) : append(first, split, proof);
}

Result<Proof> Tree::inclusion(std::uint64_t index, std::uint64_t size)
{
    if (index >= size || size > m_size)
        return failure(Fault::Invalid, fmt::format("leaf {} is not in a tree of {} leaves", index, size));
    Proof proof;
    const Status done = path(index, 0, size, proof);
    return done ? Result<Proof>{std::move(proof)} : failureOf(done);
}

Status Tree::subproof(std::uint64_t old, std::uint64_t first, std::uint64_t count, bool whole, Proof& proof)
{
    if (old == count) {
        if (whole) // the verifier has the old root
            return Nothing{};
        return append(first, count, proof);
    }
    const std::uint64_t split = splitOf(count);
    const bool isLeft = old <= split;
    const Status inner =
        isLeft ? subproof(old, first, split, whole, proof) : subproof(old - split, first + split, count - split, false, proof);
    if (!inner)
        return inner;
    return isLeft ? append(first + split, count - split, proof) : append(first, split, proof);
}

Result<Proof> Tree::consistency(std::uint64_t size1, std::uint64_t size2)
{
    if (size1 == 0 || size1 > size2 || size2 > m_size)
        return failure(Fault::Invalid, fmt::format("there is no proof from {} to {} leaves", size1, size2));
    Proof proof;
    const Status done = subproof(size1, 0, size2, true, proof);
    return done ? Result<Proof>{std::move(proof)} : failureOf(done);
}

void MemoryHashes::append(const Hash& leaf)
{
    m_full.clear();
    m_frontier.append(leaf, m_full);
    if (m_levels.empty())
        m_levels.emplace_back();
    m_levels[0].push_back(leaf);
    for (const Subtree& subtree : m_full) {
        if (m_levels.size() <= static_cast<std::size_t>(subtree.level))
            m_levels.emplace_back();
        m_levels[static_cast<std::size_t>(subtree.level)].push_back(subtree.hash);
    }
}

Result<std::vector<Hash>> MemoryHashes::hashes(int level, std::uint64_t first, std::uint64_t count)
{
    const auto known = static_cast<std::size_t>(level);
    if (known >= m_levels.size() || first + count > m_levels[known].size())
        return failure(Fault::NotFound, fmt::format("there are no hashes {} to {} of level {}", first, first + count, level));
    const auto begin = m_levels[known].begin() + static_cast<std::ptrdiff_t>(first);
    return std::vector<Hash>{begin, begin + static_cast<std::ptrdiff_t>(count)};
}

} // namespace scr::audit
