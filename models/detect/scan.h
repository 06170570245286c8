#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detect/rules.h"
#include "domain/flag.h"
#include "domain/result.h"
#include "domain/vote_columns.h"

namespace scr::detect {

struct ScanOptions {
    std::vector<domain::DetectorId> detectors; ///< empty: all; a site's own rules are not run here
    unsigned threads = 1;                      ///< 0: as many as the machine has; the flags are the same for any number
};

/// A detector that could not run on this source, and why.
struct SkippedDetector {
    domain::DetectorId detector{};
    std::string reason;     ///< one sentence
    std::string siteRule{}; ///< name or file of a site's own rule
    friend bool operator==(const SkippedDetector&, const SkippedDetector&) = default;
};

/// Findings beyond the rules' limit of flags per detector; the worst were kept.
struct LeftOutFlags {
    domain::DetectorId detector{};
    std::uint64_t flags{};
    std::string siteRule{};
    friend bool operator==(const LeftOutFlags&, const LeftOutFlags&) = default;
};

/// Suspects that a screen named beyond what its list holds: what they did was not looked at.
struct UnseenSuspects {
    domain::DetectorId detector{};
    std::uint64_t suspects{};
    friend bool operator==(const UnseenSuspects&, const UnseenSuspects&) = default;
};

struct ScanReport {
    std::vector<domain::Flag> flags; ///< worst first, see domain::isWorse
    std::vector<SkippedDetector> skipped;
    std::vector<LeftOutFlags> leftOut;
    std::vector<UnseenSuspects> unseen;
    std::uint64_t votes{};
    std::uint64_t attempts{};
    double expectedFalse{}; ///< flags that chance raises on so many votes, at most
    double days{};          ///< between the first and the last vote
    std::string ruleVersion;
    friend bool operator==(const ScanReport&, const ScanReport&) = default;
};

/// Those of kDetectors for which the input has what they need.
[[nodiscard]] std::vector<domain::DetectorId> detectorsThatCanRun(const domain::ScanInput& input);

/// Runs the detectors over what was read, and adds what the site's own rules found. Rank impacts are not filled in:
/// rank::addImpacts does that. `keepGoing` is called at least every 2^16 votes, one call at a time; false ends with
/// Fault::Cancelled.
[[nodiscard]] domain::Result<ScanReport> scan(const domain::ScanInput& input, const Rules& rules, const ScanOptions& options,
                                              const domain::KeepGoing& keepGoing);

} // namespace scr::detect
