#pragma once

#include <string>

#include <QString>

#include "domain/flag.h"
#include "domain/review.h"

namespace scr::pages {

/// What the flag is about, as one line of untrusted text.
[[nodiscard]] std::string subjectOf(const domain::RecordedFlag& flag);

/// What the leaderboard would be without the flag's votes. `title`: of the post that moves; its key stands in for one that is
/// empty.
[[nodiscard]] QString impactSentence(const domain::RankImpact& impact, const std::string& title);

/// "snoozed until 3 Mar 2026 14:00: waits for the newsletter's list"
[[nodiscard]] QString decisionText(const domain::ReviewEntry& entry);

} // namespace scr::pages
