#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/known_log.h"
#include "audit/log_check.h"
#include "audit/note.h"
#include "audit/witness.h"
#include "domain/result.h"
#include "domain/vote_columns.h"
#include "ports/log_source.h"

namespace scr::jobs {

struct VerifyOrder {
    audit::VerifierKey key;                      ///< of the log, from elsewhere than its database
    std::vector<std::string> remembered{};       ///< notes of checkpoints that were seen before, of this epoch or one before it
    std::optional<std::uint64_t> from{};         ///< leaf; a range is verified against the newest checkpoint
    std::optional<std::uint64_t> to{};           ///< leaf after the last
    std::vector<audit::VerifierKey> witnesses{}; ///< whose signatures are looked at
    std::map<std::string, audit::Witnessed> witnessed{}; ///< of each origin, whose signatures were seen before
};

struct VerifyReport {
    ports::LogEpoch epoch;
    std::vector<ports::LogEpoch> earlier;          ///< epochs before it, whose trees end where the log could not go on
    std::optional<audit::SignedCheckpoint> newest; ///< nothing: nothing was signed that is signed by the key
    domain::UtcTime signedAt{};                    ///< of the newest, by the database's clock
    std::uint64_t checkpoints{};                   ///< good ones
    audit::Witnessed witnessed;                    ///< of the witnesses that were named
    std::uint64_t from{};
    std::uint64_t to{};               ///< leaves that were looked at: [from, to)
    std::uint64_t verified{};         ///< of these, leaves up to here are vouched for by a signed root
    std::vector<std::string> remarks; ///< about witnesses: whoever may decide may store a line under their name
    std::vector<audit::LogFinding> findings;
    std::uint64_t findingCount{}; ///< more than findings.size() when there are very many

    [[nodiscard]] bool isGood() const noexcept { return findingCount == 0 && newest.has_value(); }
    /// The log is what it signed itself; the signature of a witness may be gone all the same.
    [[nodiscard]] bool isAsSigned() const noexcept;
    /// Entries at the end that have a place, and no signature that vouches for it yet.
    [[nodiscard]] std::uint64_t unsignedTail() const noexcept { return to > verified ? to - verified : 0; }

    friend bool operator==(const VerifyReport&, const VerifyReport&) = default;
};

/// Verifies the newest epoch of a sealed log: the signatures, every root that was signed, every entry against its leaf, the
/// columns against the entry, and that what was seen before is the beginning of it. Blocking. An error means that it could not be
/// verified, not that something is wrong with it: that is a finding.
[[nodiscard]] domain::Result<VerifyReport> verifyLog(ports::LogSource& source, const VerifyOrder& order,
                                                     const domain::KeepGoing& keepGoing);

/// Only whether the newest checkpoint is signed by the key and begins with the one that was seen before: what is done at every
/// connect. Findings as above.
[[nodiscard]] domain::Result<VerifyReport> verifyCheckpoints(ports::LogSource& source, const VerifyOrder& order);

/// Who signed a stored checkpoint beside its log.
[[nodiscard]] std::vector<audit::Witness> witnessesOf(const ports::CheckpointRow& row,
                                                      const std::vector<ports::CosignatureRow>& cosignatures,
                                                      const audit::VerifierKey& log,
                                                      const std::vector<audit::VerifierKey>& witnesses);

/// Signatures that were seen before and are there no more, of witnesses that are in `witnessed`, which says how far those signed
/// that are there.
[[nodiscard]] std::vector<audit::LogFinding> lostSignatures(const audit::Witnessed& seen, const audit::Witnessed& witnessed);

} // namespace scr::jobs
