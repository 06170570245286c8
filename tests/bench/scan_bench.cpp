#include "scan_bench.h"

#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "detect/rules.h"
#include "detect/scan.h"
#include "store/copy_scan_source.h"
#include "store/scan_plan.h"

namespace scr::bench {

namespace {

struct Run {
    double psql{};   ///< COPY of the counted votes as the contract has them
    double shared{}; ///< the same over as many connections as the stream has
    double plain{};  ///< COPY of what the stream itself reads, over as many
    double stream{};
    double scan{};
    double bytesPerVote{};
};

store::ScanPlan planOf(const BenchSite& site, const store::CopyScanOptions& options)
{
    store::ReadConnection connection = required(store::ReadConnection::open(site.reader(), store::kStreamSettings));
    return required(store::planScan(connection, {}, options));
}

std::string shellQuoted(const std::string& text)
{
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return quoted + "'";
}

/// The tasks of a scan dealt out to as many psql processes, all at once.
std::string psqlCommand(const BenchSite& site, const store::ScanPlan& plan)
{
    std::vector<std::string> processes(plan.connections, "psql -qX -d " + shellQuoted(domain::conninfoOf(site.reader())) +
                                                             " -c 'SET synchronize_seqscans = off'");
    for (std::size_t task = 0; task < plan.tasks.size(); ++task)
        processes[task % plan.connections] +=
            " -c " + shellQuoted("COPY (" + plan.tasks[task].query + ") TO STDOUT (FORMAT binary)");
    std::string command;
    for (const std::string& process : processes)
        command += process + " >/dev/null & ";
    return command + "wait";
}

void runShell(const std::string& command)
{
    if (std::system(command.c_str()) != 0)
        throw std::runtime_error{"psql failed"};
}

/// What the stream is measured against.
struct References {
    std::string psql;
    std::string shared;
    std::string plain;
};

Run runOnce(const BenchSite& site, const store::CopyScanOptions& options, const References& references,
            detect::ScanReport& report)
{
    Run run;
    run.psql = timed([&] { runShell(references.psql); });
    run.shared = timed([&] { runShell(references.shared); });
    run.plain = timed([&] { runShell(references.plain); });
    const std::uint64_t before = residentBytes();
    resetPeak();
    domain::ScanInput input;
    run.stream = timed([&] { input = required(store::CopyScanSource{site.reader(), options}.read({}, {})); });
    detect::ScanOptions scanning;
    scanning.threads = 0;
    run.scan =
        timed([&] { report = required(detect::scan(input, detect::defaultRules(), scanning, [](auto, auto) { return true; })); });
    run.bytesPerVote = static_cast<double>(peakBytes() - before) / static_cast<double>(report.votes);
    const double ours = run.stream + run.scan;
    fmt::print("  psql {:5.2f} s, over all connections {:5.2f} s, without voids {:5.2f} s   stream {:5.2f} s + scan {:4.2f} s = "
               "{:5.2f} s   "
               "ratio {:4.2f}   memory {:4.1f} bytes/vote\n",
               run.psql, run.shared, run.plain, run.stream, run.scan, ours, ours / run.psql, run.bytesPerVote);
    return run;
}

double medianOf(const std::vector<Run>& runs, double (*value)(const Run&))
{
    std::vector<double> values;
    for (const Run& run : runs)
        values.push_back(value(run));
    return median(std::move(values));
}

void printFindings(const detect::ScanReport& report)
{
    std::map<std::string, std::uint64_t> flags;
    for (const domain::Flag& flag : report.flags)
        ++flags[std::string{domain::nameOf(flag.detector)}];
    fmt::print("  {} votes, {} attempts;", report.votes, report.attempts);
    for (const auto& [detector, count] : flags)
        fmt::print(" {} {}", detector, count);
    fmt::print("\n");
    for (const detect::SkippedDetector& skipped : report.skipped)
        fmt::print("  not run: {} ({})\n", domain::nameOf(skipped.detector), skipped.reason);
}

/// The votes that end 32 or more of their token within 20 seconds.
struct WindowQuery {
    const char* name;
    const char* settings;
    const char* text;
};
// What a detector has to tell: which votes they are. Left alone, PostgreSQL reads the token's index and then every row by itself,
// so it is kept from that in all but the reference: what can be won by hand is told beside it.
constexpr WindowQuery kNamed{
    "RANGE frame, names the votes", "SET enable_indexscan = off; SET enable_indexonlyscan = off;",
    "SELECT vote_key, token_key, post_key, cast_at, votes FROM (SELECT vote_key, token_key, post_key, cast_at, count(*) OVER "
    "(PARTITION BY token_key ORDER BY cast_at RANGE BETWEEN interval '20 seconds' PRECEDING AND CURRENT ROW) AS votes "
    "FROM scrutineer.vote WHERE state = 'counted') w WHERE votes >= 32"};
// The rest only count, with rows half as wide to sort. The planner's own choice:
constexpr WindowQuery kAlone{
    "RANGE frame, as planned", "",
    "SELECT count(*) FROM (SELECT count(*) OVER (PARTITION BY token_key ORDER BY cast_at RANGE BETWEEN interval '20 seconds' "
    "PRECEDING AND CURRENT ROW) AS votes FROM scrutineer.vote) w WHERE votes >= 32"};
constexpr WindowQuery kFrame{"RANGE frame, sorted", "SET enable_indexscan = off; SET enable_indexonlyscan = off;", kAlone.text};
// Knows no sizes but the one it asks for.
constexpr WindowQuery kLag{
    "lag(31), sorted", "SET enable_indexscan = off; SET enable_indexonlyscan = off;",
    "SELECT count(*) FROM (SELECT cast_at - lag(cast_at, 31) OVER (PARTITION BY token_key ORDER BY cast_at) AS span "
    "FROM scrutineer.vote) w WHERE span < interval '20 seconds'"};

double seconds(const BenchSite& site, const WindowQuery& query)
{
    std::vector<std::vector<std::string>> found;
    const double taken = timed([&] { found = site.rows(fmt::format("{} {}", query.settings, query.text)); });
    const std::string votes = found.size() == 1 ? found[0][0] : std::to_string(found.size());
    fmt::print("  window function {:6.2f} s: {} ({} votes)\n", taken, query.name, votes);
    return taken;
}

} // namespace

std::vector<Verdict> benchScan(const BenchSite& site, const ScanBenchOptions& options)
{
    store::CopyScanOptions scanning;
    scanning.connections = options.connections;
    const store::ScanPlan plan = planOf(site, scanning);
    store::CopyScanOptions joining = scanning;
    joining.storedVotes = false;
    store::CopyScanOptions alone = joining;
    alone.connections = 1;
    const References references{psqlCommand(site, planOf(site, alone)), psqlCommand(site, planOf(site, joining)),
                                psqlCommand(site, plan)};
    fmt::print("\nScan over {} connection{}\n", plan.connections, plan.connections == 1 ? "" : "s");
    runShell(references.psql); // both sides find the pages in memory from here on
    std::vector<Run> runs;
    std::vector<double> named;
    std::vector<double> planned;
    std::vector<double> frames;
    std::vector<double> lags;
    detect::ScanReport report;
    for (int repeat = 0; repeat < options.repeats; ++repeat)
        runs.push_back(runOnce(site, scanning, references, report));
    // Not in between: what their sorts spill is still being written to disk long after they have answered.
    for (int repeat = 0; repeat < options.repeats; ++repeat) {
        named.push_back(seconds(site, kNamed));
        planned.push_back(seconds(site, kAlone));
        frames.push_back(seconds(site, kFrame));
        lags.push_back(seconds(site, kLag));
    }
    printFindings(report);
    const double reference = medianOf(runs, [](const Run& run) { return run.psql; });
    const double ours = medianOf(runs, [](const Run& run) { return run.stream + run.scan; });
    const double ratio = medianOf(runs, [](const Run& run) { return (run.stream + run.scan) / run.psql; });
    const double shared = medianOf(runs, [](const Run& run) { return run.shared; });
    const double withoutVoids = medianOf(runs, [](const Run& run) { return run.plain; });
    const double memory = medianOf(runs, [](const Run& run) { return run.bytesPerVote; });
    const auto against = [ours](const char* name, double window, const char* target, bool met) {
        return Verdict{
            name, fmt::format("{:.2f} s", ours), fmt::format("{:.2f} s", window), fmt::format("{:.1f}x", window / ours), target,
            met};
    };
    const double asPlanned = median(planned);
    return {{"stream and all detectors / psql COPY of the same columns", fmt::format("{:.2f} s", ours),
             fmt::format("{:.2f} s", reference), fmt::format("{:.2f}", ratio), "<= 1.50", ratio <= 1.5},
            {"the same / psql COPY over as many connections", fmt::format("{:.2f} s", ours), fmt::format("{:.2f} s", shared),
             fmt::format("{:.2f}", ours / shared), "", true},
            {"the same / that COPY without a look for voids", fmt::format("{:.2f} s", ours),
             fmt::format("{:.2f} s", withoutVoids), fmt::format("{:.2f}", ours / withoutVoids), "", true},
            {"peak memory of stream and detectors, a vote", fmt::format("{:.1f} bytes", memory), "", "", "<= 64", memory <= 64},
            against("burst query as a window function / all detectors", asPlanned, ">= 1x", asPlanned >= ours),
            against("the same, made to sort", median(frames), "", true),
            against("the same with the votes' names, made to sort", median(named), "", true),
            against("burst query of one fixed size by lag(), made to sort", median(lags), "", true)};
}

} // namespace scr::bench
