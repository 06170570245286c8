#pragma once

#include "domain/flag.h"
#include "report/picture.h"

namespace scr::report {

/// Tokens by posts, a mark where a token voted, the darker lines the posts on which many met.
[[nodiscard]] Picture groupPicture(const domain::LockstepMatrix& matrix);
/// A bar for each post: tokens of the network there, against what lets expect its share of the site.
[[nodiscard]] Picture groupPicture(const domain::SubnetShare& share);
/// Voters by authors, each cell with its number of votes.
[[nodiscard]] Picture groupPicture(const domain::VoteMatrix& matrix);
/// Arrivals of one-off voters above, those of the regular ones below, on one axis of time.
[[nodiscard]] Picture groupPicture(const domain::CompositionContrast& contrast);

/// How many at each time, the flagged ones apart, with what is expected and the moments that matter.
[[nodiscard]] Picture groupPicture(const domain::TimeHistogram& histogram);

} // namespace scr::report
