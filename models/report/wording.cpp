#include "report/wording.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace scr::report {

namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::size_t kFractionDigits = 6;

/// Puts a comma before each group of three digits.
std::string grouped(std::string_view digits)
{
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            text += ',';
        text += digits[i];
    }
    return text;
}

std::string unsignedScore(double magnitude)
{
    std::string digits = fmt::format("{:.3f}", magnitude);
    while (digits.back() == '0')
        digits.pop_back();
    if (digits.back() == '.')
        digits.pop_back();
    const std::size_t point = std::min(digits.find('.'), digits.size());
    return grouped(std::string_view{digits}.substr(0, point)) + digits.substr(point);
}

std::string named(std::string_view kind, const std::string& key, const std::string& name)
{
    return name.empty() ? fmt::format("{} {}", kind, key) : fmt::format("{} {} ({})", kind, key, name);
}

} // namespace

std::string_view titleOf(domain::DetectorId detector) noexcept
{
    switch (detector) {
    case domain::DetectorId::DuplicateVotes: return "Duplicate votes";
    case domain::DetectorId::ImpossibleVotes: return "Impossible votes";
    case domain::DetectorId::CounterDrift: return "Counter drift";
    case domain::DetectorId::ConcurrentAttempts: return "Concurrent attempts";
    case domain::DetectorId::AttemptFanOut: return "Attempt fan-out";
    case domain::DetectorId::UnloggedVotes: return "Unlogged votes";
    case domain::DetectorId::Probing: return "Probing";
    case domain::DetectorId::TokenBurst: return "Token burst";
    case domain::DetectorId::Metronome: return "Metronome";
    case domain::DetectorId::Timetable: return "Timetable";
    case domain::DetectorId::SerialVoter: return "Serial voter";
    case domain::DetectorId::VoteRing: return "Vote ring";
    case domain::DetectorId::SubnetSocks: return "Subnet crowd";
    case domain::DetectorId::TokenMint: return "Token mint";
    case domain::DetectorId::TokenHopping: return "Token hopping";
    case domain::DetectorId::Lockstep: return "Lockstep";
    case domain::DetectorId::DenseBlock: return "Dense block";
    case domain::DetectorId::PostSurge: return "Post surge";
    case domain::DetectorId::SiteRule: return "Site rule";
    case domain::DetectorId::Control: return "Control fell";
    }
    return {};
}

std::string titleOf(const DetectorRun& run)
{
    const std::string title{titleOf(run.detector)};
    return run.siteRule.empty() ? title : title + ' ' + run.siteRule;
}

std::string_view titleOf(domain::FlagState state) noexcept
{
    switch (state) {
    case domain::FlagState::Open: return "Open";
    case domain::FlagState::Confirmed: return "Confirmed";
    case domain::FlagState::Dismissed: return "Dismissed";
    case domain::FlagState::Snoozed: return "Snoozed";
    case domain::FlagState::Voided: return "Voided";
    }
    return {};
}

std::string_view titleOf(domain::Decision decision) noexcept
{
    switch (decision) {
    case domain::Decision::Confirm: return "Confirmed";
    case domain::Decision::Dismiss: return "Dismissed";
    case domain::Decision::Snooze: return "Snoozed";
    case domain::Decision::Reopen: return "Reopened";
    }
    return {};
}

std::string_view titleOf(domain::Severity severity) noexcept
{
    switch (severity) {
    case domain::Severity::Low: return "Low";
    case domain::Severity::Medium: return "Medium";
    case domain::Severity::High: return "High";
    case domain::Severity::Critical: return "Critical";
    }
    return {};
}

std::string_view titleOf(domain::RequestState state) noexcept
{
    switch (state) {
    case domain::RequestState::Proposed: return "Proposed";
    case domain::RequestState::Done: return "Done";
    case domain::RequestState::Withdrawn: return "Withdrawn";
    case domain::RequestState::Restored: return "Restored";
    }
    return {};
}

std::string countText(std::int64_t count)
{
    const std::string digits = std::to_string(count);
    return count < 0 ? std::string{kMinus} + grouped(std::string_view{digits}.substr(1)) : grouped(digits);
}

std::string countText(std::int64_t count, std::string_view noun)
{
    return fmt::format("{} {}{}", countText(count), noun, count == 1 ? "" : "s");
}

