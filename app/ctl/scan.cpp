#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/connect.h"
#include "ctl/flag_output.h"
#include "ctl/follow.h"
#include "ctl/scan_input.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "detect/rules.h"
#include "detect/scores.h"
#include "history/csv_writer.h"
#include "scanning/scanning.h"
#include "scanning/site_profile.h"
#include "scanning/site_rule_files.h"
#include "settings/profile.h"

namespace scr::ctl {

namespace {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;

struct Options : InputOptions {
    std::vector<std::string> detectors;
    std::string sqlDetectors; ///< folder
    std::string rules;
    std::string format = "table";
    std::string failOn = "high";
    bool record = false;
    bool follow = false;
    std::string state;               ///< with follow: what was told
    int days = 7;                    ///< likewise: the window
    std::vector<std::string> scores; ///< "votes" or "tokens", and a file
};

std::vector<std::string> detectorNames()
{
    std::vector<std::string> names;
    for (const domain::DetectorId detector : domain::kDetectors)
        names.emplace_back(domain::nameOf(detector));
    names.emplace_back(domain::nameOf(domain::DetectorId::SiteRule));
    return names;
}

FlagFormat formatOf(const std::string& name)
{
    return name == "jsonl" ? FlagFormat::JsonLines : name == "csv" ? FlagFormat::Csv : FlagFormat::Table;
}

domain::Status checkCombination(const Options& options)
{
    if (const domain::Status clear = checkInput(options); !clear)
        return clear;
    if (!options.scores.empty() && options.scores[0] != "votes" && options.scores[0] != "tokens")
        return failure(Fault::Invalid, "Scores are of votes or of tokens", "Write --scores votes FILE or --scores tokens FILE");
    if (options.follow && options.service.empty())
        return failure(Fault::Invalid, "--follow needs a database, and this is a scan of files", "Give --service NAME");
    if (options.follow && (!options.scores.empty() || !options.detectors.empty()))
        return failure(Fault::Invalid, "--follow runs all detectors and writes no scores",
                       "Leave out --detector and --scores, or --follow");
    if (options.record && options.service.empty())
        return failure(Fault::Invalid, "--record needs a database, and this is a scan of files",
                       "Import the files with scrutineerctl import, or leave out --record");
    if (!options.sqlDetectors.empty() && options.service.empty())
        return failure(Fault::Invalid, "--sql-detectors needs a database, and this is a scan of files",
                       "Import the files with scrutineerctl import, or leave out --sql-detectors");
    return domain::Nothing{};
}

bool wantsSiteRules(const Options& options)
{
    return std::find(options.detectors.begin(), options.detectors.end(), "site_rule") != options.detectors.end();
}

/// The folder given, or the one of the service's profile unless other detectors are asked for.
Result<scanning::SiteRuleFiles> siteRulesOf(const Options& options)
{
    if (!options.sqlDetectors.empty())
        return scanning::readSiteRules(options.sqlDetectors);
    const bool asksForThem = wantsSiteRules(options);
    auto files = options.detectors.empty() || asksForThem ? scanning::siteRulesOfProfile(options.service)
                                                          : Result<scanning::SiteRuleFiles>{scanning::SiteRuleFiles{}};
    if (files && asksForThem && files->rules.empty() && files->unreadable.empty())
        return failure(Fault::Invalid, "There are no rules of the site to run", "Name their folder with --sql-detectors");
    return files;
}

/// One line a vote or a token, most suspicious or not, in the order of the source.
domain::Status writeScores(const Options& options, const domain::ScanInput& input, const detect::ScanReport& report)
{
    auto file = history::CsvFile::create(options.scores[1], history::CsvStyle::ExactLf);
    if (!file)
        return failureOf(file);
    const std::vector<float> ofVotes = detect::voteScores(input, report);
    const domain::VoteColumns& votes = input.votes;
    domain::Status written;
    if (options.scores[0] == "votes") {
        static constexpr std::string_view kHeader[] = {"vote_key", "token", "post", "cast_at", "score"};
        written = file->row(kHeader);
        for (std::size_t row = 0; written && row < votes.size(); ++row) {
            file->cell(votes.voteKeys.at(row)).cell(votes.tokens.key(votes.token[row])).cell(votes.posts.key(votes.post[row]));
            written = file->cell(domain::timeOf(votes.castAt[row])).cell(ofVotes[row]).endRow();
        }
    } else {
        static constexpr std::string_view kHeader[] = {"token", "score"};
        const std::vector<float> ofTokens = detect::tokenScores(input, ofVotes);
        written = file->row(kHeader);
        for (domain::Index token = 0; written && token < ofTokens.size(); ++token) {
            if (ofTokens[token] >= 0)
                written = file->cell(votes.tokens.key(token)).cell(ofTokens[token]).endRow();
        }
    }
    return written ? file->commit() : written;
}

Result<domain::ScanInput> readInput(const Options& options, const scanning::ScanOrder& order, Progress& progress,
                                    const domain::KeepGoing& keepGoing)
{
    if (!options.service.empty())
        return scanning::readSource(readerOf(options.service), order, keepGoing);
    return readFiles(options, order.range, progress);
}

Result<detect::ScanReport> scan(const Options& options, const scanning::ScanOrder& order)
{
    Progress progress{"Scanning"};
    const domain::KeepGoing keepGoing = [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); };
    const Result<domain::ScanInput> input = readInput(options, order, progress, keepGoing);
    if (!input)
        return failureOf(input);
    progress.setWhat("Scanning");
    auto report = scanning::scanInput(*input, order, keepGoing);
    if (!report || options.scores.empty())
        return report;
    progress.setWhat("Writing " + options.scores[1]);
    if (const domain::Status written = writeScores(options, *input, *report); !written)
        return failureOf(written);
    return report;
}

std::string nameOf(domain::DetectorId detector, const std::string& siteRule)
{
    const std::string name{domain::nameOf(detector)};
    return siteRule.empty() ? name : name + ' ' + siteRule;
}

/// What a reader of the flags must know besides: that is for people, so it goes to standard error.
void remark(const detect::ScanReport& report)
{
    for (const detect::SkippedDetector& skipped : report.skipped)
        warn(fmt::format("{} was not run: {}", nameOf(skipped.detector, skipped.siteRule), skipped.reason));
    for (const detect::UnseenSuspects& unseen : report.unseen)
        warn(fmt::format("{} has {} more suspects than it can look at: scan a shorter range of time for the rest",
                         domain::nameOf(unseen.detector), unseen.suspects));
    for (const detect::LeftOutFlags& leftOut : report.leftOut)
        warn(fmt::format("{} found {} more flags than the rules allow to list; the worst are shown",
                         nameOf(leftOut.detector, leftOut.siteRule), leftOut.flags));
}

std::string counted(std::uint64_t count, std::string_view what)
{
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

domain::Status record(const Options& options, const detect::ScanReport& report)
{
    const auto writer = elevatedOf(options.service);
    if (!writer)
        return failureOf(writer);
    const auto recorded = scanning::recordFlags(*writer, report.flags);
    if (!recorded)
        return failureOf(recorded);
    warn(fmt::format("Recorded {} new flags; {} were known.", recorded->recorded, recorded->known));
    return domain::Nothing{};
}

Result<int> scanAndPrint(const Options& options)
{
    if (const domain::Status sensible = checkCombination(options); !sensible)
        return failureOf(sensible);
    const auto range = rangeOf(options.time);
    if (!range)
        return failureOf(range);
    const auto rules = options.rules.empty() ? scanning::rulesOfProfile(options.service) : scanning::readRules(options.rules);
    if (!rules)
        return failureOf(rules);
    if (options.follow)
        return followAndPrint({options.service, *rules, formatOf(options.format), options.record, options.state, options.days});
    const auto siteRules = siteRulesOf(options);
    if (!siteRules)
        return failureOf(siteRules);
    scanning::ScanOrder order{*range, {{}, 0}, &*rules, &*siteRules};
    for (const std::string& name : options.detectors)
        order.options.detectors.push_back(*domain::detectorOf(name));
    const auto report = scan(options, order);
    if (!report)
        return failureOf(report);
    remark(*report);
    fmt::print("{}", textOf(report->flags, formatOf(options.format)));
    if (options.format == "table")
        fmt::print("{} in {} and {}{}\n", counted(report->flags.size(), "flag"), counted(report->votes, "vote"),
                   counted(report->attempts, "attempt"),
                   report->votes + report->attempts == 0 ? std::string{}
                                                         : fmt::format("; chance raises at most {:.2g} a day",
                                                                       report->expectedFalse / std::max(1.0, report->days)));
    if (const domain::Status written = finishOutput(); !written)
        return failureOf(written);
    if (options.record) {
        if (const domain::Status recorded = record(options, *report); !recorded)
            return failureOf(recorded);
    }
    const domain::Severity limit = *domain::severityOf(options.failOn);
    const bool found =
        std::any_of(report->flags.begin(), report->flags.end(), [&](const auto& flag) { return flag.severity >= limit; });
    return found ? kFound : kDone;
}

void declare(CLI::App& command, Options& options)
{
    addInput(command, options);
    command.add_option("--detector", options.detectors, "Run only this one; repeatable")
        ->allow_extra_args(false)
        ->check(CLI::IsMember(detectorNames()));
    command.add_option("--sql-detectors", options.sqlDetectors,
                       "Run the site's own rules too: a folder of NAME.sql, one SELECT each");
    command.add_option("--rules", options.rules, "Thresholds as TOML; what it leaves out has its default");
    command.add_option("--format", options.format, "For people: table; for programs: jsonl, csv")
        ->capture_default_str()
        ->check(CLI::IsMember({"table", "jsonl", "csv"}));
    command.add_option("--fail-on", options.failOn, "Exit 1 from this severity on")
        ->capture_default_str()
        ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
    command.add_option("--scores", options.scores, "Write a suspicion score for each of them into a CSV file, 0 to 1")
        ->type_name("votes|tokens FILE")
        ->expected(2);
    command.add_flag("--follow", options.follow, "Go on: print flags as votes come in, within seconds, until interrupted");
    command.add_option("--state", options.state, "With --follow: a file that remembers what was told, for after a restart");
    command.add_option("--days", options.days, "With --follow: how many days back votes are looked at")
        ->capture_default_str()
        ->check(CLI::Range(1, 3650));
    command.add_flag("--record", options.record, "Put the flags into the moderators' queue");
}

} // namespace

Run addScan(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    declare(command, *options);
    return [options] {
        const Result<int> code = scanAndPrint(*options);
        return code ? *code : report(code.error());
    };
}

} // namespace scr::ctl
