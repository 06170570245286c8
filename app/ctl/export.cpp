#include <memory>
#include <optional>

#include <QGuiApplication>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/connect.h"
#include "ctl/export_evidence.h"
#include "ctl/export_votes.h"
#include "ctl/terminal.h"
#include "ctl/time_options.h"
#include "ctl/verb.h"
#include "elevated/elevated_session.h"
#include "jobs/collect_report.h"
#include "print/print_report.h"
#include "report/wording.h"
#include "settings/state_dirs.h"
#include "store/source_probe.h"
#include "store/sql_report_source.h"

namespace scr::ctl {

namespace {

using domain::failureOf;
using domain::Result;
using domain::Status;

struct Options {
    std::string service;
    TimeOptions time;
    std::string report;
    std::string votes;
    std::optional<std::string> filter;
    EvidenceOptions evidence;
};

Result<report::Report> collect(const domain::ConnectionTarget& reader, const domain::TimeRange& period)
{
    auto source = store::probeSource(reader);
    if (!source)
        return failureOf(source);
    store::SqlReportSource reading{reader};
    Progress progress{"Collecting the report"};
    return jobs::collectReport(reading, {period, *std::move(source), SCRUTINEER_VERSION},
                               [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
}

Status logThrough(const domain::ConnectionTarget& writer, const std::string& detail)
{
    return elevated::ElevatedSession{writer, settings::journalDirectory()}.logExport(elevated::newRequestId(), detail);
}

/// That data left the house belongs into the audit log. An auditor's own login may write that there, and then needs no second
/// service.
Status logAs(const std::string& service, const std::string& detail)
{
    const auto writer = elevatedOf(service);
    Status logged = writer ? logThrough(*writer, detail) : Status{failureOf(writer)};
    if (!logged && logged.error().fault != domain::Fault::InDoubt && logThrough(readerOf(service), detail))
        logged = domain::Nothing{};
    return logged;
}

/// Who may only read is told that the log does not say so.
void logExport(const std::string& service, const std::string& detail)
{
    if (const Status logged = logAs(service, detail); !logged)
        warn("The export was written, but the audit log does not say so: " + domain::sentenceOf(logged.error()));
}

Status exportAll(const Options& options)
{
    const auto range = rangeOf(options.time);
    if (!range)
        return failureOf(range);
    const domain::ConnectionTarget reader = readerOf(options.service);
    if (!options.report.empty()) {
        const auto report = collect(reader, *range);
        if (!report)
            return failureOf(report);
        if (const Status written = print::writeReport(*report, QString::fromStdString(options.report)); !written)
            return written;
        if (options.votes != "-") // where the votes go
            fmt::print("{}\n", options.report);
        logExport(options.service, report::exportText(*report, options.report));
    }
    if (!options.evidence.path.empty()) {
        const auto log = [&](const std::string& detail) {
            Status logged = logAs(options.service, detail);
            if (!logged)
                logged.error().detail =
                    "that a pack was made could not be written to the audit log, so it was not made: " + logged.error().detail;
            return logged;
        };
        if (const Status made = exportEvidence(options.service, options.evidence, options.filter.value_or(""), *range, log);
            !made)
            return made;
    }
    if (!options.votes.empty()) {
        const std::string filter = options.filter.value_or("state=counted");
        const auto votes = exportVotes(reader, filter, *range, options.votes);
        if (!votes) {
            if (options.votes == "-") // what was read by then has left the house
                logExport(options.service,
                          fmt::format("votes, broken off, {}, filter \"{}\"", report::periodText(*range), filter));
            return failureOf(votes);
        }
        if (options.votes != "-")
            fmt::print("{}\n", options.votes);
        logExport(options.service,
                  fmt::format("{} votes, {}, filter \"{}\", {}", *votes, report::periodText(*range), filter, options.votes));
    }
    return finishOutput();
}

/// Standard error is for our own sentences; what Qt remarks about a missing session or font does not help anybody there.
void dropRemarks(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    if (type == QtCriticalMsg || type == QtFatalMsg)
        warn(text.toStdString());
}

int run(const Options& options)
{
    if (options.report.empty() && options.votes.empty() && options.evidence.path.empty()) {
        warn("There is nothing to export. Name --report FILE.html, FILE.pdf or FOLDER, --votes FILE.csv, or --evidence FOLDER.");
        return kCouldNot;
    }
    qInstallMessageHandler(dropRemarks);
    // Fonts and printing need a platform, and there need not be a display.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int argc = 1;
    char name[] = "scrutineerctl";
    char* argv[] = {name, nullptr};
    const QGuiApplication application{argc, argv};
    const Status done = exportAll(options);
    return done ? kDone : report(done.error());
}

} // namespace

Run addExport(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service)->required();
    addTimeRange(command, options->time);
    command.add_option("--report", options->report,
                       "An auditor's report: FILE.html, FILE.pdf, or a folder for HTML and CSV files");
    command.add_option("--votes", options->votes,
                       "The votes as CSV, newest first, in the form that import reads; - is standard output");
    auto* evidence = command.add_option("--evidence", options->evidence.path,
                                        "An evidence pack, which others can verify offline: a new FOLDER, or FILE.tar");
    command.add_option(
        "--filter", options->filter,
        "With --votes (state=counted unless it is given) or --evidence: only these, e.g. \"token=7 state=voided\"");
    command
        .add_option("--key", options->evidence.key,
                    "With --evidence: your private key, of keygen --exporter; without it the exporter_key of the profile")
        ->needs(evidence);
    command
        .add_option("--redact", options->evidence.salt,
                    "With --evidence: pseudonyms for tokens, addresses and authors, made with the salt in this file, which is "
                    "made if it is "
                    "not there and which you keep")
        ->needs(evidence);
    command
        .add_option("--checkpoint", options->evidence.size,
                    "With --evidence: that of so many entries vouches for it, instead of the newest")
        ->needs(evidence);
    return [options] { return run(*options); };
}

} // namespace scr::ctl
