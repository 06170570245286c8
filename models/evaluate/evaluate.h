#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detect/rules.h"
#include "domain/result.h"
#include "domain/vote_columns.h"
#include "simulate/scenario.h"

namespace scr::evaluate {

/// What became of one family's campaigns on one seed.
struct FamilyResult {
    std::uint64_t campaigns = 0;
    std::uint64_t found = 0; ///< at least half of whose votes would be taken out
    std::uint64_t votes = 0; ///< labelled as attack
    std::uint64_t caught = 0;
};

/// What one detector raised on one seed.
struct DetectorResult {
    std::uint64_t flags = 0;
    std::uint64_t wrong = 0; ///< of them, most of whose votes are no attack
    std::uint64_t votes = 0; ///< that its flags would take out
    std::uint64_t honest = 0;
};

/// One seed, detectors against the truth. Votes that are ambiguous, or that an attacker cast beside the attack, count neither as
/// found nor as wrong.
struct SeedResult {
    std::uint64_t seed = 0;
    std::uint64_t votes = 0;
    std::uint64_t attackVotes = 0;
    std::uint64_t taken = 0; ///< votes that flags above low would take out
    std::uint64_t rightlyTaken = 0;
    std::uint64_t collateral = 0; ///< honest ones among them
    std::uint64_t wrongFlags = 0; ///< flags above low that accuse the honest
    std::uint64_t wrongOnControls = 0;
    double averagePrecision = 0;
    double rankRestored = 1; ///< share of what the attacks moved on the leaderboard that taking the votes out moves back
    std::map<std::string, FamilyResult> families;
    std::map<std::string, DetectorResult> detectors;
    std::vector<double> evaderPlaces; ///< a campaign of an adaptive evader each: places of rank that it bought a day
    std::vector<std::string> remarks; ///< a line for each wrong flag and each campaign that was missed
    double seconds = 0;               ///< that the scan took

    [[nodiscard]] double precision() const noexcept
    {
        return rightlyTaken + collateral == 0
                   ? 1
                   : static_cast<double>(rightlyTaken) / static_cast<double>(rightlyTaken + collateral);
    }
    [[nodiscard]] double recall() const noexcept
    {
        return attackVotes == 0 ? 1 : static_cast<double>(rightlyTaken) / static_cast<double>(attackVotes);
    }
};

/// The columns of a simulated site, attempts included.
[[nodiscard]] domain::Result<domain::ScanInput> scanInputOf(const simulate::Site& site);

/// Simulates, scans and compares.
[[nodiscard]] domain::Result<SeedResult> evaluateSeed(const simulate::Scenario& scenario, const detect::Rules& rules,
                                                      unsigned threads, const domain::KeepGoing& keepGoing);

/// Area under precision and recall by steps; equal scores count as one step. `isAttack` by row; rows of neither kind are left
/// out.
[[nodiscard]] double averagePrecision(const std::vector<float>& scores, const std::vector<signed char>& truth);

} // namespace scr::evaluate
