#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "elevated/history_loader.h"
#include "history/csv_writer.h"
#include "simulate/site.h"

namespace scr::ctl {

namespace {

using domain::Status;

struct Options {
    std::string service;
    std::string directory;
    std::string start;
    simulate::SiteOptions site;
};

/// Counts rows for the progress line and ends the stream when Ctrl-C was pressed.
template <class Row>
simulate::OnRows<Row> counted(Progress& progress, std::uint64_t total, simulate::OnRows<Row> next)
{
    return [&progress, total, next = std::move(next), rows = std::uint64_t{}](std::span<const Row> batch) mutable -> Status {
        progress.setRows(rows += batch.size());
        if (!progress(rows, total))
            return domain::failure(domain::Fault::Cancelled, "The simulation was stopped, and nothing was kept");
        return next(batch);
    };
}

Status load(const simulate::Site& site, const Options& options, Progress& progress)
{
    const auto owner = ownerOf(options.service);
    if (!owner)
        return domain::failureOf(owner);
    elevated::HistoryLoader loader;
    const simulate::SiteOptions& made = site.options();
    Status status = loader.begin(*owner, fmt::format("simulated history, seed {}", made.seed));
    if (status)
        status = site.tokens([&](auto rows) { return loader.addTokens(rows); });
    if (status)
        status = site.posts([&](auto rows) { return loader.addPosts(rows); });
    progress.setWhat("Loading votes");
    if (status)
        status = site.votes(counted<domain::HistoryVote>(progress, made.votes, [&](auto rows) { return loader.addVotes(rows); }));
    progress.setWhat("Loading attempts");
    if (status)
        status = site.attempts(
            counted<domain::HistoryAttempt>(progress, made.votes, [&](auto rows) { return loader.addAttempts(rows); }));
    if (!status)
        return status;
    const auto loaded = loader.finish();
    if (!loaded)
        return domain::failureOf(loaded);
    fmt::print("adapter={}\nvotes={}\nattempts={}\nposts={}\ntokens={}\n", loaded->adapter, loaded->votes, loaded->attempts,
               loaded->posts, loaded->tokens);
    return domain::Nothing{};
}

/// One file of the history; `stream` is site.votes or one of its sisters.
template <class Row, class Stream>
Status writeOne(const std::filesystem::path& path, Progress& progress, std::uint64_t total, const Stream& stream)
{
    auto file = history::HistoryWriter<Row>::create(path.string());
    if (!file)
        return domain::failureOf(file);
    progress.setWhat("Writing " + path.string());
    const Status streamed = stream(counted<Row>(progress, total, [&](std::span<const Row> rows) -> Status {
        for (const Row& row : rows) {
            if (const Status written = file->write(row); !written)
                return written;
        }
        return domain::Nothing{};
    }));
    if (!streamed)
        return streamed;
    if (const Status kept = file->commit(); !kept)
        return kept;
    fmt::print("{}\n", path.string());
    return domain::Nothing{};
}

Status write(const simulate::Site& site, const Options& options, Progress& progress)
{
    const std::filesystem::path folder{options.directory};
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        return domain::failure(domain::Fault::Unavailable,
                               fmt::format("{} could not be made: {}", folder.string(), problem.message()),
                               "Name a folder that you may write to");
    const simulate::SiteOptions& made = site.options();
    Status status = writeOne<domain::HistoryToken>(folder / "tokens.csv", progress, made.tokens,
                                                   [&](const auto& on) { return site.tokens(on); });
    if (status)
        status = writeOne<domain::HistoryPost>(folder / "posts.csv", progress, made.posts,
                                               [&](const auto& on) { return site.posts(on); });
    if (status)
        status = writeOne<domain::HistoryVote>(folder / "votes.csv", progress, made.votes,
                                               [&](const auto& on) { return site.votes(on); });
    if (status)
        status = writeOne<domain::HistoryAttempt>(folder / "attempts.csv", progress, made.votes,
                                                  [&](const auto& on) { return site.attempts(on); });
    return status;
}

int run(Options& options)
{
    if (options.service.empty() == options.directory.empty()) {
        warn("Say where the history goes, either --service NAME or --out FOLDER.");
        return kCouldNot;
    }
    if (!options.start.empty()) {
        const auto start = domain::parseTime(options.start);
        if (!start)
            return report(start.error());
        options.site.start = *start;
    }
    Progress progress{"Simulating"};
    const auto site =
        simulate::Site::make(options.site, [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
    if (!site)
        return report(site.error());
    const Status done = options.service.empty() ? write(*site, options, progress) : load(*site, options, progress);
    if (!done)
        return report(done.error());
    const Status written = finishOutput();
    return written ? kDone : report(written.error());
}

} // namespace

Run addSimulate(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    command.add_option("--tokens", options->site.tokens, "How many tokens vote")->capture_default_str();
    command.add_option("--posts", options->site.posts, "How many posts there are")->capture_default_str();
    command.add_option("--votes", options->site.votes, "How many votes, exactly")->capture_default_str();
    command.add_option("--seed", options->site.seed, "The same seed and sizes give the same history everywhere")
        ->capture_default_str();
    command.add_option("--days", options->site.days, "How long a time it covers")->capture_default_str();
    command.add_option("--start", options->start, "When it begins, ISO 8601 or epoch seconds; default: 2026-01-01");
    addService(command, options->service);
    command.add_option("--out", options->directory, "Write votes.csv, attempts.csv, posts.csv and tokens.csv into this folder");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
