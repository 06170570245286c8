#pragma once

#include "verify/json.h"
#include "verify/pack.h"

/// Manifests, signatures, and the tree of the log that is signed.
namespace scr::verify {

inline constexpr std::string_view kPayload = "manifest-sha256.txt";
inline constexpr std::string_view kSigned = "tagmanifest-sha256.txt";
inline constexpr std::string_view kSignature = "tagmanifest-sha256.txt.minisig";
inline constexpr std::size_t kHash = 32;            ///< bytes
inline constexpr std::size_t kMostNote = 1'000'000; ///< bytes, and of pack.json

inline bool isPath(std::string_view path)
{
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";
    const std::string whole = '/' + std::string{path} + '/';
    const auto has = [&whole](const char* what) { return whole.find(what) != std::string::npos; };
    return path.size() <= 255 && whole.find_first_not_of(kLetters) == std::string::npos && !has("//") && !has("/./") &&
           !has("/../");
}

/// Paths, and the SHA-256 of the files in hex.
using Listed = std::map<std::string, std::string, std::less<>>;

inline Listed manifestOf(std::string_view path, std::string_view bytes, Findings& findings)
{
    const auto belongs = [path](std::string_view name) { return name.starts_with("data/") == (path == kPayload); };
    Listed listed;
    std::string last;
    for (std::uint64_t row = 1; !bytes.empty(); ++row) {
        const auto line = takeUntil(bytes, '\n');
        const std::string_view hex = line.value_or("").substr(0, 64);
        const std::string_view name = line && line->substr(hex.size()).starts_with("  ") ? line->substr(hex.size() + 2) : "";
        const bool isGood = isHex(hex, 64) && isPath(name) && belongs(name);
        if (!isGood || name <= last)
            findings.add(path, row, "row " + std::to_string(row) + (isGood ? ": out of order" : ": malformed"));
        if (isGood)
            listed.emplace(last = name, hex);
        bytes = line ? bytes : "";
    }
    for (const std::string_view name :
         {"data/log/checkpoint", "data/pack.json", "data/rows/attempts.csv", "data/rows/decisions.csv", "data/rows/origins.csv",
          "data/rows/tokens.csv", "data/rows/voids.csv", "data/rows/voided_votes.csv", "data/rows/votes.csv",
          "manifest-sha256.txt", "bag-info.txt", "bagit.txt"}) {
        if (belongs(name) && !listed.contains(name))
            findings.add(path, 0, "does not list " + std::string{name});
    }
    return listed;
}

/// Reads both manifests into the pack's files; tells what is listed and not there, or there and not listed.
inline void readManifests(Pack& pack)
{
    Listed all;
    for (const std::string_view path : {kSigned, kPayload})
        all.merge(manifestOf(path, pack.load(path), pack.findings));
    for (const std::string_view path : {kSigned, kSignature})
        all.emplace(path, "");
    for (const auto& [path, hash] : all) {
        if (File* file = pack.find(path))
            file->listed = hash;
        else
            pack.findings.add(path, 0, "missing");
    }
    for (const auto& [path, file] : pack.files) {
        if (!all.contains(path))
            pack.findings.add(path, 0, "not listed");
    }
    for (const std::string& folder : pack.folders) {
        const auto inside = all.lower_bound(folder + '/');
        if (inside == all.end() || !inside->first.starts_with(folder + '/'))
            pack.findings.add(folder, 0, "not listed");
    }
}

inline bool isEd25519(std::string_view message, std::string_view signature, std::string_view key)
{
    return signature.size() == crypto_sign_BYTES && key.size() == crypto_sign_PUBLICKEYBYTES &&
           crypto_sign_verify_detached(octets(signature), octets(message), message.size(), octets(key)) == 0;
}

/// Whether `signature` is that of a pack over `message` with the key, both in the text form of minisign.
inline bool isSignedBy(std::string_view message, std::string_view signature, std::string_view key)
{
    constexpr std::string_view kTrusted = "trusted comment: ";
    const auto publicKey = bytesOfBase64(key);
    std::array<std::string_view, 4> lines;
    for (std::string_view& line : lines)
        line = takeUntil(signature, '\n').value_or("");
    const auto bytes = bytesOfBase64(lines[1]);
    const auto global = bytesOfBase64(lines[3]);
    if (!publicKey || !bytes || !global || !signature.empty() || !lines[2].starts_with(kTrusted) ||
        lines[0] != "untrusted comment: scrutineer evidence pack" || !publicKey->starts_with("Ed") || publicKey->size() < 10 ||
        !bytes->starts_with("ED" + publicKey->substr(2, 8)))
        return false;
    std::array<unsigned char, crypto_generichash_BYTES_MAX> digest{};
    crypto_generichash(digest.data(), digest.size(), octets(message), message.size(), nullptr, 0);
    const std::string own = bytes->substr(10);
    const std::string raw = publicKey->substr(10);
    return isEd25519({reinterpret_cast<const char*>(digest.data()), digest.size()}, own, raw) &&
           isEd25519(own + std::string{lines[2].substr(kTrusted.size())}, *global, raw);
}

/// pack.json, as far as a verifier needs it.
struct Description {
    std::string origin, key, exporter;
    std::uint64_t size = 0;
    std::optional<std::int64_t> from, to;
    bool hasAllAttempts = false;

