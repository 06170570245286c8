#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/log_check.h"
#include "audit/tree.h"
#include "domain/result.h"
#include "domain/time.h"

namespace scr::ports {

/// A tree of the sealed log; the one with the highest number grows.
struct LogEpoch {
    int epoch{};
    std::string origin;
    std::string verifier; ///< the public key as the database has it
    std::string reason;   ///< why it began; empty for the first
    domain::UtcTime beganAt{};
    std::uint64_t size{};   ///< entries that have a place, as the log says
    std::uint64_t leaves{}; ///< the number of its last leaf and one: the same, unless somebody changed something

    friend bool operator==(const LogEpoch&, const LogEpoch&) = default;
};

/// A checkpoint as it is stored; whether it is one has to be found out.
struct CheckpointRow {
    std::uint64_t size{};
    std::string root; ///< bytes of the column beside the note
    std::string note;
    domain::UtcTime signedAt{}; ///< by the database's clock
};

/// Further signature lines under a checkpoint.
struct CosignatureRow {
    std::uint64_t size{};
    std::string name;
    std::string line;
    domain::UtcTime storedAt{};
    std::string storedBy; ///< login of the database
};

struct SealAlarm {
    std::string what;
    domain::UtcTime at{};

    friend bool operator==(const SealAlarm&, const SealAlarm&) = default;
};

/// What is not sealed yet, and what a sealer refused to sign.
struct SealStanding {
    std::uint64_t waiting{};              ///< entries that no checkpoint has
    std::chrono::microseconds waitsFor{}; ///< the oldest of them, by the database's clock
    std::vector<SealAlarm> alarms;        ///< of the epoch, the newest first; at most ten
};

/// Reads the sealed log. Blocking: called from a job's thread, never from the window's.
class LogSource {
public:
    LogSource() = default;
    LogSource(const LogSource&) = delete;
    LogSource& operator=(const LogSource&) = delete;
    virtual ~LogSource() = default;

    [[nodiscard]] virtual domain::Result<std::vector<LogEpoch>>
    epochs() = 0; ///< the oldest first; empty: nothing was ever sealed
    /// The smallest first; all of them, or so many of the newest.
    [[nodiscard]] virtual domain::Result<std::vector<CheckpointRow>> checkpoints(int epoch,
                                                                                 std::optional<std::size_t> newest) = 0;
    /// Those below `size` that a reader may want to hold against what was seen elsewhere: the last of each day by the database's
    /// clock, and those that somebody countersigned. The smallest first; of very many the newest `most`.
    [[nodiscard]] virtual domain::Result<std::vector<CheckpointRow>> milestones(int epoch, std::uint64_t size,
                                                                                std::size_t most) = 0;
    [[nodiscard]] virtual domain::Result<SealStanding> standing(int epoch) = 0;
    [[nodiscard]] virtual domain::Result<std::vector<CosignatureRow>> cosignatures(int epoch) = 0; ///< the smallest size first
    [[nodiscard]] virtual domain::Result<std::vector<audit::Hash>> hashes(int epoch, int level, std::uint64_t first,
                                                                          std::uint64_t count) = 0;
    /// Leaves from `from` to `to` (exclusive) in order; `take` answers whether to go on, and the views end with the call.
    [[nodiscard]] virtual domain::Status eachLeaf(int epoch, std::uint64_t from, std::uint64_t to,
                                                  const std::function<bool(const audit::LeafReading&)>& take) = 0;
    /// Entries that should have a place in the epoch and have none.
    [[nodiscard]] virtual domain::Result<std::vector<audit::LogFinding>> slippedIn(int epoch) = 0;
};

/// The hashes of one epoch, as the trees of `audit` ask for them.
class EpochHashes final : public audit::HashStore {
public:
    EpochHashes(LogSource& source, int epoch) : m_source{source}, m_epoch{epoch} {}
    [[nodiscard]] domain::Result<std::vector<audit::Hash>> hashes(int level, std::uint64_t first, std::uint64_t count) override
    {
        return m_source.hashes(m_epoch, level, first, count);
    }

private:
    LogSource& m_source;
    int m_epoch;
};

} // namespace scr::ports
