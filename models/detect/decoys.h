#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "detect/scan.h"

namespace scr::detect {

/// Decoys are votes of which no flag can be right: the site's own with what an attack needs shuffled away. Flags there, against
/// flags on the real votes, tell how many of the real ones are false (target-decoy, Elias and Gygi 2007).
enum class Decoy {
    Swap,  ///< within each two hours who cast which vote is shuffled, origin and all
    Jitter ///< each vote is moved by up to an hour either way
};

/// Shuffles in place, the same way for the same seed.
void makeDecoy(domain::ScanInput& input, Decoy decoy, std::uint64_t seed);

struct DecoyAudit {
    struct Row {
        domain::DetectorId detector{};
        std::uint64_t flags = 0;                ///< above low, on the real votes
        std::optional<std::uint64_t> swapFlags; ///< likewise; none where the decoy leaves what the detector looks for
        std::optional<std::uint64_t> jitterFlags;
        /// Of the flags so many are false, at most 1: by the decoy with the more flags. None where no decoy speaks about the
        /// detector, or nothing was flagged anywhere.
        [[nodiscard]] std::optional<double> falseShare() const noexcept;
        friend bool operator==(const Row&, const Row&) = default;
    };
    std::vector<Row> rows; ///< by detector
    std::uint64_t votes = 0;
    std::string ruleVersion;
    friend bool operator==(const DecoyAudit&, const DecoyAudit&) = default;
};

/// Three scans: of the votes as they are and of both decoys. Takes the columns over, as shuffling changes them.
[[nodiscard]] domain::Result<DecoyAudit> auditDecoys(domain::ScanInput input, const Rules& rules, unsigned threads,
                                                     std::uint64_t seed, const domain::KeepGoing& keepGoing);

} // namespace scr::detect