    [[nodiscard]] bool isInPeriod(std::int64_t at) const { return (!from || at >= *from) && (!to || at < *to); }
};

inline std::optional<Description> descriptionOf(std::string_view bytes)
{
    enum { Attempts = 1, Exporter = 3, Format = 5, From, Key, Origin = 9, Size = 13, To };
    constexpr std::array<std::string_view, 16> kFields{
        R"({"adapter":t)", R"(,"attempts":t)", R"(,"environment":t)", R"(,"exporter":t)", R"(,"filter":t)",  R"(,"format":t)",
        R"(,"from":N)",    R"(,"key":t)",      R"(,"made_by":t)",     R"(,"origin":t)",   R"(,"program":t)", R"(,"signed_at":n)",
        R"(,"site":t)",    R"(,"size":n)",     R"(,"to":N)",          R"(,"tokens":t)"};
    Json json;
    std::array<Value, kFields.size()> values;
    const auto text = [&](std::size_t field) { return std::string{values[field].text}; };
    if (!bytes.ends_with('\n') || !json.start(bytes.substr(0, bytes.size() - 1)) || !json.takeObject(kFields, values) ||
        text(Format) != "scrutineer-evidence/1" || values[Size].number < 0 ||
        (text(Attempts) != "all" && text(Attempts) != "chosen"))
        return std::nullopt;
    const auto size = static_cast<std::uint64_t>(values[Size].number);
    const bool isAll = text(Attempts) == "all";
    return Description{text(Origin), text(Key), text(Exporter), size, values[From].time(), values[To].time(), isAll};
}

/// The public key of a log, "name+id+base64" (C2SP signed-note).
struct LogKey {
    std::string name, id, key; ///< 4 bytes, and 32
};

inline std::optional<LogKey> logKeyOf(std::string_view text)
{
    const auto name = takeUntil(text, '+');
    const auto id = takeUntil(text, '+');
    const auto bytes = bytesOfBase64(text);
    if (!name || !id || !bytes || bytes->size() != 1 + crypto_sign_PUBLICKEYBYTES || bytes->front() != 1)
        return std::nullopt;
    const std::string real = Sha256{}.add(*name).add("\n").add(*bytes).end().substr(0, 4);
    return hexOf(real) == *id ? std::optional{LogKey{std::string{*name}, real, bytes->substr(1)}} : std::nullopt;
}

/// C2SP tlog-checkpoint.
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    std::string root; ///< 32 bytes
};

