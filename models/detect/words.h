#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rules.h"
#include "domain/flag.h"

namespace scr::detect {

/// "1,204"
[[nodiscard]] std::string countText(std::uint64_t number);

/// "1 vote", "1,204 votes"
[[nodiscard]] std::string countOf(std::uint64_t number, std::string_view one, std::string_view many);

/// A score or a difference of scores: "1,204", "-3", "0.25".
[[nodiscard]] std::string pointsText(double points);

/// "once in 10^13 tries" from log10 of the probability.
[[nodiscard]] std::string tryText(double log10Probability);
/// "less likely than 1 in 10^13"
[[nodiscard]] std::string oddsText(double log10Probability);

/// A key as it may stand in a sentence: made visible and shortened.
[[nodiscard]] std::string keyText(std::string_view key);

/// The thresholds of a detector's rule as a flag carries them.
template <class Rule>
[[nodiscard]] std::vector<domain::RuleParameter> parametersOf(const Rule& rule);

} // namespace scr::detect
