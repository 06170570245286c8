#pragma once

#include "verify/json.h"
#include "verify/tiles.h"

/// Manifests, signatures and what they are about.
namespace scr::verify {

inline constexpr std::string_view kPayload = "manifest-sha256.txt";
inline constexpr std::string_view kSigned = "tagmanifest-sha256.txt";
inline constexpr std::string_view kSignature = "tagmanifest-sha256.txt.minisig";
inline constexpr std::size_t kMostNote = 1'000'000;
inline constexpr std::string_view kDash = "\xe2\x80\x94 ";

inline bool isPath(std::string_view path)
{
    const auto isLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    const std::string names = std::string{path} + '/';
    std::string_view rest = names;
    while (const auto name = takeUntil(rest, '/')) {
        if (name->empty() || name == "." || name == ".." || !std::ranges::all_of(*name, isLetter))
            return false;
    }
    return path.size() <= 255;
}

/// Paths, and the SHA-256 of the files in hex.
using Listed = std::map<std::string, std::string, std::less<>>;

inline Listed manifestOf(std::string_view path, std::string_view bytes, Findings& findings)
{
    Listed listed;
    std::string last;
    for (std::uint64_t row = 1; !bytes.empty(); ++row) {
        const auto line = takeUntil(bytes, '\n');
        const std::string_view hex = line.value_or("").substr(0, 64);
        const std::string_view name = line && line->substr(hex.size()).starts_with("  ") ? line->substr(hex.size() + 2) : "";
        const bool isGood = isHex(hex, 64) && isPath(name) && name.starts_with("data/") == (path == kPayload);
        if (!isGood || name <= last)
            findings.add(path, row, "row " + std::to_string(row) + (isGood ? ": out of order" : ": malformed"));
        if (isGood)
            listed.emplace(last = name, hex);
        bytes = line ? bytes : "";
    }
    const std::vector<std::string_view> tags{"bag-info.txt", "bagit.txt", kPayload};
    const std::vector<std::string_view> data{
        "data/log/checkpoint",   "data/pack.json",       "data/rows/attempts.csv", "data/rows/decisions.csv",
        "data/rows/origins.csv", "data/rows/tokens.csv", "data/rows/voids.csv",    "data/rows/voided_votes.csv",
        "data/rows/votes.csv"};
    for (const std::string_view name : path == kPayload ? data : tags) {
        if (!listed.contains(name))
            findings.add(path, 0, "does not list " + std::string{name});
    }
    return listed;
}

/// Reads both manifests into the pack's files; tells what is listed and not there, or there and not listed.
inline void readManifests(Pack& pack)
{
    Listed all;
    for (const std::string_view path : {kSigned, kPayload}) {
        File* file = pack.find(path);
        all.merge(manifestOf(path, file ? pack.load(*file) : "", pack.findings));
    }
    std::set<std::string> folders;
    for (const auto& [path, hash] : all) {
        if (File* file = pack.find(path))
            file->listed = hash;
        for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
            folders.insert(path.substr(0, slash));
    }
    for (const std::string_view path : {kSigned, kSignature})
        all.emplace(path, "");
    for (const auto& [path, hash] : all) {
        if (!pack.find(path))
            pack.findings.add(path, 0, "missing");
    }
    for (const auto& [path, file] : pack.files) {
        if (!all.contains(path))
            pack.findings.add(path, 0, "not listed");
    }
    for (const std::string& folder : pack.folders) {
        if (!folders.contains(folder))
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
    const auto comment = takeUntil(signature, '\n');
    const auto first = takeUntil(signature, '\n');
    const auto trusted = takeUntil(signature, '\n');
    const auto second = takeUntil(signature, '\n');
    const auto bytes = bytesOfBase64(first.value_or(""));
    const auto global = bytesOfBase64(second.value_or(""));
    if (!publicKey || !bytes || !global || !second || !signature.empty() || !trusted->starts_with(kTrusted) ||
        comment != "untrusted comment: scrutineer evidence pack" || !publicKey->starts_with("Ed") || !bytes->starts_with("ED") ||
        publicKey->size() < 10 || bytes->size() < 10 || bytes->substr(2, 8) != publicKey->substr(2, 8))
        return false;
    std::array<unsigned char, crypto_generichash_BYTES_MAX> digest{};
    crypto_generichash(digest.data(), digest.size(), octets(message), message.size(), nullptr, 0);
    const std::string own = bytes->substr(10);
    const std::string raw = publicKey->substr(10);
    return isEd25519({reinterpret_cast<const char*>(digest.data()), digest.size()}, own, raw) &&
           isEd25519(own + std::string{trusted->substr(kTrusted.size())}, *global, raw);
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
    Json json;
    bool isGood = json.start(bytes.substr(0, bytes.find_last_of('\n'))) && bytes.ends_with('\n');
    std::map<std::string_view, Value> members;
    for (std::string_view name; isGood && json.take(members.empty() ? "{" : ",");) {
        Value value;
        isGood = members.size() < 32 && json.takeString(name) && json.take(":") && json.takeValue(value) &&
                 (members.empty() || members.rbegin()->first < name);
        members.emplace(name, value);
    }
    isGood = isGood && json.takeEnd();
    const auto find = [&](std::string_view name, bool isText) {
        isGood = isGood && members.contains(name) && (members[name].kind == Value::Kind::Text) == isText;
        return members[name];
    };
    const auto text = [&](std::string_view name) { return std::string{find(name, true).text}; };
    const auto number = [&](std::string_view name) {
        const Value value = find(name, false);
        return value.kind == Value::Kind::Number ? std::optional{value.number} : std::nullopt;
    };
    const std::string attempts = text("attempts");
    const std::int64_t size = number("size").value_or(-1);
    Description description{text("origin"), text("key"),  text("exporter"), static_cast<std::uint64_t>(size),
                            number("from"), number("to"), attempts == "all"};
    isGood = text("format") == "scrutineer-evidence/1" && (attempts == "all" || attempts == "chosen") && size >= 0 && isGood;
    return isGood ? std::optional{std::move(description)} : std::nullopt;
}

/// Not empty, UTF-8, without a plus sign and Unicode's White_Space.
inline bool isKeyName(std::string_view name)
{
    constexpr std::array<std::string_view, 26> kNone{"+",      "\t",     "\n",     "\v",     "\f",     "\r",     " ",
                                                     "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                                     "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                                     "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
    const auto isIn = [name](std::string_view none) { return name.find(none) != std::string_view::npos; };
    return !name.empty() && isUtf8(name) && std::ranges::none_of(kNone, isIn);
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
    if (!name || !isKeyName(*name) || !id || !bytes || bytes->size() != 1 + crypto_sign_PUBLICKEYBYTES || bytes->front() != 1)
        return std::nullopt;
    const Hash hash = Sha256{}.add(*name).add("\n").add(*bytes).end();
    const std::string real{hash.data(), 4};
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
    std::vector<std::string_view> lines;
    while (const auto line = takeUntil(text, '\n'))
        lines.push_back(*line);
    if (lines.size() < 3 || !text.empty() || std::ranges::count(lines, "") > 0 || !lines[0].starts_with(keyName))
        return std::nullopt;
    const std::uint64_t size = decimal(lines[1], 19).value_or(UINT64_MAX);
    const auto root = bytesOfBase64(lines[2]);
    const std::string_view epoch = lines[0].substr(keyName.size());
    const bool isEpoch = epoch.starts_with(kEpoch) && decimal(epoch.substr(kEpoch.size()), 9).value_or(0) >= 2;
    if (size > INT64_MAX || !root || root->size() != kHash || !(epoch.empty() || isEpoch))
        return std::nullopt;
    return Checkpoint{std::string{lines[0]}, size, *root};
}

/// Of a signed note; nothing unless it is one, is signed with the key, and has an origin that the key may sign for.
inline std::optional<Checkpoint> checkpointOf(std::string_view note, const LogKey& key)
{
    const auto split = note.rfind("\n\n");
    if (note.size() > kMostNote || split == std::string_view::npos || !isUtf8(note) ||
        std::ranges::any_of(note, [](unsigned char c) { return c < 0x20 && c != '\n'; }))
        return std::nullopt;
    std::string_view rest = note.substr(split + 2);
    std::optional<std::string> mine;
    for (int signatures = 0; !rest.empty(); ++signatures) {
        auto line = takeUntil(rest, '\n');
        if (!line || !line->starts_with(kDash) || signatures == 100)
            return std::nullopt;
        line->remove_prefix(kDash.size());
        const auto name = takeUntil(*line, ' ');
        const auto bytes = bytesOfBase64(*line);
        if (!name || !isKeyName(*name) || !bytes || bytes->size() < 5)
            return std::nullopt;
        if (!mine && *name == key.name && bytes->starts_with(key.id))
            mine = bytes->substr(4);
    }
    const std::string_view text = note.substr(0, split + 1);
    return mine && isEd25519(text, *mine, key.key) ? checkpointOfText(text, key.name) : std::nullopt;
}

} // namespace scr::verify
