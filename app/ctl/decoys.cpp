#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/scan_input.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "detect/calibration.h"
#include "detect/decoys.h"
#include "scanning/site_profile.h"

namespace scr::ctl {

namespace {

using domain::failureOf;
using domain::Result;

struct Options : InputOptions {
    std::string rules;
    std::uint64_t seed = 1;
    double most = 5;
    bool calibration = false;
};

std::string numberOrDash(const std::optional<std::uint64_t>& number)
{
    return number ? fmt::format("{}", *number) : "-";
}

/// Whether every detector stays within `most`, a share.
bool print(const detect::DecoyAudit& audit, double most)
{
    bool holds = true;
    fmt::print("{:<22}{:>8}{:>15}{:>15}   {}\n", "detector", "flags", "swap decoys", "jitter decoys", "false, at most");
    for (const detect::DecoyAudit::Row& row : audit.rows) {
        const std::optional<double> share = row.falseShare();
        fmt::print("{:<22}{:>8}{:>15}{:>15}   {}\n", domain::nameOf(row.detector), row.flags, numberOrDash(row.swapFlags),
                   numberOrDash(row.jitterFlags), share ? fmt::format("{:.1f} %", 100 * *share) : "nothing found");
        holds = holds && (!share || *share <= most);
    }
    fmt::print("Flags above low in {} votes, by rules {}\n", audit.votes, audit.ruleVersion);
    return holds;
}

void print(const std::vector<detect::Calibration>& calibrations)
{
    fmt::print("\n{:<22}{:>12}", "detector", "tests");
    for (const int level : detect::Calibration::kLevels)
        fmt::print("{:>16}", fmt::format("p <= 1e-{}", level));
    fmt::print("\n");
    for (const detect::Calibration& one : calibrations) {
        fmt::print("{:<22}{:>12}", domain::nameOf(one.detector), one.tests);
        for (const std::uint64_t below : one.below)
            fmt::print("{:>16}",
                       one.tests == 0 ? "-" : fmt::format("{:.2g}", static_cast<double>(below) / static_cast<double>(one.tests)));
        fmt::print("\n");
    }
}

Result<int> run(const Options& options)
{
    if (const domain::Status sensible = checkInput(options); !sensible)
        return failureOf(sensible);
    const auto range = rangeOf(options.time);
    if (!range)
        return failureOf(range);
    const auto rules = options.rules.empty() ? scanning::rulesOfProfile(options.service) : scanning::readRules(options.rules);
    if (!rules)
        return failureOf(rules);
    Progress progress{"Reading"};
    const domain::KeepGoing keepGoing = [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); };
    auto input = readInput(options, *range, progress);
    if (!input)
        return failureOf(input);
    Result<std::vector<detect::Calibration>> calibrations = std::vector<detect::Calibration>{};
    if (options.calibration) {
        progress.setWhat("Calibrating");
        calibrations = detect::calibrate(*input, *rules, keepGoing);
        if (!calibrations)
            return failureOf(calibrations);
    }
    progress.setWhat("Scanning decoys");
    const auto audit = detect::auditDecoys(std::move(*input), *rules, 0, options.seed, keepGoing);
    if (!audit)
        return failureOf(audit);
    const bool holds = print(*audit, options.most / 100);
    if (options.calibration)
        print(*calibrations);
    if (const domain::Status written = finishOutput(); !written)
        return failureOf(written);
    return holds ? kDone : kFound;
}

} // namespace

Run addDecoys(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addInput(command, *options);
    command.add_option("--rules", options->rules, "Thresholds as TOML; what it leaves out has its default");
    command.add_option("--seed", options->seed, "Of the shuffling; the same one shuffles the same way")->capture_default_str();
    command.add_option("--most", options->most, "Exit 1 when more than so many per cent of a detector's flags may be false")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 100.0));
    command.add_flag("--calibration", options->calibration,
                     "Tell too how often each test calls the votes as unlikely as 1e-2 to 1e-5");
    return [options] {
        const Result<int> code = run(*options);
        return code ? *code : report(code.error());
    };
}

} // namespace scr::ctl
