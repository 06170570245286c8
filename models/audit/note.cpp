#include "audit/note.h"

#include <algorithm>

#include <sodium.h>

#include <fmt/format.h>

#include "audit/hash.h"
#include "audit/utf8.h"

namespace scr::audit {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;

namespace {

constexpr std::size_t kMostBytes = 1'000'000;
constexpr std::size_t kMostSignatures = 100;
constexpr std::string_view kDash = "\xe2\x80\x94 "; // em dash, space

tl::unexpected<domain::Error> malformed(std::string_view what)
{
    return failure(Fault::Invalid, fmt::format("that is not a signed note: {}", what),
                   "Take the note as it was given out, all of it");
}

/// UTF-8 without control characters other than line feeds.
bool isNoteText(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto character = takeCharacter(bytes);
        if (!character || (*character < 0x20 && *character != U'\n'))
            return false;
    }
    return true;
}

std::optional<NoteSignature> parseSignature(std::string_view line)
{
    if (!line.starts_with(kDash))
        return std::nullopt;
    line.remove_prefix(kDash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || space == 0)
        return std::nullopt;
    const std::string_view name = line.substr(0, space);
    for (std::string_view rest = name; !rest.empty();) {
        const auto character = takeCharacter(rest);
        if (!character || isSpace(*character) || *character == U'+')
            return std::nullopt;
    }
    const auto bytes = bytesOfBase64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5)
        return std::nullopt;
    std::uint32_t id = 0;
    for (std::size_t i = 0; i < 4; ++i)
        id = id << 8 | static_cast<unsigned char>((*bytes)[i]);
    return NoteSignature{std::string{name}, id, bytes->substr(4)};
}

std::int64_t timeOf(std::string_view bytes)
{
    std::uint64_t time = 0;
    for (std::size_t i = 0; i < 8; ++i)
        time = time << 8 | static_cast<unsigned char>(bytes[i]);
    return time > static_cast<std::uint64_t>(INT64_MAX) ? -1 : static_cast<std::int64_t>(time);
}

std::string cosignedMessage(std::string_view text, std::int64_t time)
{
    return fmt::format("cosignature/v1\ntime {}\n{}", time, text);
}

bool isGood(std::string_view message, std::string_view signature, const VerifierKey& key)
{
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                                       key.key.data()) == 0;
}

/// Nothing when the signature is bad.
std::optional<Signer> check(const Note& note, const NoteSignature& signature, const VerifierKey& key)
{
    if (key.type == SignatureType::Log)
        return isGood(note.text, signature.bytes, key) ? std::optional{Signer{key, {}}} : std::nullopt;
    if (signature.bytes.size() != 8 + crypto_sign_BYTES)
        return std::nullopt;
    const std::int64_t time = timeOf(signature.bytes);
    constexpr std::int64_t kYear10000 = 253'402'300'800;
    const bool good = time >= 0 && time < kYear10000 &&
                      isGood(cosignedMessage(note.text, time), std::string_view{signature.bytes}.substr(8), key);
    return good ? std::optional{Signer{key, time}} : std::nullopt;
}

} // namespace

Result<Note> parseNote(std::string_view bytes)
{
    if (bytes.size() > kMostBytes)
        return malformed("it is larger than a megabyte");
    if (!isNoteText(bytes))
        return malformed("it is not UTF-8 text without control characters");
    const auto split = bytes.rfind("\n\n");
    if (split == std::string_view::npos || !bytes.ends_with('\n'))
        return malformed("it has no empty line before its signatures, or no line feed at its end");
    Note note{std::string{bytes.substr(0, split + 1)}, {}};
    std::string_view rest = bytes.substr(split + 2);
    if (rest.empty())
        return malformed("it has no signature");
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        auto signature = parseSignature(rest.substr(0, end));
        if (!signature)
            return malformed("a line after its text is no signature");
        if (note.signatures.size() == kMostSignatures)
            return malformed("it has more than 100 signatures");
        note.signatures.push_back(*std::move(signature));
        rest.remove_prefix(end + 1);
    }
    return note;
}

Result<std::vector<Signer>> signersOf(const Note& note, const std::vector<VerifierKey>& keys)
{
    std::vector<Signer> signers;
    for (const VerifierKey& key : keys) {
        const auto mine = std::ranges::find_if(note.signatures, [&](const NoteSignature& signature) {
            return signature.name == key.name && signature.id == key.id;
        });
        if (mine == note.signatures.end())
            continue;
        const auto signer = check(note, *mine, key);
        if (!signer)
            return failure(Fault::Rejected, fmt::format("the signature of {} is not good", key.name),
                           "The note was altered, or signed by somebody else under that name");
        signers.push_back(*signer);
    }
    return signers;
}

Result<std::string> signatureLine(std::string_view text, const SigningKey& key, std::optional<std::int64_t> time)
{
    const bool isCosigner = key.verifier().type == SignatureType::Cosignature;
    if (text.empty() || !text.ends_with('\n') || !isNoteText(text))
        return malformed("its text must be UTF-8 without control characters, and end with a line feed");
    if (isCosigner != time.has_value() || time.value_or(0) < 0)
        return failure(Fault::Invalid, "a witness signs with the time and a log without",
                       isCosigner ? "Sign with a key of a log" : "Make a key for a witness: keygen --witness");
    std::string signature;
    for (int shift = 24; shift >= 0; shift -= 8)
        signature += static_cast<char>(key.verifier().id >> shift & 0xff);
    for (int shift = 56; isCosigner && shift >= 0; shift -= 8)
        signature += static_cast<char>(static_cast<std::uint64_t>(*time) >> shift & 0xff);
    const auto signedBytes = key.sign(isCosigner ? cosignedMessage(text, *time) : std::string{text});
    signature.append(reinterpret_cast<const char*>(signedBytes.data()), signedBytes.size());
    return fmt::format("{}{} {}\n", kDash, key.verifier().name, base64Of(signature));
}

Result<std::string> signNote(std::string_view text, const SigningKey& key)
{
    const auto line = signatureLine(text, key);
    if (!line)
        return failureOf(line);
    return fmt::format("{}\n{}", text, *line);
}

} // namespace scr::audit
