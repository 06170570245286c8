#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/flag.h"
#include "domain/leaderboard.h"
#include "domain/review.h"
#include "domain/source.h"
#include "domain/time.h"
#include "domain/void_plan.h"
#include "domain/vote.h"

namespace scr::report {

/// A detector as it was run, or the reason why it was not.
struct DetectorRun {
    domain::DetectorId detector{};
    std::string ruleVersion;
    std::vector<domain::RuleParameter> rule;
    std::int64_t flags{};   ///< in this report
    std::string skippedWhy; ///< empty: it was run

    friend bool operator==(const DetectorRun&, const DetectorRun&) = default;
};

/// A flag with everything that was decided about it.
struct FlagPart {
    domain::RecordedFlag recorded;
    std::vector<domain::ReviewEntry> decisions; ///< oldest first
    std::vector<domain::Vote> votes;            ///< those of flag.votes, as they are now; may be left empty

    friend bool operator==(const FlagPart&, const FlagPart&) = default;
};

/// A void or a restore, with what it did to the posts.
struct VoidPart {
    domain::VoidRequestRow request;
    std::string digest;
    std::vector<domain::ScoreChange> changes; ///< before and after
    std::vector<domain::Vote> votes;          ///< may be left empty

    friend bool operator==(const VoidPart&, const VoidPart&) = default;
};

/// A post of the leaderboard as it is now, and as it would be if no vote had been voided. Ranks count from 1, equal scores by
/// post key.
struct LeaderRow {
    domain::PostKey post;
    std::string title; ///< untrusted
    std::int64_t rank{};
    double score{};
    std::int64_t rankWithVoided{};
    double scoreWithVoided{};
    double scoreWithoutFlagged{}; ///< as it would be without the votes of open and confirmed flags too
    std::int64_t rankWithoutFlagged{};

    friend bool operator==(const LeaderRow&, const LeaderRow&) = default;
};

/// Everything an auditor's report says. Made once from one reading of the source; the writers only lay it out.
struct Report {
    std::string title = "Vote integrity report";
    domain::TimeRange period;
    domain::Source source;
    std::string madeBy; ///< login or person
    domain::UtcTime madeAt{};
    std::string toolVersion;
    std::optional<std::int64_t> votesRead; ///< counted votes that the period holds, where known
    std::vector<DetectorRun> detectors;
    std::vector<FlagPart> flags; ///< worst first
    std::vector<VoidPart> voids; ///< oldest first
    std::vector<LeaderRow> leaderboard;
    std::vector<std::string> remarks; ///< what the reader must know, such as "the last 200 flags only"

    friend bool operator==(const Report&, const Report&) = default;
};

/// The figures on the first page.
struct Totals {
    std::int64_t open{};
    std::int64_t confirmed{};
    std::int64_t dismissed{};
    std::int64_t snoozed{};
    std::int64_t voided{};      ///< flags whose votes were voided
    std::int64_t votesVoided{}; ///< votes of voids that stand
    std::int64_t votesRestored{};

    friend bool operator==(const Totals&, const Totals&) = default;
};
[[nodiscard]] Totals totalsOf(const Report& report);

/// Leaderboard rows from a history of scores, best first, at most `top` (0: all). A post that would be among the first `top`
/// with its voided votes is in as well.
[[nodiscard]] std::vector<LeaderRow> leaderboardOf(const domain::ScoreHistory& history, std::size_t top);

/// Rules, versions and numbers of flags from the flags themselves; detectors without a flag only by name.
[[nodiscard]] std::vector<DetectorRun> detectorsOf(const std::vector<FlagPart>& flags);

/// "1 January 2026, 00:00 UTC to …", or "all votes".
[[nodiscard]] std::string periodText(const domain::TimeRange& period);

} // namespace scr::report
