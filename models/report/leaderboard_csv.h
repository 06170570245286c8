#pragma once

#include <string>

#include "domain/result.h"
#include "rank/leaderboard.h"

namespace scr::report {

/// The leaderboard through time as a CSV file that is safe to open in a spreadsheet: one line for each post of the series and end
/// of a bin, with time, post, title, rank (empty when below the top) and score.
[[nodiscard]] domain::Status writeLeaderboardCsv(const rank::BumpSeries& series, const std::string& path);

} // namespace scr::report
