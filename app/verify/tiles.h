#pragma once

#include <bit>

#include "verify/pack.h"

namespace scr::verify {

inline constexpr std::size_t kHash = 32; ///< bytes

/// The root of a tree with those hashes, at least one, as leaves (RFC 6962, section 2.1). The last may be the root of a lower
/// tree.
inline Hash rootOver(std::string_view hashes)
{
    Hash root;
    const std::size_t left = std::bit_ceil(hashes.size() / kHash) / 2 * kHash;
    if (left > 0)
        return Sha256{}.add("\1").add(rootOver(hashes.substr(0, left))).add(rootOver(hashes.substr(left))).end();
    std::copy_n(hashes.data(), kHash, root.data());
    return root;
}

/// The tiles and bundles of a pack, in the layout of C2SP tlog-tiles.
class Tiles {
public:
    Tiles(Pack& pack, std::uint64_t size) : m_pack{pack}, m_size{size}
    {
        for (auto& [path, file] : pack.files) {
            if (!file.listed.empty() && path.starts_with(kFolder))
                take(file);
        }
        for (const auto& [key, file] : m_files) {
            if (key.first > 0)
                m_parents.emplace(key, pack.load(*file));
            else
                places.insert(key.second);
        }
        for (const auto& [key, bytes] : m_parents)
            compareWithParent(key.first, key.second, bytes);
    }

    /// Of the first `size` leaves; nothing when a tile that it takes is not there.
    [[nodiscard]] std::string rootOf(std::uint64_t size)
    {
        std::string root{size == 0 ? Sha256{}.end() : std::string_view{}}; // else over what is right of the hashes of a level
        for (int level = 0; size > 0; ++level, size /= kWidth) {
            const auto file = m_files.find({level, size / kWidth});
            if (size % kWidth == 0)
                continue;
            if (file == m_files.end())
                return {};
            root = rootOver(m_pack.load(*file->second).substr(0, kHash * (size % kWidth)) + root);
        }
        return root;
    }

    /// Calls take(path, leaf, bytes) for each entry of a bundle that is as it was sealed. From any thread, each place once.
    template <class Take>
    void forEntries(std::uint64_t place, const Take& take)
    {
        const auto tile = m_files.find({0, place});
        const auto file = m_files.find({kBundles, place});
        const std::string hashes = tile == m_files.end() ? "" : m_pack.load(*tile->second);
        compareWithParent(0, place, hashes);
        if (file == m_files.end())
            return;
        const std::string& path = file->second->path;
        const std::string bytes = m_pack.load(*file->second, kWidth * (2 + 0xffff));
        const std::uint64_t width = widthOf(0, place);
        std::vector<std::string_view> entries;
        std::string_view rest = bytes;
        while (rest.size() >= 2 && entries.size() < width) {
            const std::size_t length = octets(rest)[0] * 256U + octets(rest)[1];
            if (rest.size() < 2 + length)
                break;
            entries.push_back(rest.substr(2, length));
            rest.remove_prefix(2 + length);
        }
        if (hashes.empty())
            return m_pack.findings.add(path, 0, "its tile is not in the pack");
        if (entries.size() != width || !rest.empty())
            return m_pack.findings.add(path, 0, "not made of " + std::to_string(width) + " entries");
        for (std::size_t i = 0; i < width; ++i) {
            const std::uint64_t leaf = place * kWidth + i;
            if (Sha256{}.add({"\0", 1}).add(entries[i]).end() == std::string_view{hashes}.substr(kHash * i, kHash))
                take(path, leaf, entries[i]);
            else
                m_pack.findings.add(path, leaf, "leaf " + std::to_string(leaf) + ": not the entry that was sealed");
        }
    }

    /// Tells which of the bundles from one place to another, that one included, are not there.
    void demandBundles(std::uint64_t first, std::uint64_t last) const
    {
        const auto demand = [&](std::uint64_t next) { // those from `first` to before that one
            if (first < next)
                m_pack.findings.add("data/log/tile/entries", first,
                                    "bundles " + std::to_string(first) + " to " + std::to_string(next - 1) + " are missing");
            first = next + 1;
        };
        for (auto file = m_files.lower_bound({kBundles, first}); file != m_files.lower_bound({kBundles, last + 1}); ++file)
            demand(file->first.second);
        demand(last + 1);
    }

    static constexpr std::uint64_t kWidth = 256;
    std::set<std::uint64_t> places; ///< of which 256 leaves a tile or a bundle is there

private:
    void take(File& file)
    {
        std::string_view rest = std::string_view{file.path}.substr(kFolder.size());
        const int level = rest.starts_with("entries") ? kBundles : rest < "0" ? 9 : rest.front() - '0';
        std::uint64_t index = 0;
        rest = rest.substr(0, rest.find('.'));
        for (const char c : rest.substr(std::min(rest.find('/'), rest.size())))
            index = c >= '0' && c <= '9' ? index * 10 + static_cast<std::uint64_t>(c - '0') : index;
        if (widthOf(level, index) == 0 || pathOf(level, index) != file.path)
            m_pack.findings.add(file.path, 0, "no tile of this log");
        else if (level != kBundles && file.size != kHash * widthOf(level, index))
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
        const auto parent = m_parents.find({level + 1, index / kWidth});
        if (hashes.size() != kHash * kWidth)
            return;
        if (parent == m_parents.end())
            m_pack.findings.add(pathOf(level, index), 0, "its parent is not in the pack");
        else if (rootOver(hashes) != std::string_view{parent->second}.substr(kHash * (index % kWidth), kHash))
            m_pack.findings.add(pathOf(level, index), 0, "does not come to its hash in " + pathOf(level + 1, index / kWidth));
    }

    static constexpr std::string_view kFolder = "data/log/tile/";
    static constexpr int kBundles = -1; ///< in the place of a level
    Pack& m_pack;
    std::uint64_t m_size;
    std::map<std::pair<int, std::uint64_t>, File*> m_files;
    std::map<std::pair<int, std::uint64_t>, std::string> m_parents; ///< all above level 0
};

} // namespace scr::verify
