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

#include <sodium.h>

#include "verify/json.h"
#include "verify/pack.h"
#include "verify/text.h"

/// Manifests, signatures and what they are about.
namespace scr::verify {

inline constexpr std::string_view kPayload = "manifest-sha256.txt";
inline constexpr std::string_view kSigned = "tagmanifest-sha256.txt";
inline constexpr std::string_view kSignature = "tagmanifest-sha256.txt.minisig";
inline constexpr std::string_view kDash = "\xe2\x80\x94 ";

inline bool isPath(std::string_view path)
{
    const auto isLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    if (path.size() > 255)
        return false;
    for (bool isLast = false; !isLast;) {
        const auto folder = takeUntil(path, '/');
        const std::string_view name = folder.value_or(path);
        isLast = !folder;
        if (name.empty() || name == "." || name == ".." || !std::ranges::all_of(name, isLetter))
            return false;
    }
    return true;
}

using Listed = std::map<std::string, Hash, std::less<>>;

inline Listed manifestOf(std::string_view path, std::string_view bytes, Findings& findings)
{
    Listed listed;
    std::string last;
    for (std::uint64_t row = 1; !bytes.empty(); ++row) {
        const auto line = takeUntil(bytes, '\n');
        const std::string_view hex = line.value_or("").substr(0, 64);
        const std::string_view name = line && line->substr(hex.size()).starts_with("  ") ? line->substr(hex.size() + 2) : "";
        if (!isHex(hex, 64) || !isPath(name) || name.starts_with("data/") != (path == kPayload)) {
            findings.add(path, row, "row " + std::to_string(row) + ": malformed");
            bytes = line ? bytes : std::string_view{};
            continue;
        }
        if (name <= last)
            findings.add(path, row, "row " + std::to_string(row) + ": out of order");
        last = name;
        Hash hash;
        sodium_hex2bin(hash.data(), hash.size(), hex.data(), hex.size(), nullptr, nullptr, nullptr);
        listed.emplace(name, hash);
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
        all.merge(manifestOf(path, file ? pack.load(*file).view : "", pack.findings));
        if (file)
            file->isChecked = false; // what it should be is known only now
    }
    for (const std::string_view path : {kSigned, kSignature}) {
        if (!pack.find(path))
            pack.findings.add(path, 0, "missing");
    }
    std::set<std::string, std::less<>> folders;
    for (const auto& [path, hash] : all) {
        if (File* file = pack.find(path))
            file->listed = hash;
        else if (path != kSigned && path != kSignature)
            pack.findings.add(path, 0, "missing");
        for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
            folders.insert(path.substr(0, slash));
    }
    for (const auto& [path, file] : pack.files) {
        if (!file.listed && path != kSigned && path != kSignature)
            pack.findings.add(path, 0, "not listed");
    }
    for (const std::string& folder : pack.folders) {
        if (!folders.contains(folder))
            pack.findings.add(folder, 0, "not listed");
    }
}

inline bool isEd25519(std::string_view message, std::string_view signature, std::string_view key)
{
    const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    return signature.size() == crypto_sign_BYTES && key.size() == crypto_sign_PUBLICKEYBYTES &&
           crypto_sign_verify_detached(bytes(signature), bytes(message), message.size(), bytes(key)) == 0;
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
    std::string digest(crypto_generichash_BYTES_MAX, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size(), nullptr, 0);
    const std::string own = bytes->substr(10);
    const std::string raw = publicKey->substr(10);
    return isEd25519(digest, own, raw) && isEd25519(own + std::string{trusted->substr(kTrusted.size())}, *global, raw);
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
    Object object;
    if (!bytes.ends_with('\n') || !object.parse(bytes.substr(0, bytes.size() - 1)) || !object.isOrdered())
        return std::nullopt;
    bool isGood = true;
    const auto text = [&](std::string_view name) {
        const Value* value = object.find(name);
        isGood = isGood && value && value->kind == Value::Kind::Text;
        return std::string{isGood ? value->text : ""};
    };
    const auto number = [&](std::string_view name) {
        const Value* value = object.find(name);
        isGood = isGood && value && value->kind != Value::Kind::Text;
        return isGood && value->kind == Value::Kind::Number ? std::optional{value->number} : std::nullopt;
    };
    const std::string attempts = text("attempts");
    const std::int64_t size = number("size").value_or(-1);
    isGood = isGood && text("format") == "scrutineer-evidence/1" && (attempts == "all" || attempts == "chosen") && size >= 0;
    Description description{text("origin"), text("key"),  text("exporter"), static_cast<std::uint64_t>(size),
                            number("from"), number("to"), attempts == "all"};
    return isGood ? std::optional{std::move(description)} : std::nullopt;
}

inline bool isText(std::string_view bytes, bool (*isGood)(char32_t))
{
    while (!bytes.empty()) {
        const auto character = takeCharacter(bytes);
        if (!character || !isGood(*character))
            return false;
    }
    return true;
}

/// Not empty, without a plus sign and Unicode's White_Space.
inline bool isKeyName(std::string_view name)
{
    return !name.empty() && isText(name, [](char32_t c) {
        return c != U'+' && (c < 0x09 || c > 0x0d) && c != 0x20 && c != 0x85 && c != 0xa0 && c != 0x1680 &&
               (c < 0x2000 || c > 0x200a) && c != 0x2028 && c != 0x2029 && c != 0x202f && c != 0x205f && c != 0x3000;
    });
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
    const std::string real{reinterpret_cast<const char*>(hash.data()), 4};
    return hexOf(real) == *id ? std::optional{LogKey{std::string{*name}, real, bytes->substr(1)}} : std::nullopt;
}

/// C2SP tlog-checkpoint.
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};
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
    if (size > INT64_MAX || !root || root->size() != Hash{}.size() || !(epoch.empty() || isEpoch))
        return std::nullopt;
    return Checkpoint{std::string{lines[0]}, size, hashAt(*root, 0)};
}

/// Of a signed note; nothing unless it is one, is signed with the key, and has an origin that the key may sign for.
inline std::optional<Checkpoint> checkpointOf(std::string_view note, const LogKey& key)
{
    const auto split = note.rfind("\n\n");
    if (note.size() > 1'000'000 || split == std::string_view::npos ||
        !isText(note, [](char32_t c) { return c >= 0x20 || c == U'\n'; }))
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
