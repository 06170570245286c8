#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/flag.h"
#include "domain/review.h"
#include "domain/void_plan.h"
#include "report/report.h"

/// The words and figures that all forms of the report share.
namespace scr::report {

[[nodiscard]] std::string_view titleOf(domain::DetectorId detector) noexcept; ///< "Duplicate votes"
[[nodiscard]] std::string titleOf(const DetectorRun& run);                    ///< "Site rule night_votes"
[[nodiscard]] std::string_view titleOf(domain::FlagState state) noexcept;     ///< "Confirmed"
[[nodiscard]] std::string_view titleOf(domain::Decision decision) noexcept;   ///< "Dismissed"
[[nodiscard]] std::string_view titleOf(domain::Severity severity) noexcept;
[[nodiscard]] std::string_view titleOf(domain::RequestState state) noexcept;

[[nodiscard]] std::string countText(std::int64_t count);                            ///< "12,345"
[[nodiscard]] std::string countText(std::int64_t count, std::string_view noun);     ///< "1 vote", "12 votes"
[[nodiscard]] std::string scoreText(double score);                                  ///< "1,204.5", minus as U+2212
[[nodiscard]] std::string signedText(double change);                                ///< "+3", "−12", "0"
[[nodiscard]] std::string timeText(domain::UtcTime time);                           ///< "2026-03-12 14:20:07.123000"
[[nodiscard]] std::string windowText(domain::UtcTime from, domain::UtcTime to);     ///< "2026-03-12 14:20:07, for 340 ms"
[[nodiscard]] std::string ruleText(const std::vector<domain::RuleParameter>& rule); ///< "window 250 ms, depth 3"
[[nodiscard]] std::string groupedDigest(std::string_view digest);                   ///< groups of four

/// "Token 412 (quiet-heron-87) on post 9 (Night trains)"; keys and names are untrusted.
[[nodiscard]] std::string subjectText(const domain::RecordedFlag& recorded);
/// "V-118: 37 votes voided, 2 of them put back since"
[[nodiscard]] std::string requestTitle(const domain::VoidRequestRow& request);
/// "V-118 (id)", or the id alone when the request is not in the report.
[[nodiscard]] std::string requestName(const Report& report, const domain::RequestId& request);
/// Who put a flag on record, and whether somebody changed what it says. Logins are untrusted.
[[nodiscard]] std::string recordText(const domain::RecordedFlag& recorded);
/// Which recordings of scans the log of the period holds. Logins are untrusted.
[[nodiscard]] std::string scansText(const Report& report);
/// Outcome and detail of a log entry in one line, untrusted.
[[nodiscard]] std::string entryText(const domain::AuditEntry& entry);

/// What the audit log says about an export of the report.
[[nodiscard]] std::string exportText(const Report& report, const std::string& path);
/// The first paragraph: what was looked at and what came of it.
[[nodiscard]] std::string summaryText(const Report& report);
/// How a reader checks the figures without this program.
[[nodiscard]] std::vector<std::string> verificationNotes();

/// What stands behind the report: a database whose login was proved to be read-only or was not, or an evidence pack.
[[nodiscard]] std::string accessText(const domain::Source& source);

} // namespace scr::report
