#include <chrono>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/connect.h"
#include "ctl/import_file.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "elevated/history_loader.h"

namespace scr::ctl {

namespace {

struct Options {
    std::string service;
    std::string votes;
    std::string attempts;
    std::string posts;
    std::string tokens;
    bool skipBad = false;
};

using Loader = elevated::HistoryLoader;

/// Tokens and posts come first: a vote for a post not given yet would make that post without its title.
domain::Status loadAll(const Options& options, Loader& loader, ImportRun& run)
{
    domain::Status status =
        importFile<domain::HistoryToken>(options.tokens, run, [&](auto rows) { return loader.addTokens(rows); });
    if (status)
        status = importFile<domain::HistoryPost>(options.posts, run, [&](auto rows) { return loader.addPosts(rows); });
    if (status)
        status = importFile<domain::HistoryVote>(options.votes, run, [&](auto rows) { return loader.addVotes(rows); });
    if (status)
        status = importFile<domain::HistoryAttempt>(options.attempts, run, [&](auto rows) { return loader.addAttempts(rows); });
    return status;
}

/// The rejects are on the disk before anything is loaded, so that a full one loads nothing and the file can be imported again
/// without counting twice. They come into their place afterwards: those of an earlier import stay until then.
domain::Result<elevated::LoadReport> finishAll(Loader& loader, ImportRun& run)
{
    for (RejectedLines& rejects : run.rejects) {
        if (const domain::Status kept = rejects.file.sync(); !kept)
            return domain::failureOf(kept);
    }
    return loader.finish();
}

/// The history is loaded by then, whatever becomes of this.
void keepRejects(ImportRun& run)
{
    for (RejectedLines& rejects : run.rejects) {
        if (const domain::Status kept = rejects.file.commit(); kept)
            fmt::print("rejects={}\n", rejects.path);
        else
            warn("The history is loaded, but the lines left out could not be kept: " + domain::sentenceOf(kept.error()));
    }
}

domain::Result<elevated::LoadReport> load(const Options& options, ImportRun& run)
{
    const auto owner = ownerOf(options.service);
    if (!owner)
        return domain::failureOf(owner);
    Loader loader;
    if (const domain::Status begun = loader.begin(*owner, "import of " + (options.votes.empty() ? options.posts : options.votes));
        !begun)
        return domain::failureOf(begun);
    if (const domain::Status loaded = loadAll(options, loader, run); !loaded)
        return domain::failureOf(loaded);
    if (run.badLines > 0 && !options.skipBad)
        return domain::failure(domain::Fault::Invalid,
                               fmt::format("{} bad line{}, so nothing was loaded", run.badLines, run.badLines == 1 ? "" : "s"),
                               "Correct them, or load the good ones with --skip-bad");
    run.progress.setWhat("Counting and committing");
    run.progress(0, 0);
    return finishAll(loader, run);
}

void print(const elevated::LoadReport& report, double seconds)
{
    const auto rows = report.votes + report.attempts + report.posts + report.tokens;
    fmt::print("adapter={}\nvotes={}\nattempts={}\nposts={}\ntokens={}\n", report.adapter, report.votes, report.attempts,
               report.posts, report.tokens);
    fmt::print("seconds={:.1f}\nrows_per_second={:.0f}\n", seconds, static_cast<double>(rows) / std::max(seconds, 0.001));
}

int run(const Options& options)
{
    if (options.votes.empty() && options.attempts.empty() && options.posts.empty() && options.tokens.empty()) {
        warn("There is nothing to import. Name a file with --votes, --attempts, --posts or --tokens.");
        return kCouldNot;
    }
    const auto start = std::chrono::steady_clock::now();
    ImportRun run{options.skipBad};
    const auto loaded = load(options, run);
    if (!loaded)
        return report(loaded.error());
    print(*loaded, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    keepRejects(run);
    return finishDone("The history is loaded");
}

} // namespace

Run addImport(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service)->required();
    command.add_option("--votes", options->votes, "CSV: token,post,cast_at[,value,vote_key,author,origin]; - is standard input");
    command.add_option("--attempts", options->attempts,
                       "CSV: token,post,attempted_at,outcome[,value,finished_at,sqlstate,vote_key,origin,request_key]");
    command.add_option("--posts", options->posts, "CSV: post[,title,author,created_at,counter]");
    command.add_option("--tokens", options->tokens, "CSV: token[,label,created_at,state]");
    command.add_flag("--skip-bad", options->skipBad, "Load the good lines and write the bad ones to FILE.rejects.csv");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
