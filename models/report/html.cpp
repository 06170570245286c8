#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "domain/visible_text.h"
#include "embedded/embedded.h"
#include "history/atomic_file.h"
#include "report/html_text.h"
#include "report/wording.h"
#include "report/writers.h"

namespace scr::report {

namespace {

constexpr std::size_t kMostVotes = 100; ///< of one flag on the page; votes.csv has them all
constexpr std::size_t kMostChanges = 60;
constexpr std::size_t kMostEntries = 300;

std::string tag(std::string_view className, std::string_view text)
{
    return fmt::format("<span class=\"tag {}\">{}</span>", className, escaped(text));
}

std::string move(std::int64_t before, std::int64_t after)
{
    const std::string_view className = after > before ? "worse" : after < before ? "better" : "same";
    return fmt::format("#{} <span class=\"{}\">→ #{}</span>", countText(before), className, countText(after));
}

std::string scoreMove(double before, double after)
{
    return fmt::format("{} → {}", scoreText(before), scoreText(after));
}

/// Lays the page out, section by section.
class Page {
public:
    explicit Page(const Report& report) : m_report{report} {}
    std::string run();

private:
    void head();
    void fact(std::string_view name, std::string_view html, bool wide = false);
    void facts();
    void figures();
    void detectors();
    void overview();
    void flag(const FlagPart& part);
    void whyAndWhatNot(const domain::Flag& flag);
    void decisions(const FlagPart& part);
    void votes(const std::vector<domain::Vote>& votes, std::size_t known);
    void voids();
    void request(const VoidPart& part);
    void shares(const std::vector<domain::PostShare>& shares);
    void log();
    void leaderboard();
    void source();
    void notes();
    void section(std::string_view id, std::string_view title)
    {
        m_page += fmt::format("<h2 id=\"{}\">{}</h2>\n", id, escaped(title));
    }
    void line(std::string_view html) { m_page += fmt::format("<p>{}</p>\n", html); }

