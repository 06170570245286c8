#pragma once

#include <vector>

#include "detect/lockstep_groups.h"

namespace scr::detect {

/// How many of the members each event lets expect if they followed its author as others do. Who follows an author comes soon
/// after something is published, so that a few of many followers meet again and again; when they come is learned from those
/// who are not of the group and voted on several of the author's posts among the events. 0 for an event whose author is not
/// known or is the author of no other event. `byPost`: all votes by post, then time; `members` ascending.
[[nodiscard]] std::vector<double> expectedOfFollowers(const Scene& scene, const LockstepRule& rule, const RowGroups& byPost,
                                                      const std::vector<domain::Index>& members,
                                                      const std::vector<LockstepEvent>& events);

} // namespace scr::detect
