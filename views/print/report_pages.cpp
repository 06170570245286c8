#include "print/report_pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "print/cells.h"
#include "print/table.h"
#include "report/wording.h"

namespace scr::print {

namespace {

using report::countText;
using report::scoreText;
using report::timeText;
using theme::Role;

constexpr std::size_t kMostVotes = 60; ///< of one flag on paper; votes.csv has them all

struct TagColours {
    Role ink;
    Role fill;
    Role edge;
};
TagColours coloursOf(domain::Severity severity) noexcept
{
    switch (severity) {
    case domain::Severity::Critical:
    case domain::Severity::High: return {Role::DangerText, Role::DangerSoft, Role::DangerLine};
    case domain::Severity::Medium:
    case domain::Severity::Low: break;
    }
    return {Role::Text2, Role::Base, Role::LineStrong};
}

Role fillOf(domain::Environment environment) noexcept
{
    switch (environment) {
    case domain::Environment::Production: return Role::Production;
    case domain::Environment::Staging: return Role::Staging;
    case domain::Environment::Demo: return Role::Demo;
    }
    return Role::Demo;
}

} // namespace

void ReportPages::run()
{
    cover();
    detectors();
    overview();
    for (const report::FlagPart& part : m_report.flags)
        flag(part);
    voids();
    log();
    leaderboard();
    source();
    notes();
}

void ReportPages::cover()
{
    const domain::Source& source = m_report.source;
    const Role fill = fillOf(source.environment);
    m_sheet.drawTag(own(domain::nameOf(source.environment)), 0, m_sheet.y(), Role::OnFill, fill, fill);
    m_sheet.advance(18);
    m_sheet.text(shown(m_report.title), styles::kTitle);
    m_sheet.text(own(report::periodText(m_report.period)), Style{10, 15, QFont::Normal, Role::Text2});
    m_sheet.gap(6);
    m_sheet.drawLine(0, m_sheet.y(), m_sheet.width(), m_sheet.y(), Role::LineStrong);
    m_sheet.gap(8);
    facts({{QStringLiteral("Source"), shown(source.service)},
           {QStringLiteral("Database"), shown(source.database)},
           {QStringLiteral("Adapter"), shown(source.adapter + " " + source.adapterVersion)},
           {QStringLiteral("Read as"), shown(source.login)},
           {QStringLiteral("Made by"), shown(m_report.madeBy)},
           {QStringLiteral("Made at"), own(timeText(m_report.madeAt) + " UTC")}});
    m_sheet.gap(6);
    m_sheet.text(own(report::summaryText(m_report)), styles::kBody);
    for (const std::string& remark : m_report.remarks)
        m_sheet.text(shown(remark), Style{9, 13, QFont::Medium, Role::WarningText});
    figures();
}

void ReportPages::figures()
{
    const report::Totals totals = report::totalsOf(m_report);
    const std::pair<QString, std::int64_t> all[] = {{QStringLiteral("open"), totals.open},
                                                    {QStringLiteral("confirmed"), totals.confirmed},
                                                    {QStringLiteral("dismissed"), totals.dismissed},
                                                    {QStringLiteral("snoozed"), totals.snoozed},
                                                    {QStringLiteral("voided"), totals.voided},
                                                    {QStringLiteral("votes out now"), totals.votesVoided},
                                                    {QStringLiteral("votes put back"), totals.votesRestored}};
    constexpr double kHeight = 40;
    m_sheet.gap(8);
    m_sheet.ensure(kHeight);
    const double cell = m_sheet.width() / static_cast<double>(std::size(all));
    for (std::size_t i = 0; i < std::size(all); ++i) {
        const double x = cell * static_cast<double>(i);
        if (i > 0)
            m_sheet.drawLine(x, m_sheet.y(), x, m_sheet.y() + kHeight, Role::Line);
        m_sheet.drawBlock(m_sheet.block(own(countText(all[i].second)), Style{15, 19, QFont::DemiBold}, cell - 12), x + 8,
                          m_sheet.y() + 5, 0, 1);
        m_sheet.drawBlock(m_sheet.block(all[i].first, styles::kQuiet, cell - 10), x + 8, m_sheet.y() + 24, 0, 1);
    }
    m_sheet.drawFrame(0, m_sheet.y(), m_sheet.width(), kHeight, Role::Line);
    m_sheet.advance(kHeight);
}

void ReportPages::facts(const std::vector<Fact>& facts)
{
    constexpr double kName = 80;
    Style quiet = styles::kBody;
    quiet.ink = Role::Text3;
    for (const Fact& fact : facts) {
        if (fact.value.isEmpty())
            continue;
        Style style = fact.mono ? styles::kKey : styles::kBody;
        style.lineHeight = styles::kBody.lineHeight;
        m_sheet.ensure(style.lineHeight);
        m_sheet.drawBlock(m_sheet.block(fact.name, quiet, kName), 0, m_sheet.y(), 0, 1);
        m_sheet.text(fact.value, style, kName);
    }
}

void ReportPages::section(const QString& title)
{
    m_sheet.gap(20);
    m_sheet.ensure(90); // a heading at the foot of a page heads nothing
    m_sheet.text(title, styles::kSection);
    m_sheet.gap(4);
}

void ReportPages::minor(const QString& title)
{
    m_sheet.gap(6);
    m_sheet.ensure(72); // with the head of a table and its first rows
    m_sheet.text(title, styles::kMinor);
}

void ReportPages::detectors()
{
    section(QStringLiteral("What was looked for"));
    m_sheet.text(shown(report::scansText(m_report)), styles::kBody);
    m_sheet.gap(4);
    Table table{m_sheet,
                {{QStringLiteral("Detector"), 105},
                 {QStringLiteral("Rule"), 0},
                 {QStringLiteral("Version"), 55},
                 {QStringLiteral("Flags"), 48, true}}};
    for (const report::DetectorRun& run : m_report.detectors) {
        const bool wasRun = run.skippedWhy.empty();
        table.row(
            {{shown(report::titleOf(run))},
             {shown(wasRun ? report::ruleText(run.rule) : "not run: " + run.skippedWhy), wasRun ? Role::Text : Role::WarningText},
             {shown(run.ruleVersion)},
             {own(countText(run.flags))}});
    }
}

void ReportPages::overview()
{
    section(QStringLiteral("Findings"));
    if (m_report.flags.empty()) {
        m_sheet.text(QStringLiteral("No flag is on record for the period."), styles::kBody);
        return;
    }
    Table table{m_sheet,
                {{QStringLiteral("Flag"), 82},
                 {QStringLiteral("Severity"), 48},
                 {QStringLiteral("Finding"), 84},
                 {QStringLiteral("Subject"), 0},
                 {QStringLiteral("Votes"), 46, true},
                 {QStringLiteral("State"), 54},
                 {QStringLiteral("Decided by"), 62}}};
    for (const report::FlagPart& part : m_report.flags) {
        const domain::Flag& flag = part.recorded.flag;
        table.row({{shown(flag.key.text), Role::Text2, true},
                   {own(report::titleOf(flag.severity)), coloursOf(flag.severity).ink},
                   {own(report::titleOf(flag.detector))},
                   {shown(report::subjectText(part.recorded))},
                   {own(countText(sizeOf(flag.votes.size())))},
                   {own(report::titleOf(part.recorded.state))},
                   {shown(part.recorded.actor)}});
    }
}

void ReportPages::flag(const report::FlagPart& part)
{
    const domain::Flag& flag = part.recorded.flag;
    m_sheet.gap(18);
    m_sheet.ensure(120);
    m_sheet.drawLine(0, m_sheet.y(), m_sheet.width(), m_sheet.y(), Role::LineStrong);
    m_sheet.advance(8);
    const TagColours tag = coloursOf(flag.severity);
    double x = m_sheet.drawTag(own(report::titleOf(flag.severity)), 0, m_sheet.y(), tag.ink, tag.fill, tag.edge) + 5;
    x +=
        m_sheet.drawTag(own(report::titleOf(part.recorded.state)), x, m_sheet.y(), Role::Text2, Role::Base, Role::LineStrong) + 6;
    m_sheet.drawBlock(m_sheet.block(shown(flag.key.text), styles::kKey, 200), x, m_sheet.y(), 0, 1);
    m_sheet.advance(16);
    m_sheet.text(shown(flag.headline), styles::kHeadline);
    m_sheet.text(
        shown(fmt::format("{} · {} · {}, score {}", report::subjectText(part.recorded), report::windowText(flag.from, flag.to),
                          report::titleOf(flag.detector), scoreText(flag.score))),
        styles::kQuiet);
    m_sheet.gap(4);
    reasons(flag);
    m_sheet.gap(6);
    m_sheet.picture(report::pictureOf(flag.evidence));
    if (flag.rankImpact) {
        m_sheet.text(shown(fmt::format("Without these votes post {}: score {} → {}, rank #{} → #{}.", flag.rankImpact->post.text,
                                       scoreText(flag.rankImpact->scoreWith), scoreText(flag.rankImpact->scoreWithout),
                                       countText(flag.rankImpact->rankWith), countText(flag.rankImpact->rankWithout))),
                     styles::kBody);
    }
    m_sheet.text(shown(report::recordText(part.recorded)), styles::kQuiet);
    decisions(part);
    votes(part);
}

void ReportPages::reasons(const domain::Flag& flag)
{
    m_sheet.text(shown(flag.explanation), styles::kBody);
    if (!flag.counterEvidence.empty())
        minor(QStringLiteral("What speaks against it"));
    for (const std::string& against : flag.counterEvidence) {
        m_sheet.ensure(styles::kBody.lineHeight);
        m_sheet.drawBlock(m_sheet.block(QStringLiteral("–"), styles::kBody, 10), 2, m_sheet.y(), 0, 1);
        m_sheet.text(shown(against), styles::kBody, 12);
    }
    if (!flag.clearsIf.empty())
        m_sheet.text(shown(flag.clearsIf), styles::kBody);
    if (!flag.rule.empty())
        m_sheet.text(shown(fmt::format("Rule {}: {}", flag.ruleVersion, report::ruleText(flag.rule))), styles::kQuiet);
}

void ReportPages::decisions(const report::FlagPart& part)
{
    minor(QStringLiteral("Decisions"));
    if (part.decisions.empty()) {
        m_sheet.text(QStringLiteral("Nobody has decided about it."), styles::kQuiet);
        return;
    }
    Table table{m_sheet,
                {{QStringLiteral("When (UTC)"), kTimeWidth},
                 {QStringLiteral("Who"), 70},
                 {QStringLiteral("Decision"), 96},
                 {QStringLiteral("Reason"), 0}}};
    for (const domain::ReviewEntry& entry : part.decisions) {
        std::string decision{report::titleOf(entry.decision)};
        if (entry.snoozeUntil)
            decision += " until " + timeText(*entry.snoozeUntil);
        table.row({{own(timeText(entry.decidedAt))}, {shown(entry.actor)}, {own(decision)}, {shown(entry.reason)}});
    }
}

void ReportPages::votes(const report::FlagPart& part)
{
    if (part.votes.empty() && part.recorded.flag.votes.empty())
        return;
    minor(QStringLiteral("Votes"));
    if (part.votes.empty()) {
        m_sheet.text(own(countText(sizeOf(part.recorded.flag.votes.size()), "vote") + " concerned."), styles::kQuiet);
        return;
    }
    const std::size_t shownVotes = std::min(part.votes.size(), kMostVotes);
    Table table{m_sheet,
                {{QStringLiteral("Vote"), 62},
                 {QStringLiteral("Cast at (UTC)"), kTimeWidth},
                 {QStringLiteral("Token"), 0},
                 {QStringLiteral("Post"), 0},
                 {QStringLiteral("Value"), 48, true},
                 {QStringLiteral("Origin"), 86},
                 {QStringLiteral("State"), 50}}};
    for (std::size_t i = 0; i < shownVotes; ++i) {
        const domain::Vote& vote = part.votes[i];
        table.row({{shown(vote.key.text)},
                   {own(timeText(vote.castAt))},
                   {shown(vote.token.text)},
                   {shown(vote.post.text)},
                   {own(report::signedText(vote.value))},
                   {shown(vote.origin)},
                   {own(domain::nameOf(vote.state)), vote.state == domain::VoteState::Counted ? Role::Text : Role::WarningText}});
    }
    if (shownVotes < part.votes.size())
        m_sheet.text(own(fmt::format("The first {} of {}; votes.csv has them all.", shownVotes,
                                     countText(sizeOf(part.votes.size()), "vote"))),
                     styles::kQuiet);
}

} // namespace scr::print
