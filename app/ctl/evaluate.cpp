#include <algorithm>
#include <iterator>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "evaluate/summary.h"
#include "evaluate/time_to_detect.h"
#include "scanning/site_profile.h"

namespace scr::ctl {

namespace {

struct Options {
    std::uint64_t seeds = 5;
    std::uint64_t first = 1;
    std::uint64_t clean = 0;
    std::uint64_t votes = 1'000'000;
    std::uint64_t timed = 0;
    bool hard = false;
    std::string rules;
};

simulate::Scenario scenarioOf(const Options& options, std::uint64_t seed, bool attacked)
{
    simulate::Scenario scenario;
    scenario.site.seed = seed;
    scenario.site.votes = options.votes;
    scenario.site.tokens = std::max<std::uint64_t>(200, options.votes / 25);
    scenario.site.posts = std::max<std::uint64_t>(400, options.votes / 50);
    scenario.site.days = 7;
    scenario.controls = simulate::usualControls();
    if (!attacked)
        return scenario;
    scenario.attacks = simulate::usualAttacks();
    if (options.hard)
        scenario.attacks = {{simulate::Family::SlowDripDiurnal, 8},
                            {simulate::Family::SlowDripNatural, 8},
                            {simulate::Family::Brigade, 5},
                            {simulate::Family::AdaptiveEvader, 3}};
    return scenario;
}

domain::Result<std::vector<evaluate::SeedResult>> runSeeds(const Options& options, const detect::Rules& rules,
                                                           std::uint64_t count, bool attacked)
{
    std::vector<evaluate::SeedResult> results;
    for (std::uint64_t at = 0; at < count; ++at) {
        Progress progress{fmt::format("Seed {}{}", options.first + at, attacked ? "" : ", without attacks")};
        auto result = evaluate::evaluateSeed(scenarioOf(options, options.first + at, attacked), rules, 0,
                                             [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
        if (!result)
            return domain::failureOf(result);
        for (const std::string& remark : result->remarks)
            warn(fmt::format("seed {}: {}", result->seed, remark));
        results.push_back(std::move(*result));
    }
    return results;
}

/// On each of the seeds under attack, one at the least.
domain::Result<std::vector<evaluate::Detection>> runTimed(const Options& options, const detect::Rules& rules)
{
    std::vector<evaluate::Detection> all;
    for (std::uint64_t seed = 0; seed < std::max<std::uint64_t>(options.seeds, 1); ++seed) {
        Progress progress{fmt::format("When each campaign of seed {} is seen", options.first + seed)};
        auto times = evaluate::timesToDetect(scenarioOf(options, options.first + seed, true), rules, options.timed,
                                             [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
        if (!times)
            return domain::failureOf(times);
        std::move(times->begin(), times->end(), std::back_inserter(all));
    }
    return all;
}

int run(const Options& options)
{
    if (options.seeds + options.clean + options.timed == 0) {
        warn("There is nothing to measure. Give --seeds, --clean or --timed a number above 0.");
        return kCouldNot;
    }
    const auto rules = scanning::readRules(options.rules);
    if (!rules)
        return report(rules.error());
    const auto attacked = runSeeds(options, *rules, options.seeds, true);
    if (!attacked)
        return report(attacked.error());
    const auto clean = runSeeds(options, *rules, options.clean, false);
    if (!clean)
        return report(clean.error());
    std::vector<evaluate::Line> lines = evaluate::tableOf(*attacked, *clean);
    if (options.timed > 0) {
        const auto times = runTimed(options, *rules);
        if (!times)
            return report(times.error());
        const std::vector<evaluate::Line> more = evaluate::tableOf(*times);
        lines.insert(lines.end(), more.begin(), more.end());
    }
    bool holds = true;
    std::size_t width = 0;
    for (const auto& line : lines)
        width = std::max(width, line.measured.size() + 2);
    fmt::print("{:<46}{:<{}}{:<30}{:<7}{}\n", "metric", "measured", width, "target", "holds", "last on record");
    for (const evaluate::Line& line : lines) {
        fmt::print("{:<46}{:<{}}{:<30}{:<7}{}\n", line.metric, line.measured, width, line.target,
                   line.target.empty() ? ""
                   : line.holds        ? "yes"
                                       : "NO",
                   line.recorded);
        holds = holds && line.holds;
    }
    const domain::Status written = finishOutput();
    return !written ? report(written.error()) : holds ? kDone : kFound;
}

} // namespace

Run addEvaluate(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    command.add_option("--seeds", options->seeds, "How many simulated sites under attack")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000));
    command.add_option("--clean", options->clean, "And how many without any attack")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000));
    command.add_option("--first", options->first, "The first seed; take one that the rules were not made with")
        ->capture_default_str();
    command
        .add_option("--timed", options->timed,
                    "Of how many campaigns of each family, on each of --seeds sites, to tell when they could be seen")
        ->check(CLI::Range(0, 1000));
    command.add_option("--votes", options->votes, "Honest votes of each site")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{20'000}, std::uint64_t{100'000'000}));
    command.add_flag("--hard", options->hard, "The families without a target: drips that follow the crowd, brigades, evaders");
    command.add_option("--rules", options->rules, "Thresholds as TOML; what it leaves out has its default");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
