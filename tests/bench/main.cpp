#include <exception>
#include <iterator>

#include <CLI/CLI.hpp>
#include <QCoreApplication>

#include <fmt/format.h>

#include "domain/large_pages.h"
#include "page_bench.h"
#include "scan_bench.h"
#include "sql_rivals.h"
#include "suite_bench.h"

int main(int argc, char** argv)
{
    using namespace scr::bench;
    scr::domain::keepLargeBlocksApart();
    CLI::App app{"Measures the vote stream, the detectors and paging against what PostgreSQL's own tools do with the same rows, "
                 "in one run."};
    std::uint64_t votes = 10'000'000;
    std::string directory;
    ScanBenchOptions scan;
    app.add_option("--votes", votes, "how many votes the site has")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{20'000}, std::uint64_t{1'000'000'000}));
    app.add_option("--repeats", scan.repeats, "how often each side is measured; medians are told")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    app.add_option("--connections", scan.connections,
                   "connections of the stream and processes of psql (0: what the scan chooses)")
        ->check(CLI::Range(0U, 64U));
    app.add_option("--keep", directory, "keep the server's files in this folder, and use what is there");
    std::uint64_t suite = 10'000'000;
    std::uint64_t stream = 100'000'000;
    std::uint64_t small = 1'000'000;
    bool rivals = true;
    app.add_option("--suite-votes", suite, "votes for the detectors by themselves (0: leave out)")->capture_default_str();
    app.add_option("--stream-votes", stream, "votes for the screens' memory (0: leave out)")->capture_default_str();
    app.add_option("--small-votes", small, "votes of the smaller site for SQL (0: leave out)")->capture_default_str();
    app.add_flag("!--no-sql", rivals, "leave out what SQL makes of the same questions");
    CLI11_PARSE(app, argc, argv);
    const QCoreApplication qt{argc, argv};
    try {
        std::vector<Verdict> verdicts;
        const auto add = [&](std::vector<Verdict> more) { std::move(more.begin(), more.end(), std::back_inserter(verdicts)); };
        if (suite > 0)
            add(benchSuite(suite));
        if (stream > 0)
            add(benchStream(stream));
        if (rivals && small > 0)
            add(benchRivals(BenchSite{small, {}}, scan.repeats));
        const BenchSite site{votes, directory};
        add(benchScan(site, scan));
        add(benchPages(site));
        if (rivals)
            add(benchRivals(site, scan.repeats));
        print(verdicts);
        return std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& one) { return one.met; }) ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
}