    const Report& m_report;
    std::string m_page;
};

std::string Page::run()
{
    head();
    facts();
    line(escaped(summaryText(m_report)));
    for (const std::string& remark : m_report.remarks)
        m_page += fmt::format("<p class=\"remark\">{}</p>\n", untrusted(remark));
    figures();
    detectors();
    overview();
    for (const FlagPart& part : m_report.flags)
        flag(part);
    voids();
    log();
    leaderboard();
    source();
    notes();
    m_page += fmt::format("<footer>Made with Scrutineer {} on {} UTC</footer>\n</main></body></html>\n",
                          untrusted(m_report.toolVersion), timeText(m_report.madeAt));
    return std::move(m_page);
}

void Page::head()
{
    m_page += "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n";
    // whatever slipped past the escaping could still load and run nothing
    m_page += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    m_page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" "
              "content=\"no-referrer\">\n";
    m_page += fmt::format("<title>{}</title>\n<style>\n{}</style></head>\n<body><main>\n",
                          escaped(domain::visibleText(m_report.title)), embedded::text("report/report.css"));
    m_page += fmt::format("<header>{}<h1>{}</h1><p class=\"period\">{}</p></header>\n",
                          tag(domain::nameOf(m_report.source.environment), domain::nameOf(m_report.source.environment)),
                          untrusted(m_report.title), escaped(periodText(m_report.period)));
}

void Page::fact(std::string_view name, std::string_view html, bool wide)
{
    m_page += fmt::format("<div{}><dt>{}</dt><dd>{}</dd></div>\n", wide ? " class=\"wide\"" : "", escaped(name), html);
}

void Page::facts()
{
    const domain::Source& source = m_report.source;
    m_page += "<dl class=\"facts\">\n";
    fact("Source", untrusted(source.service));
    fact("Database", untrusted(source.database));
    fact("Adapter", untrusted(source.adapter + " " + source.adapterVersion));
    fact("Read as", untrusted(source.login));
    fact("Made by", untrusted(m_report.madeBy));
    fact("Made at", escaped(timeText(m_report.madeAt) + " UTC"));
    m_page += "</dl>\n";
}

void Page::figures()
{
    const Totals totals = totalsOf(m_report);
    const std::pair<std::string_view, std::int64_t> all[] = {{"open", totals.open},
                                                             {"confirmed", totals.confirmed},
                                                             {"dismissed", totals.dismissed},
                                                             {"snoozed", totals.snoozed},
                                                             {"voided", totals.voided},
                                                             {"votes out now", totals.votesVoided},
                                                             {"votes put back", totals.votesRestored}};
    m_page += "<ul class=\"figures\">\n";
    for (const auto& [name, count] : all)
        m_page += fmt::format("<li><b>{}</b> {}</li>\n", countText(count), name);
    m_page += "</ul>\n";
}

void Page::detectors()
{
    section("detectors", "What was looked for");
    line(untrusted(scansText(m_report)));
    HtmlTable table{m_page, "detectors"};
    table.head({"Detector", "Rule", "Version", "#Flags"});
    for (const DetectorRun& run : m_report.detectors) {
        const std::string rule = run.skippedWhy.empty() ? ruleText(run.rule) : "not run: " + run.skippedWhy;
        table.cell(untrusted(titleOf(run)))
            .cell(untrusted(rule))
            .cell(untrusted(run.ruleVersion))
            .number(countText(run.flags))
            .endRow();
    }
}

void Page::overview()
{
    section("flags", "Findings");
    if (m_report.flags.empty()) {
        line("No flag is on record for the period.");
        return;
    }
    HtmlTable table{m_page, "overview"};
    table.head({"Flag", "Severity", "Finding", "Subject", "#Votes", "State", "Decided by"});
    for (const FlagPart& part : m_report.flags) {
        const domain::Flag& flag = part.recorded.flag;
        const std::string key = escaped(flag.key.text);
        table.cell(fmt::format("<a class=\"key\" href=\"#{0}\">{0}</a>", key));
        table.cell(tag(domain::nameOf(flag.severity), titleOf(flag.severity)));
        table.cell(escaped(titleOf(flag.detector))).cell(untrusted(subjectText(part.recorded)));
        table.number(countText(static_cast<std::int64_t>(flag.votes.size())));
        table.cell(fmt::format("<span class=\"fixed\">{}</span>", escaped(titleOf(part.recorded.state))));
        table.cell(untrusted(part.recorded.actor)).endRow();
    }
}

void Page::flag(const FlagPart& part)
{
    const domain::Flag& flag = part.recorded.flag;
    m_page += fmt::format("<article id=\"{}\">\n<p class=\"tags\">{} {} <span class=\"key\">{}</span></p>\n<h3>{}</h3>\n",
                          escaped(flag.key.text), tag(domain::nameOf(flag.severity), titleOf(flag.severity)),
                          tag("plain", titleOf(part.recorded.state)), escaped(flag.key.text), untrusted(flag.headline));
    line(fmt::format("<span class=\"muted\">{} · {} · {}, score {}</span>", untrusted(subjectText(part.recorded)),
                     escaped(windowText(flag.from, flag.to)), escaped(titleOf(flag.detector)), scoreText(flag.score)));
    whyAndWhatNot(flag);
    m_page += svgOf(pictureOf(flag.evidence));
    if (flag.rankImpact) {
        line(fmt::format("Without these votes post {}: score {}, rank {}.", untrusted(flag.rankImpact->post.text),
                         scoreMove(flag.rankImpact->scoreWith, flag.rankImpact->scoreWithout),
                         move(flag.rankImpact->rankWith, flag.rankImpact->rankWithout)));
    }
    line("<span class=\"muted\">" + untrusted(recordText(part.recorded)) + "</span>");
    decisions(part);
    votes(part.votes, flag.votes.size());
    m_page += "</article>\n";
}

void Page::whyAndWhatNot(const domain::Flag& flag)
{
    line(untrusted(flag.explanation));
    if (!flag.counterEvidence.empty()) {
        m_page += "<h4>What speaks against it</h4>\n<ul>\n";
        for (const std::string& against : flag.counterEvidence)
            m_page += fmt::format("<li>{}</li>\n", untrusted(against));
        m_page += "</ul>\n";
    }
    if (!flag.clearsIf.empty())
        line(untrusted(flag.clearsIf));
    if (!flag.rule.empty())
        line(
            fmt::format("<span class=\"muted\">Rule {}: {}</span>", untrusted(flag.ruleVersion), untrusted(ruleText(flag.rule))));
}

void Page::decisions(const FlagPart& part)
{
    m_page += "<h4>Decisions</h4>\n";
    if (part.decisions.empty()) {
        line("<span class=\"muted\">Nobody has decided about it.</span>");
        return;
    }
    HtmlTable table{m_page, "decisions"};
    table.head({"When (UTC)", "Who", "Decision", "Reason"});
    for (const domain::ReviewEntry& entry : part.decisions) {
        std::string decision{titleOf(entry.decision)};
        if (entry.snoozeUntil)
            decision += " until " + timeText(*entry.snoozeUntil);
        table.cell(timeText(entry.decidedAt))
            .cell(untrusted(entry.actor))
            .cell(escaped(decision))
            .cell(untrusted(entry.reason))
            .endRow();
    }
}

void Page::votes(const std::vector<domain::Vote>& votes, std::size_t known)
{
    if (known == 0 && votes.empty())
        return;
    m_page += "<h4>Votes</h4>\n";
    if (votes.empty()) {
        line(fmt::format("<span class=\"muted\">{} concerned.</span>", countText(static_cast<std::int64_t>(known), "vote")));
        return;
    }
    const std::size_t shown = std::min(votes.size(), kMostVotes);
    {
        HtmlTable table{m_page, "votes"};
        table.head({"Vote", "Cast at (UTC)", "Token", "Post", "#Value", "Origin", "State"});
        for (std::size_t i = 0; i < shown; ++i) {
            const domain::Vote& vote = votes[i];
            table.cell(untrusted(vote.key.text))
                .cell(timeText(vote.castAt))
                .cell(untrusted(vote.token.text))
                .cell(untrusted(vote.post.text));
            table.number(signedText(vote.value)).cell(untrusted(vote.origin)).cell(domain::nameOf(vote.state)).endRow();
        }
    }
    if (shown < votes.size())
        line(fmt::format("<span class=\"muted\">The first {} of {}; votes.csv has them all.</span>", shown,
                         countText(static_cast<std::int64_t>(votes.size()), "vote")));
}

void Page::voids()
{
    section("voids", "Voids and restores");
    if (m_report.voids.empty())
        line("No votes were voided or restored in the period.");
    for (const VoidPart& part : m_report.voids)
        request(part);
}

void Page::request(const VoidPart& part)
{
    const domain::VoidRequestRow& row = part.request;
    m_page += fmt::format("<article>\n<p class=\"tags\">{} <span class=\"key\">{}</span></p>\n<h3>{}</h3>\n",
                          tag("plain", titleOf(row.state)), escaped(row.request.text), escaped(requestTitle(row)));
    m_page += "<dl class=\"facts\">\n";
    fact("Asked for by", untrusted(row.requestedBy) + ", " + timeText(row.requestedAt) + " UTC");
    if (row.committedAt)
        fact("Carried out", (row.approvedBy.empty() ? std::string{} : "by " + untrusted(row.approvedBy) + ", ") +
                                timeText(*row.committedAt) + " UTC");
    fact("Reason", untrusted(row.reason), true);
    if (row.withdrawnAt)
        fact("Withdrawn by",
             untrusted(row.withdrawnBy) + ", " + timeText(*row.withdrawnAt) + " UTC: " + untrusted(row.withdrawalReason), true);
    if (!row.restores.empty())
        fact("Undoes", escaped(requestName(m_report, row.restores)));
    if (!row.restoredBy.empty())
        fact("Undone by", escaped(requestName(m_report, row.restoredBy)));
    std::string flags;
    for (const domain::FlagKey& key : row.flags)
        flags += fmt::format("{0}<a class=\"key\" href=\"#{1}\">{1}</a>", flags.empty() ? "" : " ", escaped(key.text));
    if (!flags.empty())
        fact("For the flags", flags, true);
    if (!row.digest.empty())
        fact("Digest", "<span class=\"key\">" + escaped(groupedDigest(row.digest)) + "</span>", true);
    m_page += "</dl>\n";
    shares(part.posts);
    m_page += "</article>\n";
}

void Page::shares(const std::vector<domain::PostShare>& shares)
{
    const std::size_t shown = std::min(shares.size(), kMostChanges);
    if (shown == 0)
        return;
    {
        HtmlTable table{m_page, "changes"};
        table.head({"Post", "Title", "#Votes", "#Change of score"});
        for (std::size_t i = 0; i < shown; ++i) {
            const domain::PostShare& share = shares[i];
            table.cell(untrusted(share.post.text)).cell(untrusted(share.title)).number(countText(share.votes));
            table.number(signedText(share.change)).endRow();
        }
    }
    if (shown < shares.size())
        line(fmt::format("<span class=\"muted\">The first {} of {}; voids.csv has them all.</span>", shown,
                         countText(static_cast<std::int64_t>(shares.size()), "post")));
}

void Page::log()
{
    section("log", "What people did");
    if (m_report.log.empty()) {
        line("The log has no entry of the period.");
        return;
    }
    const std::size_t shown = std::min(m_report.log.size(), kMostEntries);
    {
        HtmlTable table{m_page, "log"};
        table.head({"When (UTC)", "Who", "What", "Of", "Entry"});
        for (std::size_t i = 0; i < shown; ++i) {
            const domain::AuditEntry& entry = m_report.log[i];
            table.cell(timeText(entry.at)).cell(untrusted(entry.actor)).cell(domain::nameOf(entry.kind));
            table.cell(untrusted(entry.subject)).cell(untrusted(entryText(entry))).endRow();
        }
    }
    if (shown < m_report.log.size())
        line(fmt::format("<span class=\"muted\">The first {} of {}; log.csv has them all.</span>", shown,
                         countText(static_cast<std::int64_t>(m_report.log.size())) + " entries"));
}

void Page::leaderboard()
{
    section("leaderboard", "Leaderboard with and without the voided votes");
    if (m_report.leaderboard.empty()) {
        line("There is no post to rank.");
        return;
    }
    m_page += svgOf(pictureOf(m_report.leaderboard));
    HtmlTable table{m_page, "leaderboard"};
    table.head({"#Rank", "Post", "Title", "#Score", "#Rank with voided votes", "#Score with voided votes", "#Change"});
    for (const LeaderRow& row : m_report.leaderboard) {
        const std::int64_t fell = row.rank - row.rankWithVoided;
        const std::string change = fell == 0 ? "stays"
                                             : fmt::format("<span class=\"{}\">{} {}</span>", fell > 0 ? "worse" : "better",
                                                           fell > 0 ? "▼" : "▲", countText(std::abs(fell)));
        table.number(countText(row.rank)).cell(untrusted(row.post.text)).cell(untrusted(row.title)).number(scoreText(row.score));
        table.number(countText(row.rankWithVoided)).number(scoreText(row.scoreWithVoided)).number(change).endRow();
    }
}

void Page::source()
{
    const domain::Source& source = m_report.source;
    section("source", "The source");
    line(accessText(source));
    if (source.capabilities.empty())
        return;
    HtmlTable table{m_page, "capabilities"};
    table.head({"Capability", "Available", "Detail"});
    for (const domain::Capability& one : source.capabilities)
        table.cell(untrusted(one.name)).cell(one.available ? "yes" : "no").cell(untrusted(one.detail)).endRow();
}

void Page::notes()
{
    section("notes", "How to read and verify this report");
    for (const std::string& note : verificationNotes())
        line(escaped(note));
}

} // namespace

std::string htmlOf(const Report& report)
{
    return Page{report}.run();
}

domain::Status writeHtml(const Report& report, const std::string& path)
{
    return history::writeFile(path, htmlOf(report));
}

} // namespace scr::report
