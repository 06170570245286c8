#include "ctl/scan_input.h"

#include <CLI/CLI.hpp>

#include "ctl/connect.h"
#include "store/copy_scan_source.h"

namespace scr::ctl {

using domain::failure;
using domain::Fault;

void addInput(CLI::App& command, InputOptions& options)
{
    addService(command, options.service);
    command.add_option("--votes", options.files.votes, "Scan this CSV instead of a database; - is standard input");
    command.add_option("--attempts", options.files.attempts, "With --votes: the attempt log as CSV");
    command.add_option("--posts", options.files.posts, "With --votes: the posts as CSV, for their counters");
    addTimeRange(command, options.time);
}

domain::Status checkInput(const InputOptions& options)
{
    if (options.service.empty() == options.files.votes.empty())
        return failure(Fault::Invalid, "It is not clear what to scan", "Give either --service NAME or --votes FILE.csv");
    if (!options.service.empty() && !(options.files.attempts.empty() && options.files.posts.empty()))
        return failure(Fault::Invalid, "--attempts and --posts belong to --votes FILE.csv",
                       "A scan of a service reads its own attempts and posts");
    return domain::Nothing{};
}

domain::Result<domain::ScanInput> readFiles(const InputOptions& options, const domain::TimeRange& range, Progress& progress)
{
    progress.setWhat("Reading " + options.files.votes);
    history::ScanFiles files = options.files;
    files.range = range;
    return history::loadScanInput(
        files, [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); },
        [](const history::BadLine&) { return false; }, // it comes back as the error, and is told there
        [](const std::string& notice) { warn(notice); });
}

domain::Result<domain::ScanInput> readInput(const InputOptions& options, const domain::TimeRange& range, Progress& progress)
{
    if (options.service.empty())
        return readFiles(options, range, progress);
    progress.setWhat("Reading " + options.service);
    store::CopyScanSource source{readerOf(options.service)};
    return source.read(range, [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
}

} // namespace scr::ctl