std::string scoreText(double score)
{
    if (!std::isfinite(score))
        return "not known";
    const std::string magnitude = unsignedScore(std::abs(score));
    return score < 0 && magnitude != "0" ? std::string{kMinus} + magnitude : magnitude;
}

std::string signedText(double change)
{
    const std::string text = scoreText(change);
    return change > 0 && text != "0" ? "+" + text : text;
}

std::string timeText(domain::UtcTime time)
{
    std::string text = domain::isoText(time);
    if (const std::size_t at = text.find('T'); at != std::string::npos)
        text[at] = ' ';
    if (!text.empty() && text.back() == 'Z')
        text.pop_back();
    if (const std::size_t point = text.find('.'); point != std::string::npos)
        text.resize(point + 1 + kFractionDigits, '0'); // digits stand under digits
    return text;
}

std::string windowText(domain::UtcTime from, domain::UtcTime to)
{
    return to <= from ? timeText(from) : fmt::format("{}, for {}", timeText(from), domain::durationText(to - from));
}

std::string ruleText(const std::vector<domain::RuleParameter>& rule)
{
    std::string text;
    for (const domain::RuleParameter& parameter : rule) {
        std::string name = parameter.name;
        std::replace(name.begin(), name.end(), '_', ' ');
        text += fmt::format("{}{} {}{}{}", text.empty() ? "" : ", ", name, parameter.value, parameter.unit.empty() ? "" : " ",
                            parameter.unit);
    }
    return text;
}

std::string groupedDigest(std::string_view digest)
{
    std::string text;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        if (i > 0 && i % 4 == 0)
            text += ' ';
        text += digest[i];
    }
    return text;
}

std::string subjectText(const domain::RecordedFlag& recorded)
{
    const domain::Subject& subject = recorded.flag.subject;
    switch (subject.kind) {
    case domain::SubjectKind::Token: {
        std::string text = named("Token", subject.key, recorded.subjectLabel);
        return subject.post.empty() ? text : text + " on " + named("post", subject.post.text, recorded.postTitle);
    }
    case domain::SubjectKind::Counter:
        return named("Counter of post", subject.key, recorded.subjectLabel.empty() ? recorded.postTitle : recorded.subjectLabel);
    case domain::SubjectKind::Post: return named("Post", subject.key, recorded.postTitle);
    case domain::SubjectKind::Group:
        if (!recorded.flag.siteRule.empty()) // the rule gave it a name of its own
            return named("Group", subject.key, {});
        return fmt::format("Group of {} around token {}",
                           countText(static_cast<std::int64_t>(recorded.flag.tokens.size()), "token"), subject.key);
    case domain::SubjectKind::Subnet: return "Network " + subject.key;
    case domain::SubjectKind::Control: return "Control " + subject.key;
    }
    return {};
}

std::string requestTitle(const domain::VoidRequestRow& request)
{
    const std::string votes = countText(request.votes, "vote");
    const bool voids = request.kind == domain::RequestKind::Void;
    switch (request.state) {
    case domain::RequestState::Proposed: return fmt::format("V-{}: {} proposed to be voided", request.number, votes);
    case domain::RequestState::Withdrawn: return fmt::format("V-{}: {} proposed to be voided, withdrawn", request.number, votes);
    case domain::RequestState::Restored: return fmt::format("V-{}: {} voided, put back since", request.number, votes);
    case domain::RequestState::Done: break;
    }
    if (!voids)
        return fmt::format("V-{}: {} put back", request.number, votes);
    if (request.standing < request.votes)
        return fmt::format("V-{}: {} voided, {} of them put back since", request.number, votes,
                           countText(request.votes - request.standing));
    return fmt::format("V-{}: {} voided", request.number, votes);
}

std::string requestName(const Report& report, const domain::RequestId& request)
{
    for (const VoidPart& part : report.voids) {
        if (part.request.request == request)
            return fmt::format("V-{} ({})", part.request.number, request.text);
    }
    return request.text;
}

std::string recordText(const domain::RecordedFlag& recorded)
{
    std::string text = fmt::format("Recorded {} UTC by {}", timeText(recorded.recordedAt), recorded.recordedBy);
    if (recorded.versions > 1 && recorded.changedAt)
        text += fmt::format("; {} versions are on record, the newest by {} at {} UTC", countText(recorded.versions),
                            recorded.changedBy, timeText(*recorded.changedAt));
    return text + ".";
}

