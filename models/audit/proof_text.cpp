#include "audit/proof_text.h"

#include <charconv>

#include <fmt/format.h>

namespace scr::audit {

using domain::failure;
using domain::Fault;
using domain::Result;

namespace {

constexpr std::string_view kHead = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMostHashes = 63;

std::string_view takeLine(std::string_view& rest)
{
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

} // namespace

std::string textOf(const EntryProof& proof)
{
    std::string text{kHead};
    if (!proof.entry.empty())
        text += fmt::format("{}{}\n", kExtra, base64Of(proof.entry));
    text += fmt::format("{}{}\n", kIndex, proof.index);
    for (const Hash& hash : proof.proof)
        text += base64Of(bytesOf(hash)) + '\n';
    return text + '\n' + proof.note;
}

Result<EntryProof> parseProof(std::string_view text)
{
    const auto bad = [](std::string_view what) {
        return failure(Fault::Invalid, fmt::format("that is not a proof: {}", what), "Take the file as it was saved, all of it");
    };
    if (!text.starts_with(kHead))
        return bad("its first line is not c2sp.org/tlog-proof@v1");
    text.remove_prefix(kHead.size());
    EntryProof proof;
    if (text.starts_with(kExtra)) {
        auto entry = bytesOfBase64(takeLine(text).substr(kExtra.size()));
        if (!entry || entry->empty())
            return bad("its extra data is not base64");
        proof.entry = *std::move(entry);
    }
    const std::string_view line = takeLine(text);
    const std::string_view digits = line.substr(std::min(line.size(), kIndex.size()));
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), proof.index);
    if (!line.starts_with(kIndex) || problem != std::errc{} || end != digits.data() + digits.size() ||
        fmt::format("{}", proof.index) != digits)
        return bad("it has no index");
    while (!text.empty() && text.front() != '\n') {
        const auto hash = hashOfBase64(takeLine(text));
        if (!hash || proof.proof.size() == kMostHashes)
            return bad("one of its lines is not a hash, or there are too many");
        proof.proof.push_back(*hash);
    }
    if (text.empty())
        return bad("it has no checkpoint");
    proof.note = text.substr(1);
    return proof;
}

} // namespace scr::audit
