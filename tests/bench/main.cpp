#include <exception>

#include <CLI/CLI.hpp>
#include <QCoreApplication>

#include <fmt/format.h>

#include "domain/large_pages.h"
#include "page_bench.h"
#include "scan_bench.h"

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
    CLI11_PARSE(app, argc, argv);
    const QCoreApplication qt{argc, argv};
    try {
        const BenchSite site{votes, directory};
        std::vector<Verdict> verdicts = benchScan(site, scan);
        for (Verdict& verdict : benchPages(site))
            verdicts.push_back(std::move(verdict));
        print(verdicts);
        return std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& one) { return one.met; }) ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
}
