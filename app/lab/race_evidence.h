#pragma once

#include "lab/race_plan.h"
#include "race/judge.h"

namespace scr::lab {

/// What the contract views say of the posts of a plan, read by one statement each after the last call was answered.
[[nodiscard]] domain::Result<race::Evidence> readEvidence(PgLink& owner, const RacePlan& plan);

} // namespace scr::lab
