// Measures what sealing costs those who vote, and how long an entry waits for its checkpoint; the sides in turn, in one run.

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "demo/private_server.h"
#include "elevated/installer.h"
#include "elevated/seal_session.h"
#include "figures.h"
#include "lab/pg_link.h"
#include "seal/sealer.h"

namespace {

namespace fs = std::filesystem;
using scr::bench::Verdict;
using scr::demo::PrivateServer;
using scr::lab::PgLink;

constexpr double kMostCost = 0.05;
constexpr double kMostLag = 2.0; ///< seconds, 99 of 100
constexpr const char* kDatabase = "sealing";

struct Options {
    std::string directory;
    int tokens = 200'000;
    int posts = 10'000;
    int seconds = 20;
    int repeats = 5;
    int clients = 8;
    int rate = 2000;
    int lagSeconds = 60;
};

template <class T>
T required(scr::domain::Result<T> result)
{
    if (!result)
        throw std::runtime_error{scr::domain::sentenceOf(result.error())};
    return std::move(*result);
}

/// Seals every half second, as `seal --follow` does.
class Following {
public:
    Following(const PrivateServer& server, const fs::path& folder, const scr::audit::SigningKey& key) :
        m_thread{[&server, folder, &key](const std::stop_token& stop) {
            scr::elevated::SealSession session;
            required(session.open(server.target(kDatabase, "sealer")));
            scr::seal::Sealer sealer{session, key, scr::seal::SignedState{folder / "signed"}, true};
            std::mutex mutex;
            std::condition_variable_any stopped;
            while (!stop.stop_requested()) {
                const auto next = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
                required(sealer.sealOnce());
                std::unique_lock lock{mutex};
                stopped.wait_until(lock, stop, next, [] { return false; });
            }
        }}
    {
    }

private:
    std::jthread m_thread;
};

class Sealing {
public:
    explicit Sealing(const Options& options) : m_options{options}, m_folder{options.directory}
    {
        scr::demo::ServerOptions server;
        server.dieWithParent = true;
        server.settings = {"shared_buffers = 1GB", "max_wal_size = 16GB", "checkpoint_timeout = 30min",
                           "synchronous_commit = on"};
        m_server.emplace(required(PrivateServer::create(m_folder / "server", server)));
        required(m_server->start());
        fill();
    }
    ~Sealing()
    {
        static_cast<void>(m_server->stop());
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    Sealing(const Sealing&) = delete;
    Sealing& operator=(const Sealing&) = delete;

    struct Throughput {
        double sealed{};
        double alone{};      ///< entries are written, nobody seals
        double unrecorded{}; ///< without entries and without the index that finds them
    };
    Throughput throughput()
    {
        std::vector<double> sealed;
        std::vector<double> alone;
        std::vector<double> unrecorded;
        for (int repeat = 0; repeat < m_options.repeats; ++repeat) {
            empty();
            alone.push_back(vote(m_options.seconds, {}));
            empty();
            {
                const Following following{*m_server, m_folder, m_key};
                sealed.push_back(vote(m_options.seconds, {}));
            }
            empty();
            value("ALTER TABLE reference.attempt DISABLE TRIGGER write_entry");
            value("DROP INDEX reference.attempt_by_xid");
            unrecorded.push_back(vote(m_options.seconds, {}));
            value("ALTER TABLE reference.attempt ENABLE TRIGGER write_entry");
            value("CREATE INDEX attempt_by_xid ON reference.attempt (xid)");
        }
        return {scr::bench::median(sealed), scr::bench::median(alone), scr::bench::median(unrecorded)};
    }

    struct Lag {
        long entries{};
        double perSecond{};
        double p50{}; ///< seconds
        double p99{};
        double most{};
    };
    /// From the end of an attempt to the time at which the first checkpoint that has it was stored.
    Lag lag()
    {
        empty();
        Lag lag;
        {
            const Following following{*m_server, m_folder, m_key};
            lag.perSecond = vote(m_options.lagSeconds, m_options.rate);
            std::this_thread::sleep_for(std::chrono::seconds{3});
        }
        PgLink link = required(PgLink::open(m_server->target(kDatabase)));
        const auto waits = [&](const char* what) {
            return required(link.value(fmt::format("SELECT {} FROM (SELECT extract(epoch FROM (SELECT c.signed_at FROM "
                                                   "scrutineer.checkpoint c WHERE c.epoch = l.epoch AND "
                                                   "c.size > l.leaf ORDER BY c.size LIMIT 1) - a.finished_at) AS wait FROM "
                                                   "reference.attempt a JOIN scrutineer.leaf l "
                                                   "ON l.log = 'a' AND l.entry_key = a.attempt_key) w",
                                                   what)));
        };
        lag.entries = std::stol(waits("count(wait)"));
        lag.p50 = std::stod(waits("percentile_disc(0.5) WITHIN GROUP (ORDER BY wait)"));
        lag.p99 = std::stod(waits("percentile_disc(0.99) WITHIN GROUP (ORDER BY wait)"));
        lag.most = std::stod(waits("max(wait)"));
        return lag;
    }

private:
    std::string value(const std::string& sql)
    {
        PgLink link = required(PgLink::open(m_server->target(kDatabase)));
        return required(link.value(sql));
    }

    void fill()
    {
        fmt::print("Making {} tokens …\n", m_options.tokens);
        std::fflush(stdout);
        required(required(PgLink::open(m_server->target("postgres"))).value(fmt::format("CREATE DATABASE {}", kDatabase)));
        scr::elevated::InstallOptions install;
        install.adapter = "reference";
        install.environment = scr::domain::Environment::Demo;
        install.logins = {{"sealer", {"sealer"}, ""}};
        required(scr::elevated::install(m_server->target(kDatabase), install));
        value(fmt::format(
            "INSERT INTO reference.token (token_key, secret_hash, key_number) SELECT g, reference.hash_of('secret-' || g, "
            "k.inner_pad, k.outer_pad), k.key_number FROM generate_series(1, {}) g, reference.hash_key k",
            m_options.tokens));
        value(fmt::format("INSERT INTO reference.post (post_key, title) SELECT g, 'Post ' || g FROM generate_series(1, {}) g",
                          m_options.posts));
        value("UPDATE reference.rule SET token_rate = 1e6, token_burst = 1e6, origin_rate = 1e6, origin_burst = 1e6");
        value("VACUUM ANALYZE");
    }

    void empty()
    {
        PgLink link = required(PgLink::open(m_server->target(kDatabase)));
        required(link.value("SET session_replication_role = replica"));
        required(
            link.value("TRUNCATE reference.vote, reference.vote_event, reference.vote_now, reference.attempt, reference.tally, "
                       "reference.origin_bucket, reference.request, scrutineer.leaf, scrutineer.subtree, scrutineer.checkpoint, "
                       "scrutineer.cosignature, scrutineer.seal_head, scrutineer.log_epoch CASCADE"));
        required(link.value("CHECKPOINT"));
        std::error_code ignored;
        fs::remove_all(m_folder / "signed", ignored);
    }

    /// Votes a second.
    double vote(int seconds, std::optional<int> rate)
    {
        const auto target = m_server->target(kDatabase);
        const std::string command = fmt::format(
            "pgbench -n -M prepared -h '{}' -p {} -U {} -c {} -j 2 -T {} {} -D tokens={} -D posts={} -f '{}' {} 2>&1",
            target.host, target.port, target.user, m_options.clients, seconds, rate ? fmt::format("-R {}", *rate) : "",
            m_options.tokens, m_options.posts, SCRUTINEER_SOURCE_DIR "/tests/bench/voting/cast_vote.sql", kDatabase);
        const std::unique_ptr<FILE, decltype(&pclose)> pipe{popen(command.c_str(), "r"), &pclose};
        std::string output;
        char buffer[4096];
        while (pipe && std::fgets(buffer, sizeof buffer, pipe.get()) != nullptr)
            output += buffer;
        const auto at = output.find("\ntps = ");
        if (at == std::string::npos || output.find("aborted") != std::string::npos)
            throw std::runtime_error{"pgbench failed: " + output};
        return std::stod(output.substr(at + 7));
    }

    const Options& m_options;
    fs::path m_folder;
    const scr::audit::SigningKey m_key =
        required(scr::audit::SigningKey::make("bench.example/log", scr::audit::SignatureType::Log));
    std::optional<PrivateServer> m_server;
};

} // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Measures what sealing the log costs those who vote, and how long an entry waits for its checkpoint."};
    Options options;
    options.directory = (fs::temp_directory_path() / fmt::format("scrutineer-sealing-{}", getpid())).string();
    app.add_option("--directory", options.directory, "where the server lives meanwhile; it is removed in the end");
    app.add_option("--tokens", options.tokens, "how many tokens vote")->capture_default_str();
    app.add_option("--seconds", options.seconds, "of each run")->capture_default_str();
    app.add_option("--repeats", options.repeats, "runs of each side")->capture_default_str();
    app.add_option("--clients", options.clients, "how many at a time")->capture_default_str();
    app.add_option("--rate", options.rate, "attempts a second while the lag is measured")->capture_default_str();
    app.add_option("--lag-seconds", options.lagSeconds, "how long that is")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        Sealing sealing{options};
        const Sealing::Lag lag = sealing.lag();
        const Sealing::Throughput votes = sealing.throughput();
        const double cost = 1 - votes.sealed / votes.alone;
        const std::vector<Verdict> verdicts{
            {fmt::format("{} entries at {:.0f}/s, from the attempt to its checkpoint", lag.entries, lag.perSecond),
             fmt::format("p50 {:.2f} s, p99 {:.2f} s, at most {:.2f} s", lag.p50, lag.p99, lag.most), "", "",
             fmt::format("p99 < {:.0f} s", kMostLag), lag.p99 < kMostLag},
            {fmt::format("{} clients as fast as they can, while it is sealed", options.clients),
             fmt::format("{:.0f} votes/s", votes.sealed), fmt::format("{:.0f} votes/s: nobody seals", votes.alone),
             fmt::format("{:+.1f} %", -100 * cost), fmt::format("> -{:.0f} %", 100 * kMostCost), cost < kMostCost},
            {"the same beside votes whose attempts are no entries", fmt::format("{:.0f} votes/s", votes.sealed),
             fmt::format("{:.0f} votes/s", votes.unrecorded),
             fmt::format("{:+.1f} %", 100 * (votes.sealed / votes.unrecorded - 1)), "", true}};
        scr::bench::print(verdicts);
        return std::ranges::all_of(verdicts, &Verdict::met) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
