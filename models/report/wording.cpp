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
    case domain::DetectorId::CounterDrift: return "Counter drift";
    case domain::DetectorId::ConcurrentAttempts: return "Concurrent attempts";
    case domain::DetectorId::TokenBurst: return "Token burst";
    }
    return {};
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
    }
    return {};
}

std::string requestTitle(const domain::VoidRequestRow& request)
{
    const std::string_view kind = request.kind == domain::RequestKind::Void ? "void" : "restore";
    std::string state{domain::nameOf(request.state)};
    return fmt::format("V-{} {}, {}", request.number, kind, state);
}

std::string summaryText(const Report& report)
{
    const Totals totals = totalsOf(report);
    const auto flags = static_cast<std::int64_t>(report.flags.size());
    std::string text =
        report.votesRead ? fmt::format("{} counted votes were read. ", countText(*report.votesRead)) : std::string{};
    if (flags == 0)
        return text + "No flag is on record for the period.";
    text += fmt::format("{} {} on record for the period: {} open, {} confirmed, {} dismissed, {} snoozed, {} voided. ",
                        countText(flags, "flag"), flags == 1 ? "is" : "are", countText(totals.open), countText(totals.confirmed),
                        countText(totals.dismissed), countText(totals.snoozed), countText(totals.voided));
    text += fmt::format("{} {} out of the count by voids that stand", countText(totals.votesVoided, "vote"),
                        totals.votesVoided == 1 ? "is" : "are");
    text += totals.votesRestored > 0 ? fmt::format("; {} restored.", countText(totals.votesRestored)) : ".";
    return text;
}

std::vector<std::string> verificationNotes()
{
    return {"Times are UTC. Keys, titles and labels are shown as the site has them; characters that hide or rearrange text are "
            "written "
            "as their code in brackets.",
            "The files flags.csv, votes.csv, voids.csv, leaderboard.csv and decisions.csv that were exported with this report "
            "hold the same "
            "data exactly (RFC 4180, UTF-8). The copies in the folder spreadsheet are changed so that they are safe to open and "
            "are not "
            "for verification.",
            "The digest of a void is the SHA-256 over one line a vote, ascending by vote key, each line being vote key, token "
            "key, post "
            "key, value, time in microseconds since 1970 and state, with tabs between them and a line feed at the end, as the "
            "votes were "
            "when the void was reviewed.",
            "A void takes votes out of the count without deleting them; a restore puts exactly those votes back. The leaderboard "
            "with the "
            "voided votes is what the site would show if none of the voids that stand had been made."};
}

} // namespace scr::report
