#pragma once

#include <vector>

#include "domain/vote_columns.h"

namespace scr::detect {

/// How little a token's own record speaks for it, 0 to 1, by token: its values disagree with those of the others on the same
/// posts, all of them fall in a short time, and they are few. Each is ranked among the site's tokens and the three shares are
/// combined as Fisher (1932) does, as if they were independent, which they are not: for ranking only, never a flag by itself.
/// Negative for a token without a vote.
[[nodiscard]] std::vector<float> tokenUnreliability(const domain::VoteColumns& votes);

} // namespace scr::detect
