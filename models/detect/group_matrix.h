#pragma once

#include "detect/lockstep_groups.h"
#include "domain/flag.h"

namespace scr::detect {

/// Who of a group voted on which post how soon: the members with the most votes, 60 of them, on its first 40 posts.
[[nodiscard]] domain::LockstepMatrix matrixOf(const domain::VoteColumns& votes, const LockstepGroup& group);

} // namespace scr::detect
