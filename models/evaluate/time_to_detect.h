#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "detect/rules.h"
#include "domain/result.h"
#include "evaluate/summary.h"
#include "simulate/scenario.h"

namespace scr::evaluate {

/// How far one campaign came before a flag above low named one of its votes.
struct Detection {
    std::string family;
    std::uint64_t votes = 0;             ///< of the attack in all
    std::uint64_t landed = 0;            ///< until it could be seen, that vote included; all of them when it never was
    std::optional<domain::Micros> after; ///< from the attack's first vote to that one; nothing: never
};

/// Scans a simulated site as it was at one moment after another, by halving for each campaign, at most so many of each family:
/// when a scan that ends with a vote of the campaign names it first. To that a live feed adds its own delay: a second for what
/// one token does, up to its next thorough look for what takes a scan of the window.
[[nodiscard]] domain::Result<std::vector<Detection>> timesToDetect(const simulate::Scenario& scenario, const detect::Rules& rules,
                                                                   std::size_t ofFamily, const domain::KeepGoing& keepGoing);

/// A line a family: votes landed and time, median and ninth decile.
[[nodiscard]] std::vector<Line> tableOf(const std::vector<Detection>& detections);

} // namespace scr::evaluate
