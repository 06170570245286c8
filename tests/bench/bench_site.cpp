#include "bench_site.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <libpq-fe.h>

#include <fmt/format.h>

#include "elevated/history_loader.h"
#include "elevated/installer.h"
#include "simulate/scenario.h"
#include "simulate/site.h"

namespace scr::bench {

namespace fs = std::filesystem;

namespace {

// Beside the simulator's campaigns: twenty counters that are off, and an attempt log that holds every fiftieth vote and two
// hundred storms of eight requests.
constexpr const char* kLogSql = R"(
UPDATE unprotected.post SET score = score + 25 WHERE post_key <= 20;
INSERT INTO unprotected.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, vote_key)
SELECT token_key, post_key, value, cast_at - interval '3 ms', cast_at + interval '1 ms', 'accepted', vote_key
  FROM unprotected.vote WHERE vote_key % 50 = 0 ORDER BY vote_key;
INSERT INTO unprotected.attempt (token_key, post_key, value, attempted_at, finished_at, outcome)
SELECT 3 + g, 1 + g, 1, timestamptz '2026-01-05Z' + g * interval '1 minute' + n * interval '2 ms', timestamptz '2026-01-05Z' + g * interval '1 minute' +
       interval '30 ms', CASE WHEN n = 1 THEN 'accepted' ELSE 'duplicate' END FROM generate_series(1, 200) g, generate_series(1, 8) n;
)";

demo::ServerOptions serverOptions(bool kept)
{
    demo::ServerOptions options;
    options.durable = false;
    options.dieWithParent = true;
    options.removeOnDeath = !kept;
    options.settings = {"shared_buffers = '1GB'", "max_wal_size = '8GB'", "maintenance_work_mem = '512MB'"};
    return options;
}

fs::path scratchDirectory()
{
    std::string name = (fs::temp_directory_path() / "scr-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{"no folder for the server"};
    fs::remove(name);
    return name;
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::vector<std::vector<std::string>> ask(const std::string& conninfo, const std::string& sql)
{
    const Connection connection{PQconnectdb(conninfo.c_str()), &PQfinish};
    if (PQstatus(connection.get()) != CONNECTION_OK)
        throw std::runtime_error{PQerrorMessage(connection.get())};
    PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
    const Answer answer{PQexec(connection.get(), sql.c_str()), &PQclear};
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error{PQerrorMessage(connection.get())};
    std::vector<std::vector<std::string>> rows;
    for (int row = 0; row < PQntuples(answer.get()); ++row) {
        std::vector<std::string>& fields = rows.emplace_back();
        for (int column = 0; column < PQnfields(answer.get()); ++column)
            fields.emplace_back(PQgetvalue(answer.get(), row, column));
    }
    return rows;
}

simulate::Site simulated(std::uint64_t votes)
{
    simulate::Scenario scenario;
    simulate::SiteOptions& options = scenario.site;
    options.seed = 4711; // none that the rules were made with
    options.votes = votes;
    options.tokens = std::max<std::uint64_t>(votes / 50, 1000);
    options.posts = std::max<std::uint64_t>(votes / 500, 300);
    options.days = 60;
    scenario.attacks = simulate::usualAttacks();
    scenario.controls = simulate::usualControls();
    return required(simulate::Site::make(scenario));
}

/// The simulated site, as `scrutineerctl simulate` writes it.
void loadHistory(const domain::ConnectionTarget& target, std::uint64_t votes)
{
    const simulate::Site site = simulated(votes);
    elevated::HistoryLoader loader;
    required(loader.begin(target, "benchmark"));
    required(site.posts([&](auto rows) { return loader.addPosts(rows); }));
    required(site.votes([&](auto rows) { return loader.addVotes(rows); }));
    required(loader.finish());
}

} // namespace

BenchSite::BenchSite(std::uint64_t votes, const fs::path& directory) :
    m_votes{votes}, m_kept{!directory.empty()}, m_directory{m_kept ? fs::absolute(directory) : scratchDirectory()},
    m_server{required(demo::PrivateServer::create(m_directory, serverOptions(m_kept)))}
{
    required(m_server->start());
    const std::string postgres = domain::conninfoOf(m_server->target("postgres"));
    const auto loaded = ask(postgres, "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'bench'");
    const std::string note = fmt::format("{} votes, attacked, seed 4711", votes);
    if (!loaded.empty() && loaded[0][0] == note)
        return;
    ask(postgres, "DROP DATABASE IF EXISTS bench");
    ask(postgres, "CREATE DATABASE bench");
    fmt::print(stderr, "Loading {} ...\n", note);
    load(votes);
    ask(postgres, fmt::format("COMMENT ON DATABASE bench IS '{}'", note));
}

BenchSite::~BenchSite()
{
    static_cast<void>(m_server->stop());
    std::error_code ignored;
    if (!m_kept)
        fs::remove_all(m_directory, ignored);
}

void BenchSite::load(std::uint64_t votes)
{
    const domain::ConnectionTarget target = m_server->target("bench");
    elevated::InstallOptions options;
    options.adapter = "unprotected";
    options.environment = domain::Environment::Demo;
    required(elevated::install(target, options));
    required(elevated::createLogin(target, {"reader", {"reader"}, ""}));
    loadHistory(target, votes);
    for (const char* sql : {kLogSql, "VACUUM ANALYZE", "CHECKPOINT"})
        ask(domain::conninfoOf(target), sql);
}

Truth BenchSite::truth() const
{
    const simulate::Site site = simulated(m_votes);
    Truth truth;
    for (const simulate::Campaign& campaign : site.campaigns())
        truth.addCampaign(campaign.kind);
    required(site.truth([&](std::span<const simulate::TruthRow> rows) -> domain::Status {
        for (const simulate::TruthRow& row : rows)
            truth.addVote(static_cast<std::int64_t>(row.voteKey), row.label, row.campaign);
        return domain::Nothing{};
    }));
    return truth;
}

std::vector<std::vector<std::string>> BenchSite::rows(const std::string& sql) const
{
    return ask(domain::conninfoOf(reader()), sql);
}

} // namespace scr::bench