inline std::optional<Checkpoint> checkpointOfText(std::string_view text, std::string_view keyName)
{
    constexpr std::string_view kEpoch = "/epoch-";
    const std::string_view origin = takeUntil(text, '\n').value_or("");
    const auto size = decimal(takeUntil(text, '\n').value_or(""), 18);
    const auto root = bytesOfBase64(takeUntil(text, '\n').value_or(""));
    const std::string_view epoch = origin.substr(std::min(keyName.size(), origin.size()));
    const bool isEpoch = epoch.starts_with(kEpoch) && decimal(epoch.substr(kEpoch.size()), 9).value_or(0) >= 2;
    if (!size || !root || root->size() != kHash || !origin.starts_with(keyName) || !(epoch.empty() || isEpoch))
        return std::nullopt;
    return Checkpoint{std::string{origin}, *size, *root};
}

/// Of a signed note; nothing unless its first line with the key's name and id is a signature with the key, over a text with an
/// origin that the key may sign for.
inline std::optional<Checkpoint> checkpointOf(std::string_view note, const LogKey& key)
{
    const std::string start = "\xe2\x80\x94 " + key.name + ' '; // a dash, in UTF-8
    std::string_view lines = note;
    const std::string_view text = note.substr(0, note.rfind("\n\n") + 1);
    lines.remove_prefix(text.size());
    while (const auto line = takeUntil(lines, '\n')) {
        const auto bytes = bytesOfBase64(line->substr(std::min(start.size(), line->size())));
        if (line->starts_with(start) && bytes && bytes->starts_with(key.id))
            return isEd25519(text, bytes->substr(key.id.size()), key.key) ? checkpointOfText(text, key.name) : std::nullopt;
    }
    return std::nullopt;
}

/// The root of a tree with those hashes, at least one, as leaves (RFC 6962, section 2.1). The last may be the root of a lower
/// tree.
inline std::string rootOver(std::string hashes)
{
    for (std::vector<std::string_view> pairs; hashes.size() > kHash; pairs.clear()) {
        for (std::size_t i = 0; i + 2 * kHash <= hashes.size(); i += 2 * kHash)
            pairs.push_back(std::string_view{hashes}.substr(i, 2 * kHash));
        hashes = Sha256::ofEach('\1', pairs) + hashes.substr(2 * kHash * pairs.size()); // one without another goes up as it is
    }
    return hashes;
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

    /// Calls take(path, leaf, entry) for each entry of a bundle that is as it was sealed; its bytes stay in `bytes`. From any
    /// thread, each place once.
    template <class Take>
    void forEntries(std::uint64_t place, std::string& bytes, const Take& take)
    {
        const auto tile = m_files.find({0, place});
        const auto file = m_files.find({kBundles, place});
        const std::string hashes = tile == m_files.end() ? "" : m_pack.load(*tile->second);
        compareWithParent(0, place, hashes);
        if (file == m_files.end())
            return;
        const std::string& path = file->second->path;
        bytes = m_pack.load(*file->second, kWidth * (2 + 0xffff), std::move(bytes));
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
        const std::string real = Sha256::ofEach('\0', entries);
        for (std::size_t i = 0; i < width; ++i) {
            const std::uint64_t leaf = place * kWidth + i;
            if (real.compare(kHash * i, kHash, hashes, kHash * i, kHash) == 0)
                take(path, leaf, entries[i]);
            else
                m_pack.findings.add(path, leaf, "leaf " + std::to_string(leaf) + ": not the entry that was sealed");
        }
    }

    /// Tells which of the bundles from one place to before another are not there.
    void demandBundles(std::uint64_t first, std::uint64_t end) const
    {
        for (std::uint64_t next = 0; first < end; first = next + 1) {
            const auto file = m_files.lower_bound({kBundles, first});
            next = file == m_files.end() || file->first.first != kBundles ? end : std::min(file->first.second, end);
            if (first < next)
                m_pack.findings.add("data/log/tile/entries", first,
                                    "bundles " + std::to_string(first) + " to " + std::to_string(next - 1) + " are missing");
        }
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

    void compareWithParent(int level, std::uint64_t index, const std::string& hashes) const
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
