#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "print/cells.h"
#include "print/report_pages.h"
#include "print/table.h"
#include "report/wording.h"

namespace scr::print {

namespace {

using report::countText;
using report::scoreText;
using report::timeText;
using theme::Role;

constexpr std::size_t kMostChanges = 60;
constexpr std::size_t kMostEntries = 300;

} // namespace

void ReportPages::voids()
{
    section(QStringLiteral("Voids and restores"));
    if (m_report.voids.empty())
        m_sheet.text(QStringLiteral("No votes were voided or restored in the period."), styles::kBody);
    for (const report::VoidPart& part : m_report.voids)
        request(part);
}

void ReportPages::request(const report::VoidPart& part)
{
    const domain::VoidRequestRow& row = part.request;
    m_sheet.gap(12);
    m_sheet.ensure(110);
    m_sheet.text(own(report::requestTitle(row)), styles::kHeadline);
    std::string flags;
    for (const domain::FlagKey& key : row.flags)
        flags += (flags.empty() ? "" : ", ") + key.text;
    std::string carriedOut = row.committedAt ? timeText(*row.committedAt) + " UTC" : std::string{};
    if (!row.approvedBy.empty())
        carriedOut += ", by " + row.approvedBy;
    std::string withdrawn;
    if (row.withdrawnAt)
        withdrawn = fmt::format("{}, {} UTC: {}", row.withdrawnBy, timeText(*row.withdrawnAt), row.withdrawalReason);
    const auto named = [this](const domain::RequestId& request) {
        return request.empty() ? QString{} : shown(report::requestName(m_report, request));
    };
    facts({{QStringLiteral("State"), own(report::titleOf(row.state))},
           {QStringLiteral("Request"), shown(row.request.text), true},
           {QStringLiteral("Asked for by"), shown(row.requestedBy + ", " + timeText(row.requestedAt) + " UTC")},
           {QStringLiteral("Carried out"), shown(carriedOut)},
           {QStringLiteral("Reason"), shown(row.reason)},
           {QStringLiteral("Withdrawn by"), shown(withdrawn)},
           {QStringLiteral("Undoes"), named(row.restores)},
           {QStringLiteral("Undone by"), named(row.restoredBy)},
           {QStringLiteral("For the flags"), shown(flags), true},
           {QStringLiteral("Digest"), own(report::groupedDigest(row.digest)), true}});
    m_sheet.gap(4);
    shares(part.posts);
}

void ReportPages::shares(const std::vector<domain::PostShare>& shares)
{
    if (shares.empty())
        return;
    const std::size_t shownShares = std::min(shares.size(), kMostChanges);
    Table table{m_sheet,
                {{QStringLiteral("Post"), 60},
                 {QStringLiteral("Title"), 0},
                 {QStringLiteral("Votes"), 60, true},
                 {QStringLiteral("Change of score"), 100, true}}};
    for (std::size_t i = 0; i < shownShares; ++i) {
        const domain::PostShare& share = shares[i];
        table.row({{shown(share.post.text)},
                   {shown(share.title)},
                   {own(countText(share.votes))},
                   {own(report::signedText(share.change))}});
    }
    if (shownShares < shares.size())
        m_sheet.text(own(fmt::format("The first {} of {}; voids.csv has them all.", shownShares,
                                     countText(sizeOf(shares.size()), "post"))),
                     styles::kQuiet);
}

void ReportPages::log()
{
    section(QStringLiteral("What people did"));
    if (m_report.log.empty()) {
        m_sheet.text(QStringLiteral("The log has no entry of the period."), styles::kBody);
        return;
    }
    const std::size_t shownEntries = std::min(m_report.log.size(), kMostEntries);
    Table table{m_sheet,
                {{QStringLiteral("When (UTC)"), kTimeWidth},
                 {QStringLiteral("Who"), 80},
                 {QStringLiteral("What"), 56},
                 {QStringLiteral("Of"), 84},
                 {QStringLiteral("Entry"), 0}}};
    for (std::size_t i = 0; i < shownEntries; ++i) {
        const domain::AuditEntry& entry = m_report.log[i];
        table.row({{own(timeText(entry.at))},
                   {shown(entry.actor)},
                   {own(domain::nameOf(entry.kind))},
                   {shown(entry.subject)},
                   {shown(report::entryText(entry))}});
    }
    if (shownEntries < m_report.log.size())
        m_sheet.text(own(fmt::format("The first {} of {} entries; log.csv has them all.", shownEntries,
                                     countText(sizeOf(m_report.log.size())))),
                     styles::kQuiet);
}

void ReportPages::leaderboard()
{
    section(QStringLiteral("Leaderboard with and without the voided votes"));
    if (m_report.leaderboard.empty()) {
        m_sheet.text(QStringLiteral("There is no post to rank."), styles::kBody);
        return;
    }
    m_sheet.picture(report::pictureOf(m_report.leaderboard));
    m_sheet.gap(8);
    Table table{m_sheet,
                {{QStringLiteral("Rank"), 46, true},
                 {QStringLiteral("Post"), 56},
                 {QStringLiteral("Title"), 0},
                 {QStringLiteral("Score"), 58, true},
                 {QStringLiteral("Rank with voided votes"), 70, true},
                 {QStringLiteral("Score with voided votes"), 70, true},
                 {QStringLiteral("Change"), 48, true}}};
    for (const report::LeaderRow& row : m_report.leaderboard) {
        const std::int64_t fell = row.rank - row.rankWithVoided;
        const std::string change = fell == 0 ? "stays" : (fell > 0 ? "▼ " : "▲ ") + countText(std::abs(fell));
        table.row({{own(countText(row.rank)), Role::Text, false, true},
                   {shown(row.post.text)},
                   {shown(row.title)},
                   {own(scoreText(row.score))},
                   {own(countText(row.rankWithVoided))},
                   {own(scoreText(row.scoreWithVoided))},
                   {own(change), moveInk(row.rankWithVoided, row.rank)}});
    }
}

void ReportPages::source()
{
    const domain::Source& source = m_report.source;
    section(QStringLiteral("The source"));
    m_sheet.text(own(report::accessText(source)), styles::kBody);
    if (source.capabilities.empty())
        return;
    m_sheet.gap(4);
    Table table{m_sheet, {{QStringLiteral("Capability"), 110}, {QStringLiteral("Available"), 56}, {QStringLiteral("Detail"), 0}}};
    for (const domain::Capability& one : source.capabilities)
        table.row({{shown(one.name)}, {one.available ? QStringLiteral("yes") : QStringLiteral("no")}, {shown(one.detail)}});
}

void ReportPages::notes()
{
    section(QStringLiteral("How to read and verify this report"));
    for (const std::string& note : report::verificationNotes()) {
        m_sheet.text(own(note), styles::kBody);
        m_sheet.gap(4);
    }
}

} // namespace scr::print
