#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "detect/rules.h"
#include "domain/flag.h"
#include "domain/result.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// What one detector's test says about everybody, suspects or not. On votes without manipulation a share of at most a of the
/// tests may have a probability of at most a. Rings, lockstep groups and dense blocks are one test a stream, as their probability
/// allows for every group there could be.
struct Calibration {
    static constexpr std::array<int, 4> kLevels{2, 3, 4, 5}; ///< a = 10^-level

    domain::DetectorId detector{};
    std::uint64_t tests = 0;
    std::array<std::uint64_t, kLevels.size()> below{}; ///< tests with a probability of at most 10^-level

    void add(double log10Probability) noexcept
    {
        ++tests;
        for (std::size_t at = 0; at < kLevels.size(); ++at)
            below[at] += log10Probability <= -kLevels[at] ? 1U : 0U;
    }
};

/// Runs every statistical test over all it could ask about: each 8, 16, 32 and 64 votes of a token, each window of pauses, each
/// author a token voted on within a quarter of an hour, each network on each post; each token's beginnings and
/// each network's throwaway tokens; of posts the e-values of their contrast, as
/// 1/e. Takes memory by the number of such pairs; for samples of a few million votes.
[[nodiscard]] domain::Result<std::vector<Calibration>> calibrate(const domain::ScanInput& input, const Rules& rules,
                                                                 const domain::KeepGoing& keepGoing);

} // namespace scr::detect
