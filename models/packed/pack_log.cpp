#include "packed/pack_log.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "audit/frontier.h"
#include "audit/tiles.h"

namespace scr::packed {

using audit::Hash;
using audit::kTileWidth;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;

namespace {

constexpr std::size_t kTilesKept = 64;
constexpr std::uint64_t kLongestTile = kTileWidth * sizeof(Hash);
constexpr std::uint64_t kLongestBundle = kTileWidth * (2 + 65'535);
constexpr std::uint64_t kLongestNote = 1'000'000;
constexpr std::size_t kMostNotes = 1000; ///< as many as a program that makes packs puts in, and more

} // namespace

Result<const std::vector<Hash>*> PackLog::tile(int level, std::uint64_t number)
{
    if (const auto kept = m_tiles.find({level, number}); kept != m_tiles.end())
        return &kept->second;
    const std::uint64_t width = audit::tileWidth(level, number, m_size);
    const std::string path = "data/log/" + audit::tilePath(level, number, width);
    const auto bytes = width > 0 ? m_folder.read(path, kLongestTile) : Result<std::string>{failure(Fault::NotFound, {})};
    if (!bytes)
        return failure(Fault::NotFound, fmt::format("the pack has no hashes of these leaves: {}", path),
                       "A pack holds what leads from its entries to the root, and no more");
    if (bytes->size() != width * sizeof(Hash))
        return failure(Fault::Corrupt, fmt::format("{} is of the wrong length", path), "Verify the pack");
    std::vector<Hash> hashes;
    for (std::size_t at = 0; at < bytes->size(); at += sizeof(Hash))
        hashes.push_back(*audit::hashOf(std::string_view{*bytes}.substr(at, sizeof(Hash))));
    if (m_tiles.size() >= kTilesKept)
        m_tiles.clear();
    return &m_tiles.emplace(std::pair{level, number}, std::move(hashes)).first->second;
}

Result<std::vector<Hash>> PackLog::hashes(int level, std::uint64_t first, std::uint64_t count)
{
    std::vector<Hash> all;
    if (first >= m_size || count > m_size - first)
        return failure(Fault::NotFound, "the log of the pack ends before these leaves");
    for (std::uint64_t at = first; all.size() < count; ++at) {
        const auto found = tile(level, at / kTileWidth);
        if (!found)
            return failureOf(found);
        if (at % kTileWidth >= (*found)->size())
            return failure(Fault::NotFound, "the log of the pack ends before these leaves");
        all.push_back((**found)[at % kTileWidth]);
    }
    return all;
}

Result<std::optional<std::vector<std::string>>> PackLog::entries(std::uint64_t bundle) const
{
    const std::uint64_t width = audit::tileWidth(0, bundle, m_size);
    const std::string path = "data/log/" + audit::bundlePath(bundle, width);
    if (width == 0 || !m_folder.has(path))
        return std::optional<std::vector<std::string>>{};
    const auto bytes = m_folder.read(path, kLongestBundle);
    if (!bytes)
        return failureOf(bytes);
    const auto views = audit::entriesOf(*bytes);
    if (!views)
        return failureOf(views);
    return std::vector<std::string>{views->begin(), views->end()};
}

Result<std::map<std::uint64_t, std::string>> PackLog::notes() const
{
    std::map<std::uint64_t, std::string> notes;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator{m_folder.placeOf("data/log/checkpoints"), ignored}) {
        const std::string name = entry.path().filename().string();
        std::uint64_t size = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), size).ptr != name.data() + name.size())
            continue;
        if (auto note = m_folder.read("data/log/checkpoints/" + name, kLongestNote)) // else the verifier tells of it
            notes[size] = *std::move(note);
        if (notes.size() == kMostNotes)
            break;
    }
    auto newest = m_folder.read("data/log/checkpoint", kLongestNote);
    if (!newest)
        return failure(Fault::Corrupt, "the pack has no checkpoint that can be read", "Verify the pack, and ask for it again");
    notes[m_size] = *std::move(newest);
    return notes;
}

} // namespace scr::packed
