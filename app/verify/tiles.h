#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verify/pack.h"
#include "verify/text.h"

namespace scr::verify {

/// The root over neighbouring full subtrees, each with its height, the largest first.
inline Hash rootOver(const std::vector<std::pair<Hash, int>>& peaks)
{
    std::vector<std::pair<Hash, int>> merged;
    for (auto [hash, height] : peaks) {
        for (; !merged.empty() && merged.back().second == height; ++height, merged.pop_back())
            hash = nodeHash(merged.back().first, hash);
        merged.emplace_back(hash, height);
    }
    Hash root = merged.empty() ? sha256({}) : merged.back().first;
    for (std::size_t i = merged.size(); i > 1; --i)
        root = nodeHash(merged[i - 2].first, root);
    return root;
}

/// The tiles and bundles of a pack, in the layout of C2SP tlog-tiles.
class Tiles {
public:
    Tiles(Pack& pack, std::uint64_t size) : m_pack{pack}, m_size{size}
    {
        for (auto& [path, file] : pack.files) {
            if (file.listed && path.starts_with(kFolder))
                take(file);
        }
        for (const auto& [key, file] : m_files) {
            if (key.first > 0)
                m_parents.emplace(key, pack.load(*file));
            else
                places.insert(key.second);
        }
        for (const auto& [key, bytes] : m_parents)
            compareWithParent(key.first, key.second, bytes.view);
    }

    /// Of the first `size` leaves; nothing when a tile that it takes is not there.
    [[nodiscard]] std::optional<Hash> rootOf(std::uint64_t size)
    {
        std::vector<std::pair<Hash, int>> peaks;
        for (int level = 7; level >= 0; --level) {
            const std::uint64_t count = size >> (8 * level);
            const auto file = m_files.find({level, count / kWidth});
            if (count % kWidth == 0)
                continue;
            if (file == m_files.end())
                return std::nullopt;
            const Bytes bytes = m_pack.load(*file->second);
            for (std::size_t i = 0; i < count % kWidth; ++i)
                peaks.emplace_back(hashAt(bytes.view, i), 8 * level);
        }
        return rootOver(peaks);
    }

    struct Bundle {
        std::uint64_t place = 0;
        std::string path;
        Bytes bytes;
        std::vector<std::pair<std::uint64_t, std::string_view>> entries; ///< with their leaves; only those that were sealed
    };
    /// From any thread, each place once.
    [[nodiscard]] Bundle bundleAt(std::uint64_t place)
    {
        const auto tile = m_files.find({0, place});
        const auto file = m_files.find({kBundles, place});
        const Bytes hashes = tile == m_files.end() ? Bytes{} : m_pack.load(*tile->second);
        compareWithParent(0, place, hashes.view);
        if (file == m_files.end())
            return {};
        Bundle bundle{place, file->second->path, m_pack.load(*file->second), {}};
        std::string_view rest = bundle.bytes.view;
        const std::uint64_t width = widthOf(0, place);
        while (rest.size() >= 2 && bundle.entries.size() < width) {
            const auto byte = [&rest](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(rest[at])); };
            const std::size_t length = byte(0) << 8U | byte(1);
            if (rest.size() < 2 + length)
                break;
            bundle.entries.emplace_back(place * kWidth + bundle.entries.size(), rest.substr(2, length));
            rest.remove_prefix(2 + length);
        }
        const bool isWhole = bundle.entries.size() == width && rest.empty();
        if (hashes.view.empty())
            m_pack.findings.add(bundle.path, 0, "its tile is not in the pack");
        else if (!isWhole)
            m_pack.findings.add(bundle.path, 0, "not made of " + std::to_string(width) + " entries");
        std::erase_if(bundle.entries, [&](const auto& entry) {
            const bool isLost = hashes.view.empty() || !isWhole;
            const bool isGood = !isLost && leafHash(entry.second) == hashAt(hashes.view, entry.first % kWidth);
            if (!isLost && !isGood)
                m_pack.findings.add(bundle.path, entry.first,
                                    "leaf " + std::to_string(entry.first) + ": not the entry that was sealed");
            return !isGood;
        });
        return bundle;
    }

