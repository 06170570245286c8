#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"
#include "domain/time.h"

namespace scr::detect {

/// Thresholds of one detector; resources/rules/default.toml says what each of them means.
struct DuplicateVotesRule {
    domain::Micros raceWindow{};
    std::uint32_t criticalVotes{}; ///< this many within one race window are critical
    std::uint32_t manyVotes{};     ///< this many in all are high even when spread out
    friend bool operator==(const DuplicateVotesRule&, const DuplicateVotesRule&) = default;
};

struct CounterDriftRule {
    double tolerancePoints{};
    double toleranceShare{}; ///< of the sum of the absolute values, for the noise of floating point
    double highPoints{};
    double highShare{};
    double criticalPoints{};
    double criticalShare{};
    double shareFromPoints{}; ///< smaller differences are not judged by share
    friend bool operator==(const CounterDriftRule&, const CounterDriftRule&) = default;
};

struct ConcurrentAttemptsRule {
    domain::Micros window{};
    std::uint32_t attempts{};
    std::uint32_t overlapDepth{};
    std::uint32_t acceptedVotes{}; ///< accepted within the window: got through
    std::uint32_t manyAttempts{};  ///< a blocked storm of this size is medium
    friend bool operator==(const ConcurrentAttemptsRule&, const ConcurrentAttemptsRule&) = default;
};

struct TokenBurstRule {
    double maxProbability{};
    double fasterFactor{}; ///< people this much faster than the site's typical voter are innocent
    domain::Micros sessionGap{};
    std::uint32_t gapsPerTokenDay{};
    std::uint32_t ownGaps{};
    std::uint32_t assumedGaps{}; ///< weight of the assumed rhythm, in gaps
    domain::Micros assumedMedian{};
    double assumedSpread{}; ///< sigma of the assumed log-normal law
    double runFactor{};
    std::uint32_t mediumVotes{};
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    domain::Micros possibleGap{};
    double batchShare{};
    friend bool operator==(const TokenBurstRule&, const TokenBurstRule&) = default;
};

struct Rules {
    std::string version;
    std::uint32_t flagsPerDetector{}; ///< the worst are kept, the report says how many were left out
    DuplicateVotesRule duplicateVotes;
    CounterDriftRule counterDrift;
    ConcurrentAttemptsRule concurrentAttempts;
    TokenBurstRule tokenBurst;
    friend bool operator==(const Rules&, const Rules&) = default;
};

/// Reads rules from TOML; what a file leaves out has its default. An unknown key, a missing unit or a value out of range is an
/// error with its line.
[[nodiscard]] domain::Result<Rules> parseRules(std::string_view toml);

/// The rules the program carries: resources/rules/default.toml.
[[nodiscard]] const Rules& defaultRules();

} // namespace scr::detect
