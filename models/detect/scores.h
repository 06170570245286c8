#pragma once

#include <vector>

#include "detect/scan.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// How suspicious each vote is, 0 to 1, row by row: above 0.5 where a flag would take it out, by the strength of the strongest
/// such flag; below where it is only mentioned, or where nothing but the company it keeps speaks against it. For ranking: it is
/// no probability.
[[nodiscard]] std::vector<float> voteScores(const domain::ScanInput& input, const ScanReport& report);

/// The same of each token, by index: that of its most suspicious vote, softened by how many of its votes are not. Negative for a
/// token without a vote, as an author may be.
[[nodiscard]] std::vector<float> tokenScores(const domain::ScanInput& input, const std::vector<float>& ofVotes);

} // namespace scr::detect