    /// Tells which of the bundles of these places, the last one included, are not there.
    void demandBundles(std::uint64_t first, std::uint64_t last) const
    {
        auto next = m_files.lower_bound({kBundles, first});
        for (std::uint64_t place = first; place <= last; ++next) {
            const bool isOther = next == m_files.end() || next->first.first != kBundles;
            const std::uint64_t found = isOther ? last + 1 : std::min(next->first.second, last + 1);
            if (found > place)
                m_pack.findings.add("data/log/tile/entries", place,
                                    "bundles " + std::to_string(place) + " to " + std::to_string(found - 1) + " are missing");
            if (isOther)
                return;
            place = found + 1;
        }
    }

    [[nodiscard]] std::uint64_t bytesAt(std::uint64_t place) const
    {
        const auto file = m_files.find({kBundles, place});
        return file == m_files.end() ? 0 : file->second->size;
    }

    std::set<std::uint64_t> places; ///< of which 256 leaves a tile or a bundle is there

private:
    void take(File& file)
    {
        std::string_view rest = std::string_view{file.path}.substr(kFolder.size());
        const auto folder = takeUntil(rest, '/');
        const int level = folder == "entries" ? kBundles : static_cast<int>(decimal(folder.value_or(""), 1).value_or(9));
        std::uint64_t index = 0;
        for (const char c : rest.substr(0, rest.find('.')))
            index = c >= '0' && c <= '9' ? index * 10 + static_cast<std::uint64_t>(c - '0') : index;
        if (widthOf(level, index) == 0 || pathOf(level, index) != file.path)
            m_pack.findings.add(file.path, 0, "no tile of this log");
        else if (level != kBundles && file.size != 32 * widthOf(level, index))
            m_pack.findings.add(file.path, 0, "of wrong length");
        else
            m_files.emplace(std::pair{level, index}, &file);
    }

    [[nodiscard]] std::uint64_t widthOf(int level, std::uint64_t index) const
    {
        const std::uint64_t count = level > 7 ? 0 : m_size >> (8 * std::max(level, 0));
        return index > count / kWidth ? 0 : std::min(kWidth, count - index * kWidth);
    }

    [[nodiscard]] std::string pathOf(int level, std::uint64_t index) const
    {
        const std::uint64_t width = widthOf(level, index);
        const auto group = [](std::uint64_t number) { return std::to_string(1000 + number % 1000).substr(1); };
        std::string path = group(index) + (width == kWidth ? "" : ".p/" + std::to_string(width));
        for (index /= 1000; index > 0; index /= 1000)
            path = 'x' + group(index) + '/' + path;
        return std::string{kFolder} + (level == kBundles ? "entries" : std::to_string(level)) + '/' + path;
    }

    void compareWithParent(int level, std::uint64_t index, std::string_view hashes) const
    {
        if (hashes.size() != 32 * kWidth)
            return;
        std::vector<std::pair<Hash, int>> leaves;
        for (std::size_t i = 0; i < kWidth; ++i)
            leaves.emplace_back(hashAt(hashes, i), 0);
        const auto parent = m_parents.find({level + 1, index / kWidth});
        if (parent == m_parents.end())
            m_pack.findings.add(pathOf(level, index), 0, "its parent is not in the pack");
        else if (rootOver(leaves) != hashAt(parent->second.view, index % kWidth))
            m_pack.findings.add(pathOf(level, index), 0, "does not come to its hash in " + pathOf(level + 1, index / kWidth));
    }

    static constexpr std::uint64_t kWidth = 256;
    static constexpr std::string_view kFolder = "data/log/tile/";
    static constexpr int kBundles = -1; ///< in the place of a level
    Pack& m_pack;
    std::uint64_t m_size;
    std::map<std::pair<int, std::uint64_t>, File*> m_files;
    std::map<std::pair<int, std::uint64_t>, Bytes> m_parents; ///< all above level 0
};

} // namespace scr::verify
