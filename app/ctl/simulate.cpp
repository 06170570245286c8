#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "domain/visible_text.h"
#include "elevated/history_loader.h"
#include "history/csv_writer.h"
#include "simulate/scenario.h"

namespace scr::ctl {

namespace {

using domain::Status;

struct Options {
    std::string service;
    std::string directory;
    std::string start;
    std::vector<std::string> attacks;
    std::vector<std::string> controls;
    simulate::SiteOptions site;
};

/// "lockstep" in its usual dose, or "lockstep=20" campaigns a million votes; "usual" is all of them.
template <class Kind>
domain::Result<std::vector<simulate::Dose<Kind>>> dosesOf(const std::vector<std::string>& wanted, std::span<const Kind> kinds,
                                                          const std::vector<simulate::Dose<Kind>>& usual)
{
    std::vector<simulate::Dose<Kind>> doses;
    for (const std::string& text : wanted) {
        if (text == "usual") {
            doses.insert(doses.end(), usual.begin(), usual.end());
            continue;
        }
        const std::size_t equals = text.find('=');
        const std::string name = text.substr(0, equals);
        const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](Kind one) { return simulate::nameOf(one) == name; });
        double perMillion = 0;
        const char* const end = text.data() + text.size();
        const bool isNumber =
            equals != std::string::npos && std::from_chars(text.data() + equals + 1, end, perMillion).ptr == end;
        if (kind == kinds.end() || (equals != std::string::npos && !(isNumber && perMillion > 0 && perMillion <= 1e5))) {
            std::string known = "usual";
            for (const Kind one : kinds)
                known += fmt::format(", {}", simulate::nameOf(one));
            return domain::failure(domain::Fault::Invalid, fmt::format("\"{}\" cannot be simulated", domain::visibleText(text)),
                                   fmt::format("Known are {}; NAME=20 makes it twenty a million votes", known));
        }
        const auto known = std::find_if(usual.begin(), usual.end(), [&](const auto& dose) { return dose.kind == *kind; });
        doses.push_back({*kind, isNumber ? perMillion : known == usual.end() ? 5 : known->perMillion});
    }
    return doses;
}

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
        status = site.votes(
            counted<domain::HistoryVote>(progress, site.voteCount(), [&](auto rows) { return loader.addVotes(rows); }));
    progress.setWhat("Loading attempts");
    if (status)
        status = site.attempts(
            counted<domain::HistoryAttempt>(progress, site.voteCount(), [&](auto rows) { return loader.addAttempts(rows); }));
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

/// What of the votes is not simply honest, and the campaigns it belongs to.
Status writeTruth(const simulate::Site& site, const std::filesystem::path& folder)
{
    auto truth = history::CsvFile::create((folder / "truth.csv").string(), history::CsvStyle::ExactLf);
    auto campaigns = history::CsvFile::create((folder / "campaigns.csv").string(), history::CsvStyle::ExactLf);
    if (!truth || !campaigns)
        return truth ? domain::failureOf(campaigns) : domain::failureOf(truth);
    static constexpr std::string_view kTruth[] = {"vote_key", "label", "kind", "campaign"};
    static constexpr std::string_view kCampaigns[] = {"campaign", "kind", "attack", "from", "to", "votes", "tokens", "posts"};
    Status written = truth->row(kTruth);
    if (written)
        written = site.truth([&](std::span<const simulate::TruthRow> rows) -> Status {
            for (const simulate::TruthRow& row : rows) {
                truth->cell(static_cast<std::int64_t>(row.voteKey)).cell(simulate::nameOf(row.label));
                truth->cell(std::string_view{site.campaigns()[row.campaign].kind}).cell(static_cast<std::int64_t>(row.campaign));
                if (const Status ended = truth->endRow(); !ended)
                    return ended;
            }
            return domain::Nothing{};
        });
    if (written)
        written = campaigns->row(kCampaigns);
    for (std::size_t at = 0; written && at < site.campaigns().size(); ++at) {
        const simulate::Campaign& one = site.campaigns()[at];
        campaigns->cell(static_cast<std::int64_t>(at)).cell(std::string_view{one.kind}).cell(std::int64_t{one.isAttack});
        campaigns->cell(one.from).cell(one.to).cell(static_cast<std::int64_t>(one.votes));
        campaigns->cell(static_cast<std::int64_t>(one.tokens)).cell(static_cast<std::int64_t>(one.posts));
        written = campaigns->endRow();
    }
    if (written)
        written = truth->commit();
    if (written)
        written = campaigns->commit();
    if (written)
        fmt::print("{}\n{}\n", (folder / "truth.csv").string(), (folder / "campaigns.csv").string());
    return written;
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
    Status status = writeOne<domain::HistoryToken>(folder / "tokens.csv", progress, site.tokenCount(),
                                                   [&](const auto& on) { return site.tokens(on); });
    if (status)
        status = writeOne<domain::HistoryPost>(folder / "posts.csv", progress, site.postCount(),
                                               [&](const auto& on) { return site.posts(on); });
    if (status)
        status = writeOne<domain::HistoryVote>(folder / "votes.csv", progress, site.voteCount(),
                                               [&](const auto& on) { return site.votes(on); });
    if (status)
        status = writeOne<domain::HistoryAttempt>(folder / "attempts.csv", progress, site.voteCount(),
                                                  [&](const auto& on) { return site.attempts(on); });
    return status && !site.campaigns().empty() ? writeTruth(site, folder) : status;
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
    const auto attacks = dosesOf<simulate::Family>(options.attacks, simulate::kFamilies, simulate::usualAttacks());
    const auto controls = dosesOf<simulate::Control>(options.controls, simulate::kControls, simulate::usualControls());
    if (!attacks || !controls)
        return report(attacks ? controls.error() : attacks.error());
    Progress progress{"Simulating"};
    const simulate::Scenario scenario{options.site, *attacks, *controls};
    const auto site =
        simulate::Site::make(scenario, [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
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
    command
        .add_option("--attack", options->attacks,
                    "Add campaigns of that kind, NAME or NAME=N a million votes; usual: of all kinds; repeatable")
        ->allow_extra_args(false);
    command.add_option("--control", options->controls, "Add honest oddities, likewise: viral posts, a campus, a clock change …")
        ->allow_extra_args(false);
    addService(command, options->service);
    command.add_option("--out", options->directory,
                       "Write votes.csv, attempts.csv, posts.csv, tokens.csv and the truth.csv of campaigns into this folder");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