std::string entryText(const domain::AuditEntry& entry)
{
    if (entry.outcome.empty() || entry.outcome == "done")
        return entry.detail;
    return entry.detail.empty() ? entry.outcome : entry.outcome + ": " + entry.detail;
}

std::string scansText(const Report& report)
{
    const domain::AuditEntry* last = nullptr;
    std::int64_t scans = 0;
    for (const domain::AuditEntry& entry : report.log) {
        if (entry.kind == domain::EntryKind::Record) {
            ++scans;
            last = &entry;
        }
    }
    if (last == nullptr)
        return "No scan was recorded in the period. That a detector has no flag here does not mean that it found nothing.";
    return fmt::format("{} recorded in the period, the last at {} UTC by {}.",
                       scans == 1 ? "One scan was" : countText(scans) + " scans were", timeText(last->at), last->actor);
}

std::string exportText(const Report& report, const std::string& path)
{
    return fmt::format("report, {}, {}, {}, {}", periodText(report.period),
                       countText(static_cast<std::int64_t>(report.flags.size()), "flag"),
                       countText(static_cast<std::int64_t>(report.voids.size()), "request"), path);
}

std::string summaryText(const Report& report)
{
    const Totals totals = totalsOf(report);
    const auto flags = static_cast<std::int64_t>(report.flags.size());
    std::string text = report.countedVotes ? fmt::format("{} counted {} cast in the period. ", countText(*report.countedVotes),
                                                         *report.countedVotes == 1 ? "vote was" : "votes were")
                                           : std::string{};
    if (flags == 0)
        text += "No flag is on record for the period. ";
    else
        text +=
            fmt::format("{} {} on record for the period: {} open, {} confirmed, {} dismissed, {} snoozed, {} voided. ",
                        countText(flags, "flag"), flags == 1 ? "is" : "are", countText(totals.open), countText(totals.confirmed),
                        countText(totals.dismissed), countText(totals.snoozed), countText(totals.voided));
    if (report.voids.empty())
        return text + "No votes were voided or restored in the period.";
    text += fmt::format("Of the votes that its voids took out {} {} out of the count now", countText(totals.votesVoided),
                        totals.votesVoided == 1 ? "is" : "are");
    text += totals.votesRestored > 0
                ? fmt::format("; {} put back in the period.",
                              totals.votesRestored == 1 ? "1 was" : countText(totals.votesRestored) + " were")
                : ".";
    return text;
}

std::vector<std::string> verificationNotes()
{
    return {
        "Times are UTC. Keys, titles and labels are shown as the site has them; characters that hide or rearrange text are "
        "written "
        "as their code in brackets.",
        "All of it was read from one state of the source, at the moment given as Made at.",
        "In the report are the flags whose votes lie in the period or about which something was decided in it, and every void "
        "and "
        "restore that was asked for, carried out, withdrawn or undone in it.",
        "The files flags.csv, votes.csv, voids.csv, leaderboard.csv, decisions.csv and log.csv that were exported with this "
        "report "
        "hold the same data exactly (RFC 4180, UTF-8). The copies in the folder spreadsheet are changed so that they are safe to "
        "open and are not for verification.",
        "The digest of a request is the SHA-256 over one line a vote, ascending by vote key, each line being vote key, the "
        "token's pseudonym in the audit log, "
        "post key, value, time in microseconds since 1970 and state, with tabs between them and a line feed at the end, as the "
        "votes "
        "were when the request was reviewed. votes.csv has the same rows in that order, with the "
        "token's key; an evidence pack has both.",
        "A void takes votes out of the count without deleting them; a restore puts them back, except those that the site has "
        "deleted or changed since. The leaderboard with the voided votes is what the site would show if none of the voids that "
        "stand had been made."};
}

std::string accessText(const domain::Source& source)
{
    if (source.isEvidence)
        return "It was made from an evidence pack, not from the database: what the pack does not hold is not in it.";
    if (source.writeAccess.empty())
        return fmt::format("Read only, proved: {} kinds of write access were looked for and none was found.",
                           source.waysLookedFor);
    return fmt::format("The login could write in {}. The report was read all the same.",
                       countText(static_cast<std::int64_t>(source.writeAccess.size()), "way"));
}

} // namespace scr::report
