#pragma once

#include <cstdint>
#include <vector>

#include "domain/flag.h"

namespace scr::detect {

/// A flag that both scans have under the same key, and differently.
struct FlagPair {
    const domain::Flag* before{};
    const domain::Flag* after{};
};

struct DetectorTotals {
    domain::DetectorId detector{};
    std::uint64_t before{}; ///< flags
    std::uint64_t after{};
    std::uint64_t gained{};
    std::uint64_t lost{};
    std::uint64_t severity{};   ///< flags whose severity changed
    std::uint64_t otherVotes{}; ///< flags of the same severity that would take out other votes
    friend bool operator==(const DetectorTotals&, const DetectorTotals&) = default;
};

/// What a second scan of the same votes says differently. It points into the two lists, which must outlive it.
struct FlagDiff {
    std::vector<const domain::Flag*> gained; ///< in the order of the second scan
    std::vector<const domain::Flag*> lost;   ///< in the order of the first
    std::vector<FlagPair> severity;
    std::vector<FlagPair> otherVotes;
    std::vector<DetectorTotals> totals; ///< of the detectors that have a flag in either
    std::uint64_t votesGained{};        ///< that a void of all flags would take out only by the second scan
    std::uint64_t votesLost{};          ///< only by the first
    [[nodiscard]] bool isEmpty() const noexcept
    {
        return gained.empty() && lost.empty() && severity.empty() && otherVotes.empty();
    }
};

/// Flags are the same when their keys are: a finding whose first moment moved is lost and gained.
[[nodiscard]] FlagDiff differenceOf(const std::vector<domain::Flag>& before, const std::vector<domain::Flag>& after);

} // namespace scr::detect
