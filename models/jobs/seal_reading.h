#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/known_log.h"
#include "audit/proof.h"
#include "domain/result.h"
#include "jobs/log_trust.h"
#include "jobs/verify_log.h"
#include "ports/log_source.h"

namespace scr::jobs {

/// A checkpoint as a list shows it.
struct CheckpointLine {
    std::uint64_t size{};
    std::string root; ///< hex
    domain::UtcTime signedAt{};
    bool isGood{};                         ///< signed by the log's key, and what its row says
    std::vector<audit::Witness> witnesses; ///< who signed it as well
    std::string note;

    friend bool operator==(const CheckpointLine&, const CheckpointLine&) = default;
};

/// How a log is sealed, as it is looked at every few seconds.
struct SealReading {
    VerifyReport report; ///< of its newest checkpoint
    LogTrust trust;
    std::uint64_t waiting{};                 ///< entries that no checkpoint has yet
    std::chrono::microseconds waitsFor{};    ///< the oldest of them, when it was read
    std::vector<CheckpointLine> checkpoints; ///< the newest first, at most 50
    std::vector<ports::SealAlarm> alarms;    ///< the newest first
    std::optional<audit::KnownLog> learned;  ///< to be remembered

    friend bool operator==(const SealReading&, const SealReading&) = default;
};
/// `named`: what keys a person named. Fault::NotFound: it was never sealed.
[[nodiscard]] domain::Result<SealReading> readSeal(ports::LogSource& source, const std::optional<audit::KnownLog>& known,
                                                   const NamedKeys& named);

/// That one entry is in the log, step by step.
struct LeafProof {
    std::uint64_t leaf{};
    audit::Hash hash{};
    std::string entry; ///< bytes
    audit::SignedCheckpoint checkpoint;
    std::vector<audit::ProofStep> steps;
    std::string text;    ///< C2SP tlog-proof
    std::string problem; ///< why it is not in the log; empty: it is
    std::chrono::microseconds took{};

    friend bool operator==(const LeafProof&, const LeafProof&) = default;
};
/// Against the newest checkpoint. Fault::NotFound: the leaf is behind it.
[[nodiscard]] domain::Result<LeafProof> proveLeaf(ports::LogSource& source, const audit::VerifierKey& key, std::uint64_t leaf);

/// That the log of a checkpoint begins with that of an earlier one.
struct ConsistencyProof {
    std::uint64_t earlier{}; ///< entries
    std::uint64_t later{};
    std::size_t hashes{}; ///< that show it
    std::string problem;  ///< why it does not; empty: it does

    friend bool operator==(const ConsistencyProof&, const ConsistencyProof&) = default;
};
/// Of two checkpoints of the newest epoch, in either order, both signed by the key.
[[nodiscard]] domain::Result<ConsistencyProof> proveConsistency(ports::LogSource& source, const audit::VerifierKey& key,
                                                                const std::string& note, const std::string& otherNote);

} // namespace scr::jobs
