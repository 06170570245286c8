// Measures the voting functions against the bare inserts that they guard, by pgbench and in one run, and then lets everything run
// into everything else for minutes and counts deadlocks.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "demo/private_server.h"
#include "elevated/installer.h"
#include "figures.h"
#include "lab/pg_link.h"

namespace {

namespace fs = std::filesystem;
using scr::demo::PrivateServer;
using scr::lab::PgLink;

constexpr double kTarget = 0.6; ///< of the throughput of the bare inserts

struct Options {
    std::string directory;
    int tokens = 1'000'000;
    int spreadPosts = 10'000;
    int seconds = 10;
    int repeats = 3;
    double mixedMinutes = 10;
    std::vector<int> clients{8, 32};
};

template <class T>
T required(scr::domain::Result<T> result)
{
    if (!result)
        throw std::runtime_error{scr::domain::sentenceOf(result.error())};
    return std::move(*result);
}

/// Throughput and latencies of one run of pgbench.
struct Load {
    double perSecond{};
    double p50{}; ///< milliseconds
    double p99{};
};

class Voting {
public:
    explicit Voting(const Options& options) : m_options{options}, m_folder{options.directory}
    {
        scr::demo::ServerOptions server;
        server.dieWithParent = true;
        server.settings = {"shared_buffers = 1GB", "max_wal_size = 16GB", "checkpoint_timeout = 30min",
                           "synchronous_commit = on"};
        m_server.emplace(required(PrivateServer::create(m_folder / "server", server)));
        required(m_server->start());
        fill();
    }
    ~Voting()
    {
        static_cast<void>(m_server->stop());
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    Voting(const Voting&) = delete;
    Voting& operator=(const Voting&) = delete;

    void settings()
    {
        for (const char* name : {"server_version", "fsync", "synchronous_commit", "full_page_writes"})
            fmt::print("{} {}  ", name, value(std::string{"SHOW "} + name));
        fmt::print("\n{} tokens, hot: 1 post, spread: {} posts; medians of {} runs of {} s, the sides in turn\n\n",
                   m_options.tokens, m_options.spreadPosts, m_options.repeats, m_options.seconds);
    }

    /// Medians over the repeats, the sides in turn.
    std::vector<Load> compare(const std::vector<std::string>& scripts, int clients, int posts)
    {
        std::vector<std::vector<Load>> all(scripts.size());
        for (int repeat = 0; repeat < m_options.repeats; ++repeat) {
            for (std::size_t side = 0; side < scripts.size(); ++side) {
                empty();
                all[side].push_back(
                    run(fmt::format("-f '{}'", scriptPath(scripts[side])), clients, m_options.seconds, m_options.tokens, posts));
            }
        }
        std::vector<Load> medians;
        for (const std::vector<Load>& runs : all)
            medians.push_back({medianOf(runs, &Load::perSecond), medianOf(runs, &Load::p50), medianOf(runs, &Load::p99)});
        return medians;
    }

    struct Mixed {
        Load load;
        long deadlocks{};
        long attempts{};
        std::string wrong; ///< a tally that is not the sum of its votes, a broken chain of events; empty: none
    };

    /// Few tokens and few posts, so that everybody meets everybody.
    Mixed mixed()
    {
        empty();
        value("UPDATE reference.rule SET token_rate = 20, token_burst = 50, origin_rate = 1000, origin_burst = 5000");
        const std::array<std::pair<const char*, int>, 10> parts{{{"cast", 50},
                                                                 {"change", 10},
                                                                 {"withdraw", 8},
                                                                 {"batch", 6},
                                                                 {"close", 3},
                                                                 {"revoke", 3},
                                                                 {"report", 4},
                                                                 {"void", 6},
                                                                 {"read", 9},
                                                                 {"upkeep", 1}}};
        std::string scripts;
        for (const auto& [name, weight] : parts)
            scripts += fmt::format(" -f '{}@{}'", scriptPath(fmt::format("mixed/{}.sql", name)), weight);
        Mixed result;
        result.load = run(scripts, 32, static_cast<int>(std::lround(m_options.mixedMinutes * 60)), 40, 12);
        value("SELECT pg_stat_force_next_flush()");
        result.deadlocks = std::stol(value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        result.attempts = std::stol(value("SELECT count(*) FROM reference.attempt"));
        result.wrong = value(
            "SELECT string_agg(format('post %s: tally %s of %s, votes %s of %s', p.post_key, t.score, t.votes, v.score, "
            "v.votes), '; ') "
            "FROM reference.post p "
            "CROSS JOIN LATERAL (SELECT coalesce(sum(score), 0) AS score, coalesce(sum(votes), 0) AS votes FROM reference.tally "
            "WHERE post_key = p.post_key) t "
            "CROSS JOIN LATERAL (SELECT coalesce(sum(value::float8), 0) AS score, count(*) AS votes FROM scrutineer.vote "
            "WHERE post_key = p.post_key AND state = 'counted') v WHERE t.votes <> v.votes OR abs(t.score - v.score) > 1e-6");
        return result;
    }

private:
    static double medianOf(const std::vector<Load>& runs, double Load::* member)
    {
        std::vector<double> values;
        for (const Load& load : runs)
            values.push_back(load.*member);
        return scr::bench::median(values);
    }

    static std::string scriptPath(const std::string& name)
    {
        return std::string{SCRUTINEER_SOURCE_DIR "/tests/bench/voting/"} + name;
    }

    std::string value(const std::string& sql)
    {
        PgLink link = required(PgLink::open(m_server->target("voting")));
        return required(link.value(sql));
    }

    void fill()
    {
        fmt::print("Making {} tokens …\n", m_options.tokens);
        std::fflush(stdout);
        required(required(PgLink::open(m_server->target("postgres"))).value("CREATE DATABASE voting"));
        scr::elevated::InstallOptions install;
        install.adapter = "reference";
        install.environment = scr::domain::Environment::Demo;
        required(scr::elevated::install(m_server->target("voting"), install));
        value(fmt::format("INSERT INTO reference.token (token_key, secret_hash, key_number) SELECT g, "
                          "reference.hash_of('secret-' || g, k.inner_pad, k.outer_pad), "
                          "k.key_number FROM generate_series(1, {}) g, reference.hash_key k",
                          m_options.tokens));
        value(fmt::format("INSERT INTO reference.post (post_key, title) SELECT g, 'Post ' || g FROM generate_series(1, {}) g",
                          m_options.spreadPosts));
        value("UPDATE reference.rule SET token_rate = 1e6, token_burst = 1e6, origin_rate = 1e6, origin_burst = 1e6");
        value("VACUUM ANALYZE");
    }

    /// Every side begins with empty tables.
    void empty()
    {
        PgLink link = required(PgLink::open(m_server->target("voting")));
        required(link.value("SET session_replication_role = replica"));
        required(
            link.value("TRUNCATE reference.vote, reference.vote_event, reference.vote_now, reference.attempt, reference.tally, "
                       "reference.origin_bucket, reference.request"));
        required(link.value("CHECKPOINT"));
    }

    Load run(const std::string& scripts, int clients, int seconds, int tokens, int posts)
    {
        const fs::path logs = m_folder / "latencies";
        fs::remove_all(logs);
        fs::create_directories(logs);
        const auto target = m_server->target("voting");
        const std::string command =
            fmt::format("pgbench -n -M prepared -h '{}' -p {} -U {} -c {} -j 2 -T {} -D tokens={} -D posts={} -l --log-prefix "
                        "'{}/l' {} voting 2>&1",
                        target.host, target.port, target.user, clients, seconds, tokens, posts, logs.string(), scripts);
        const std::unique_ptr<FILE, decltype(&pclose)> pipe{popen(command.c_str(), "r"), &pclose};
        std::string output;
        char buffer[4096];
        while (pipe && std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr)
            output += buffer;
        const auto at = output.find("\ntps = ");
        if (at == std::string::npos || output.find("aborted") != std::string::npos)
            throw std::runtime_error{"pgbench failed: " + output};
        Load load = latenciesOf(logs);
        load.perSecond = std::stod(output.substr(at + 7));
        return load;
    }

    static Load latenciesOf(const fs::path& logs)
    {
        std::vector<double> latencies;
        for (const auto& entry : fs::directory_iterator{logs}) {
            std::ifstream file{entry.path()};
            long client = 0;
            long number = 0;
            double micros = 0;
            for (std::string line; std::getline(file, line);) {
                std::istringstream fields{line};
                if (fields >> client >> number >> micros)
                    latencies.push_back(micros / 1000);
            }
        }
        std::ranges::sort(latencies);
        const auto at = [&](double share) {
            return latencies.empty() ? 0.0
                                     : latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
        };
        return {0, at(0.5), at(0.99)};
    }

    const Options& m_options;
    fs::path m_folder;
    std::optional<PrivateServer> m_server;
};

std::string loadText(const Load& load)
{
    return fmt::format("{:.0f}/s p50 {:.1f} p99 {:.1f} ms", load.perSecond, load.p50, load.p99);
}

std::vector<scr::bench::Verdict> measure(Voting& voting, const Options& options)
{
    std::vector<scr::bench::Verdict> verdicts;
    for (const int clients : options.clients) {
        for (const int posts : {1, options.spreadPosts}) {
            const std::vector<Load> loads =
                voting.compare({"bare.sql", "cast_vote.sql", "cast_vote_request.sql"}, clients, posts);
            const std::string where = fmt::format("{} clients, {}", clients, posts == 1 ? "one hot post" : "spread posts");
            const double ratio = loads[1].perSecond / loads[0].perSecond;
            verdicts.push_back({where + ", cast_vote", loadText(loads[1]), "bare inserts " + loadText(loads[0]),
                                fmt::format("{:.2f}", ratio), fmt::format(">= {:.2f}", kTarget), ratio >= kTarget});
            verdicts.push_back({where + ", with request key", loadText(loads[2]), "",
                                fmt::format("{:.2f}", loads[2].perSecond / loads[0].perSecond), "", true});
        }
    }
    return verdicts;
}

scr::bench::Verdict mix(Voting& voting, const Options& options)
{
    const Voting::Mixed mixed = voting.mixed();
    if (!mixed.wrong.empty())
        fmt::print("Tallies that are not the sum of their votes: {}\n", mixed.wrong);
    return {fmt::format("everything mixed, 32 clients, {} min, {} attempts", options.mixedMinutes, mixed.attempts),
            loadText(mixed.load),
            "",
            "",
            fmt::format("{} deadlocks, 0 allowed", mixed.deadlocks),
            mixed.deadlocks == 0 && mixed.wrong.empty()};
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Measures the voting functions against the bare inserts that they guard, and looks for deadlocks."};
    Options options;
    options.directory = (fs::temp_directory_path() / fmt::format("scrutineer-voting-{}", getpid())).string();
    app.add_option("--directory", options.directory, "where the server lives meanwhile; it is removed in the end");
    app.add_option("--tokens", options.tokens, "how many tokens vote")
        ->capture_default_str()
        ->check(CLI::Range(100, 100'000'000));
    app.add_option("--seconds", options.seconds, "of each run")->capture_default_str()->check(CLI::Range(1, 3600));
    app.add_option("--repeats", options.repeats, "runs of each side")->capture_default_str()->check(CLI::Range(1, 100));
    app.add_option("--clients", options.clients, "how many at a time; several")->capture_default_str();
    app.add_option("--mixed-minutes", options.mixedMinutes, "how long everything runs into everything (0: leave out)")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        Voting voting{options};
        voting.settings();
        std::vector<scr::bench::Verdict> verdicts = measure(voting, options);
        if (options.mixedMinutes > 0)
            verdicts.push_back(mix(voting, options));
        scr::bench::print(verdicts);
        return std::ranges::all_of(verdicts, &scr::bench::Verdict::met) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
