#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/audit_reading.h"
#include "domain/flag.h"
#include "domain/source.h"
#include "domain/time.h"

namespace scr::report {

/// A detector as it was run, or the reason why it was not.
struct DetectorRun {
    domain::DetectorId detector{};
    std::string ruleVersion;
    std::vector<domain::RuleParameter> rule;
    std::int64_t flags{};   ///< in this report
    std::string skippedWhy; ///< empty: it was run
    std::string siteRule{}; ///< of the site's own rules, which one

    friend bool operator==(const DetectorRun&, const DetectorRun&) = default;
};

using FlagPart = domain::FlagReading;
using VoidPart = domain::RequestReading;

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

/// Everything an auditor's report says. Made once from one reading of one snapshot; the writers only lay it out.
struct Report {
    std::string title = "Vote integrity report";
    domain::TimeRange period;
    domain::Source source;
    std::string madeBy;       ///< login or person
    domain::UtcTime madeAt{}; ///< the moment of the snapshot, by the database's clock
    std::string toolVersion;
    std::optional<std::int64_t> countedVotes; ///< cast in the period, where known
    std::vector<DetectorRun> detectors;
    std::vector<FlagPart> flags;         ///< worst first
    std::vector<VoidPart> voids;         ///< oldest first
    std::vector<domain::AuditEntry> log; ///< what people did in the period, oldest first
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
    std::int64_t voided{};        ///< flags whose votes were voided
    std::int64_t votesVoided{};   ///< votes that are out of the count now, of the voids in the report
    std::int64_t votesRestored{}; ///< votes that the restores in the report put back

    friend bool operator==(const Totals&, const Totals&) = default;
};
[[nodiscard]] Totals totalsOf(const Report& report);

/// Leaderboard rows from a history of scores, best first, at most `top` (0: all). A post that would be among the first `top`
/// with its voided votes is in as well.
[[nodiscard]] std::vector<LeaderRow> leaderboardOf(const domain::ScoreHistory& history, std::size_t top);

/// Rules, versions and numbers of flags from the flags themselves; detectors without a flag only by name, or with the reason why
/// they cannot run on that source.
[[nodiscard]] std::vector<DetectorRun> detectorsOf(const std::vector<FlagPart>& flags, const domain::Source& source);

[[nodiscard]] Report reportOf(domain::AuditReading reading, const domain::TimeRange& period, const domain::Source& source,
                              const std::string& toolVersion);

/// "1 January 2026, 00:00 UTC to …", or "all votes".
[[nodiscard]] std::string periodText(const domain::TimeRange& period);

} // namespace scr::report
