#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/flag.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// Bars of the attempts of those rows, in their order; an accepted one whose vote is among `extraVotes` is marked. At most 200:
/// a longer storm keeps its first.
[[nodiscard]] domain::AttemptWaterfall waterfallOfAttempts(const domain::AttemptColumns& attempts,
                                                           std::span<const std::uint32_t> rows,
                                                           const std::vector<domain::VoteKey>& extraVotes);

/// Where there is no attempt log: bars without an end from counted votes, all but the first of them too many.
[[nodiscard]] domain::AttemptWaterfall waterfallOfVotes(const domain::VoteColumns& votes, std::span<const std::uint32_t> rows);

/// "All 14 attempts come from one address", "The 14 attempts come from 3 addresses"; empty where addresses are not known.
[[nodiscard]] std::string originSentence(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> rows);

/// "180 for the token, 20 by the rate limit"; empty where none was refused.
[[nodiscard]] std::string refusalText(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> rows);

/// "9 of the 14 attempts carry one request key"; empty where no two of them share one.
[[nodiscard]] std::string requestSentence(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> rows);

} // namespace scr::detect
