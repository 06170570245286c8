#include "audit/checkpoint.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace scr::audit {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;

namespace {

constexpr std::string_view kLine = "checkpoint:";

/// Decimal without sign or leading zeros, as the format writes it; at most 2^63 - 1, which is what a database counts to.
std::optional<std::uint64_t> sizeOf(std::string_view digits)
{
    std::uint64_t size = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    const bool isAll = problem == std::errc{} && end == digits.data() + digits.size();
    if (!isAll || digits.size() > 19 || (digits.size() > 1 && digits.front() == '0') || size > INT64_MAX)
        return std::nullopt;
    return size;
}

bool isOriginOf(std::string_view origin, std::string_view keyName)
{
    if (origin == keyName)
        return true;
    const std::string prefix = fmt::format("{}/epoch-", keyName);
    const auto epoch = origin.starts_with(prefix) ? sizeOf(origin.substr(prefix.size())) : std::nullopt;
    return epoch && *epoch > 1;
}

} // namespace

Result<Checkpoint> parseCheckpoint(std::string_view text)
{
    const auto bad = [](std::string_view what) {
        return failure(Fault::Invalid, fmt::format("that is not a checkpoint: {}", what),
                       "Its lines are the origin, the size and the root in base64");
    };
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos || end == 0)
            return bad("each line has something in it and ends with a line feed");
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() < 3)
        return bad("it has fewer than three lines");
    const auto size = sizeOf(lines[1]);
    const auto root = hashOfBase64(lines[2]);
    if (!size)
        return bad("its size is not a whole number");
    if (!root)
        return bad("its root is not 32 bytes in base64");
    Checkpoint checkpoint{std::string{lines[0]}, *size, *root, {}};
    for (std::size_t i = 3; i < lines.size(); ++i)
        checkpoint.extensions.emplace_back(lines[i]);
    return checkpoint;
}

std::string textOf(const Checkpoint& checkpoint)
{
    std::string text = fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, base64Of(bytesOf(checkpoint.root)));
    for (const std::string& line : checkpoint.extensions)
        text += line + '\n';
    return text;
}

bool SignedCheckpoint::isSignedBy(const VerifierKey& key) const
{
    return std::ranges::any_of(signers, [&](const Signer& signer) { return signer.key == key; });
}

Result<SignedCheckpoint> openCheckpoint(std::string_view note, const VerifierKey& log, const std::vector<VerifierKey>& witnesses)
{
    const auto parsed = parseNote(note);
    if (!parsed)
        return failureOf(parsed);
    auto checkpoint = parseCheckpoint(parsed->text);
    if (!checkpoint)
        return failureOf(checkpoint);
    std::vector<VerifierKey> keys{log};
    keys.insert(keys.end(), witnesses.begin(), witnesses.end());
    auto signers = signersOf(*parsed, keys);
    if (!signers)
        return failureOf(signers);
    SignedCheckpoint opened{*std::move(checkpoint), std::string{note}, *std::move(signers)};
    if (!opened.isSignedBy(log))
        return failure(Fault::Rejected, fmt::format("the checkpoint is not signed by {}", log.name),
                       "Compare the key with the one that the site gave out");
    if (!isOriginOf(opened.checkpoint.origin, log.name))
        return failure(Fault::Rejected, fmt::format("the checkpoint is one of another log ({})", opened.checkpoint.origin),
                       fmt::format("Ask for one of {}", log.name));
    return opened;
}

std::string originOf(std::string_view keyName, int epoch)
{
    return epoch == 1 ? std::string{keyName} : fmt::format("{}/epoch-{}", keyName, epoch);
}

std::string lineOf(std::string_view note)
{
    return fmt::format("{}{}", kLine, base64Of(note));
}

Result<std::string> noteOfLine(std::string_view line)
{
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' '))
        line.remove_suffix(1);
    if (line.starts_with(kLine)) {
        if (auto note = bytesOfBase64(line.substr(kLine.size())))
            return *std::move(note);
    }
    return failure(Fault::Invalid, "that is not a checkpoint in one line", "It begins with checkpoint: and is all on one line");
}

} // namespace scr::audit
