#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/hash.h"
#include "audit/note.h"
#include "domain/result.h"

namespace scr::audit {

/// C2SP tlog-checkpoint: how large a log is and the root of its tree.
struct Checkpoint {
    std::string origin;
    std::uint64_t size{};
    Hash root{};
    std::vector<std::string> extensions; ///< further lines; this program writes none

    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The text of a note; each line ends with a line feed.
[[nodiscard]] domain::Result<Checkpoint> parseCheckpoint(std::string_view text);
[[nodiscard]] std::string textOf(const Checkpoint& checkpoint);

/// A checkpoint with the note that it came in.
struct SignedCheckpoint {
    Checkpoint checkpoint;
    std::string note; ///< all bytes, signatures included
    std::vector<Signer> signers;

    [[nodiscard]] bool isSignedBy(const VerifierKey& key) const;

    friend bool operator==(const SignedCheckpoint&, const SignedCheckpoint&) = default;
};
/// Reads a note whose text is a checkpoint. Fault::Invalid: malformed. Fault::Rejected: not signed by `log`, signed badly by it
/// or one of the `witnesses`, or of another log than its: the origin is the name of the key, or that name and "/epoch-n".
[[nodiscard]] domain::Result<SignedCheckpoint> openCheckpoint(std::string_view note, const VerifierKey& log,
                                                              const std::vector<VerifierKey>& witnesses = {});

/// The origin of the n-th epoch of the log with that key: the first has the key's name.
[[nodiscard]] std::string originOf(std::string_view keyName, int epoch);

/// A note as one line of text that survives a chat or a mail, and back: its bytes in base64 after "checkpoint:".
[[nodiscard]] std::string lineOf(std::string_view note);
[[nodiscard]] domain::Result<std::string> noteOfLine(std::string_view line);

} // namespace scr::audit
