#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "ctl/text_table.h"
#include "ctl/verb.h"
#include "lab/race_lab.h"

namespace scr::ctl {

namespace {

constexpr std::size_t kExamples = 3;

struct Options {
    std::string service;
    lab::RaceOptions race;
    std::vector<std::string> patterns;
    std::string format = "table";
    std::string journal;
};

/// "2x second_vote" for each kind, the commonest first.
std::string breachesText(const std::vector<race::Violation>& violations)
{
    std::map<std::string_view, std::size_t> counts;
    for (const race::Violation& violation : violations)
        ++counts[nameOf(violation.breach)];
    std::vector<std::pair<std::size_t, std::string_view>> sorted;
    for (const auto& [name, count] : counts)
        sorted.emplace_back(count, name);
    std::ranges::sort(sorted, std::greater{});
    std::string text;
    for (const auto& [count, name] : sorted)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
    return text;
}

std::string whatBroke(const lab::PatternReport& one)
{
    if (!one.violations.empty())
        return breachesText(one.violations);
    return one.untested.empty() ? "nothing" : "proves nothing: " + one.untested;
}

std::string_view verdictOf(const lab::PatternReport& one)
{
    if (!one.hindrance.empty())
        return "not raced";
    if (!one.violations.empty())
        return "violated";
    return one.untested.empty() ? "no violation" : "proves nothing";
}

void printTable(const lab::RaceReport& report)
{
    std::vector<std::vector<std::string>> rows{
        {"pattern", "rounds", "calls", "accepted", "no answer", "seconds", "violations", "what broke"}};
    for (const lab::PatternReport& one : report.patterns) {
        if (!one.hindrance.empty()) {
            rows.push_back({std::string{nameOf(one.pattern)}, "-", "-", "-", "-", "-", "-", "not raced: " + one.hindrance});
            continue;
        }
        rows.push_back({std::string{nameOf(one.pattern)}, std::to_string(one.rounds), std::to_string(one.calls),
                        std::to_string(one.accepted), std::to_string(one.calls - one.answered),
                        fmt::format("{:.1f}", one.seconds), std::to_string(one.violations.size()), whatBroke(one)});
    }
    fmt::print("{}", alignedText(rows));
    for (const lab::PatternReport& one : report.patterns) {
        if (!one.violations.empty())
            fmt::print("\n{} ({}):\n", nameOf(one.pattern), titleOf(one.pattern));
        for (std::size_t i = 0; i < std::min(kExamples, one.violations.size()); ++i)
            fmt::print("  round {}: {}: {}\n", one.violations[i].round + 1, nameOf(one.violations[i].breach),
                       one.violations[i].what);
        if (one.violations.size() > kExamples)
            fmt::print("  … and {} more\n", one.violations.size() - kExamples);
    }
    fmt::print("\n{}: {}{}\n", report.target, report.holds() ? "no violation" : "VIOLATED",
               report.stopped ? " (stopped early)" : "");
}

void printJson(const lab::RaceReport& report)
{
    for (const lab::PatternReport& one : report.patterns) {
        nlohmann::ordered_json line{{"target", report.target},
                                    {"function", report.function},
                                    {"code", report.code},
                                    {"environment", report.environment},
                                    {"begun_at", domain::isoText(report.begunAt)},
                                    {"connections", report.connections},
                                    {"pattern", nameOf(one.pattern)},
                                    {"verdict", verdictOf(one)},
                                    {"reason", one.hindrance.empty() ? one.untested : one.hindrance},
                                    {"rounds", one.rounds},
                                    {"calls", one.calls},
                                    {"answered", one.answered},
                                    {"accepted", one.accepted},
                                    {"seconds", one.seconds}};
        line["violations"] = nlohmann::ordered_json::array();
        for (const race::Violation& violation : one.violations)
            line["violations"].push_back(
                {{"round", violation.round + 1}, {"breach", nameOf(violation.breach)}, {"what", violation.what}});
        fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    }
}

/// A line a call, as the client knows it.
domain::Status writeJournal(std::ofstream& file, const std::string& path, const race::Journal& journal)
{
    for (const race::Call& call : journal.calls) {
        const nlohmann::ordered_json line{{"pattern", nameOf(journal.pattern)},
                                          {"round", call.round + 1},
                                          {"connection", call.connection},
                                          {"action", nameOf(call.action)},
                                          {"token", call.token},
                                          {"post", call.post},
                                          {"value", call.value},
                                          {"request", call.requestKey},
                                          {"sent_us", call.sentAt},
                                          {"answered_us", call.answeredAt},
                                          {"outcome", call.outcome},
                                          {"vote", call.vote},
                                          {"error", call.error},
                                          {"reports", call.reports}};
        file << line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
    }
    file.flush();
    return file ? domain::Status{domain::Nothing{}}
                : domain::failure(domain::Fault::Unavailable, "the journal could not be written to " + path,
                                  "Make room on the disk, or choose another file");
}

int run(const Options& options)
{
    const auto owner = ownerOf(options.service);
    if (!owner)
        return report(owner.error());
    lab::RaceOptions race = options.race;
    for (const std::string& name : options.patterns)
        race.patterns.push_back(*race::patternOf(name));
    if (race.patterns.empty())
        race.patterns.assign(race::kPatterns.begin(), race::kPatterns.end());
    std::ofstream journal;
    if (!options.journal.empty()) {
        journal.open(options.journal, std::ios::trunc);
        if (!journal)
            return report(
                {domain::Fault::Unavailable, "the journal cannot be written to " + options.journal, "Choose another file", {}});
    }
    Progress progress{"Racing"};
    std::atomic<bool> stop = false;
    const lab::RaceWatch watch{[&](race::Pattern pattern, std::uint64_t done, std::uint64_t total) {
                                   progress.setWhat(titleOf(pattern));
                                   if (!progress(done, total))
                                       stop = true;
                               },
                               [&](const race::Journal& told) {
                                   return options.journal.empty() ? domain::Status{domain::Nothing{}}
                                                                  : writeJournal(journal, options.journal, told);
                               }};
    const auto raced = lab::raceAll(*owner, race, watch, stop);
    if (!raced)
        return report(raced.error());
    if (options.format == "table")
        printTable(*raced);
    else
        printJson(*raced);
    if (const domain::Status written = finishOutput(); !written)
        return report(written.error());
    if (raced->stopped)
        return report({domain::Fault::Cancelled,
                       "It was stopped before every pattern was raced",
                       "Run it again to be sure of the others",
                       {}});
    if (raced->holds() && !raced->proves())
        return report({domain::Fault::Rejected,
                       "A pattern in which nothing happened proves nothing",
                       "See with --journal FILE what its calls were answered",
                       {}});
    return raced->holds() ? kDone : kFound;
}

std::vector<std::string> patternNames()
{
    std::vector<std::string> names;
    for (const race::Pattern pattern : race::kPatterns)
        names.emplace_back(nameOf(pattern));
    return names;
}

} // namespace

Run addRace(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service)->required();
    command
        .add_option("--target", options->race.target,
                    "cast_vote: the voting system's own; or a function with the same parameters, to be raced in its place")
        ->capture_default_str();
    command.add_option("--connections", options->race.connections, "How many at the same moment")
        ->capture_default_str()
        ->check(CLI::Range(2, 500));
    command.add_option("--rounds", options->race.rounds, "How often, for each pattern")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command.add_option("--pattern", options->patterns, "Only this one; repeatable. Default: all of them")
        ->check(CLI::IsMember(patternNames()))
        ->allow_extra_args(false);
    command.add_option("--format", options->format, "table, or jsonl: a line a pattern, with every violation")
        ->capture_default_str()
        ->check(CLI::IsMember({"table", "jsonl"}));
    command.add_option("--journal", options->journal, "Write there what every client was told, as JSON lines");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
