#include <memory>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ctl/backtest_output.h"
#include "ctl/scan_input.h"
#include "ctl/terminal.h"
#include "ctl/text_table.h"
#include "ctl/verb.h"
#include "detect/rule_diff.h"
#include "detect/scan.h"
#include "scanning/site_profile.h"

namespace scr::ctl {

namespace {

using domain::failureOf;
using domain::Result;

struct Options : InputOptions {
    std::string before;
    std::string after;
    std::string format = "table";
    CLI::App* diff = nullptr;
};

struct RulePair {
    detect::Rules before;
    detect::Rules after;
};

Result<RulePair> rulesOf(const Options& options)
{
    const auto named = [](const std::string& name) {
        return scanning::readRules(name == "-" || name == "default" ? std::string{} : name);
    };
    auto before = named(options.before);
    if (!before)
        return failureOf(before);
    auto after = named(options.after);
    if (!after)
        return failureOf(after);
    return RulePair{std::move(*before), std::move(*after)};
}

void printChanges(const std::vector<detect::RuleChange>& changes, bool isJson)
{
    if (isJson) {
        for (const detect::RuleChange& change : changes)
            fmt::print("{}\n", nlohmann::ordered_json{{"detector", change.section},
                                                      {"name", change.name},
                                                      {"old", change.before},
                                                      {"new", change.after},
                                                      {"unit", change.unit}}
                                   .dump());
        return;
    }
    if (changes.empty())
        return fmt::print("No threshold differs\n");
    std::vector<std::vector<std::string>> rows{{"DETECTOR", "THRESHOLD", "OLD", "NEW", "UNIT"}};
    for (const detect::RuleChange& change : changes)
        rows.push_back({change.section, change.name, change.before, change.after, change.unit});
    fmt::print("{}", alignedText(rows));
}

int finish(bool differs)
{
    const domain::Status written = finishOutput();
    return !written ? report(written.error()) : differs ? kFound : kDone;
}

int diff(const Options& options)
{
    const auto rules = rulesOf(options);
    if (!rules)
        return report(rules.error());
    const auto changes = detect::changesOf(rules->before, rules->after);
    printChanges(changes, options.format == "jsonl");
    return finish(!changes.empty());
}

Result<Backtest> scanTwice(const Options& options, const domain::TimeRange& range, const RulePair& rules)
{
    Progress progress{"Reading"};
    const auto input = readInput(options, range, progress);
    if (!input)
        return failureOf(input);
    const domain::KeepGoing keepGoing = [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); };
    progress.setWhat("Scanning with the old rules");
    auto before = detect::scan(*input, rules.before, {{}, 0}, keepGoing);
    if (!before)
        return failureOf(before);
    progress.setWhat("Scanning with the new rules");
    auto after = detect::scan(*input, rules.after, {{}, 0}, keepGoing);
    if (!after)
        return failureOf(after);
    return Backtest{std::move(*before), std::move(*after)};
}

/// What a reader of the comparison must know besides.
void remark(const Backtest& backtest)
{
    for (const detect::SkippedDetector& skipped : backtest.after.skipped)
        warn(fmt::format("{} was not run: {}", domain::nameOf(skipped.detector), skipped.reason));
    for (const auto& [report, which] : {std::pair{&backtest.before, "old"}, std::pair{&backtest.after, "new"}}) {
        for (const detect::LeftOutFlags& leftOut : report->leftOut)
            warn(fmt::format("{} found {} more flags with the {} rules than those allow to list; they are not compared",
                             domain::nameOf(leftOut.detector), leftOut.flags, which));
    }
}

int backtest(const Options& options)
{
    if (const domain::Status clear = checkInput(options); !clear)
        return report(clear.error());
    const auto range = rangeOf(options.time);
    if (!range)
        return report(range.error());
    const auto rules = rulesOf(options);
    if (!rules)
        return report(rules.error());
    const auto scanned = scanTwice(options, *range, *rules);
    if (!scanned)
        return report(scanned.error());
    remark(*scanned);
    const detect::FlagDiff difference = detect::differenceOf(scanned->before.flags, scanned->after.flags);
    fmt::print("{}", options.format == "jsonl" ? jsonLinesOf(*scanned, difference) : tableOf(*scanned, difference));
    return finish(!difference.isEmpty());
}

void declareRules(CLI::App& command, Options& options)
{
    command.add_option("OLD", options.before, "Rules as TOML; - or default names those that the program carries")->required();
    command.add_option("NEW", options.after, "Rules to compare with them, likewise")->required();
    command.add_option("--format", options.format, "For people: table; for programs: jsonl")
        ->capture_default_str()
        ->check(CLI::IsMember({"table", "jsonl"}));
}

} // namespace

Run addRules(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    command.require_subcommand(1);
    options->diff = command.add_subcommand("diff", "List the thresholds that differ; exit 1 when there are any");
    options->diff->footer("\nExample:\n  scrutineerctl rules diff default mine.toml\n");
    declareRules(*options->diff, *options);
    CLI::App* again = command.add_subcommand(
        "backtest",
        "Scan a past period with both and list the flags that differ; exit 1 when there are any. Nothing is recorded");
    again->footer("\nExample:\n  scrutineerctl rules backtest default mine.toml --service mysite --from 2026-03-01\n");
    declareRules(*again, *options);
    addInput(*again, *options);
    return [options] { return *options->diff ? diff(*options) : backtest(*options); };
}

} // namespace scr::ctl
