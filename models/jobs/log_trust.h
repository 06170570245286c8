#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/known_log.h"
#include "audit/note.h"
#include "domain/result.h"
#include "ports/log_source.h"

namespace scr::jobs {

/// Public keys that a person named, "name+id+base64".
struct NamedKeys {
    std::string log;                      ///< empty: none
    std::vector<std::string> witnesses{}; ///< whose signatures under its checkpoints are looked at
};

/// Whom to believe about a log: its key, and what was seen of it before.
struct LogTrust {
    audit::VerifierKey key;
    bool isConfirmed{};                                  ///< a person named the key; else it is the database's own word
    std::vector<std::string> remembered{};               ///< notes of the largest checkpoints that were seen, of each epoch
    std::vector<audit::VerifierKey> witnesses{};         ///< those that a person named
    std::map<std::string, audit::Witnessed> witnessed{}; ///< of each origin, whose signatures were seen before
    std::string leftOut{};                               ///< why one that was named is not among them; empty: all are

    friend bool operator==(const LogTrust&, const LogTrust&) = default;
};

/// The key that a person named, else the one that is remembered, else the one in the database. Fault::Rejected when the log has
/// another key than the one that is remembered, or when a log that is remembered is not among those of the database: both must be
/// explained by a person. Fault::NotFound when nothing was ever sealed and nobody named a key. Fault::Invalid: the key that
/// is named for the log is none. One of a witness that is none is left out.
[[nodiscard]] domain::Result<LogTrust> trustIn(const std::vector<ports::LogEpoch>& epochs,
                                               const std::optional<audit::KnownLog>& known, const NamedKeys& named);

/// What to remember after `seen` was verified, and that those had signed the log; nothing when that is remembered already.
[[nodiscard]] std::optional<audit::KnownLog> learned(const std::optional<audit::KnownLog>& known, const LogTrust& trust,
                                                     const audit::SignedCheckpoint& seen, const audit::Witnessed& witnessed);

} // namespace scr::jobs
