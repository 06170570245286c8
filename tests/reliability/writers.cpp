#include "writers.h"

#include <chrono>
#include <memory>
#include <random>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace scr::reliability {

namespace {

using namespace std::chrono_literals;
using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection connectTo(const std::string& conninfo)
{
    Connection connection{PQconnectdb(conninfo.c_str()), &PQfinish};
    PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
    return connection;
}

bool run(PGconn* connection, const std::string& sql)
{
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(connection, sql.c_str()), &PQclear};
    const ExecStatusType status = PQresultStatus(result.get());
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

std::uint64_t number(PGconn* connection, const std::string& sql, int column = 0)
{
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(connection, sql.c_str()), &PQclear};
    return PQresultStatus(result.get()) == PGRES_TUPLES_OK && PQntuples(result.get()) > 0
               ? std::strtoull(PQgetvalue(result.get(), 0, column), nullptr, 10)
               : 0;
}

std::string attempts(std::uint64_t count)
{
    return fmt::format(
        "INSERT INTO reference.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, origin) "
        "SELECT g, g, 1, clock_timestamp(), clock_timestamp(), 'duplicate', '203.0.113.9' FROM generate_series(1, {}) g",
        count);
}

} // namespace

Writers::Writers(std::string conninfo, int writers) : m_conninfo{std::move(conninfo)}
{
    for (int writer = 0; writer < writers; ++writer)
        m_threads.emplace_back([this, writer] { run(static_cast<unsigned>(writer)); });
}

Writers::~Writers()
{
    stop();
}

void Writers::stop()
{
    m_stop = true;
    m_threads.clear();
}

void Writers::run(unsigned seed)
{
    std::mt19937 random{seed};
    const auto chance = [&](unsigned percent) { return random() % 100 < percent; };
    Connection connection = connectTo(m_conninfo);
    while (!m_stop) {
        if (PQstatus(connection.get()) != CONNECTION_OK) {
            std::this_thread::sleep_for(50ms);
            connection = connectTo(m_conninfo);
            continue;
        }
        if (areDone()) {
            std::this_thread::sleep_for(5ms);
            continue;
        }
        std::uint64_t rows = chance(70) ? 1 + random() % 5 : chance(80) ? 50 + random() % 400 : 2000;
        bool good = reliability::run(connection.get(), "BEGIN") && reliability::run(connection.get(), attempts(rows));
        if (good && chance(30)) {
            const bool keepsThem = chance(50);
            good = reliability::run(connection.get(), "SAVEPOINT here") && reliability::run(connection.get(), attempts(3)) &&
                   reliability::run(connection.get(), keepsThem ? "RELEASE here" : "ROLLBACK TO here") &&
                   reliability::run(connection.get(), attempts(2));
            rows += keepsThem ? 5 : 2;
        }
        if (good && chance(5))
            good = reliability::run(connection.get(), "SELECT scrutineer.log('export', 'fire', 'done', 'x')");
        if (good && chance(40))
            std::this_thread::sleep_for(std::chrono::milliseconds{random() % (chance(10) ? 1500 : 40)});
        const bool keepsAll = !chance(15);
        good = good && reliability::run(connection.get(), keepsAll ? "COMMIT" : "ROLLBACK");
        if (!good) {
            ++m_lost;
            reliability::run(connection.get(), "ROLLBACK");
        } else if (keepsAll) {
            m_committed += rows;
        }
    }
}

NaiveSealer::NaiveSealer(std::string conninfo) : m_conninfo{std::move(conninfo)}
{
    m_thread = std::jthread{[this] {
        while (!m_stop) {
            look();
            std::this_thread::sleep_for(100ms);
        }
    }};
}

NaiveSealer::~NaiveSealer()
{
    m_stop = true;
}

void NaiveSealer::look()
{
    const Connection connection = connectTo(m_conninfo);
    const std::string sql = fmt::format(
        "SELECT count(*), coalesce(max(entry_key), {0}) FROM scrutineer.entry WHERE log = 'a' AND entry_key > {0}", m_last);
    run(connection.get(), "SET enable_seqscan = off; SET max_parallel_workers_per_gather = 0"); // it shall fail by its rule alone
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(connection.get(), sql.c_str()), &PQclear};
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK)
        return;
    m_taken += std::strtoull(PQgetvalue(result.get(), 0, 0), nullptr, 10);
    m_last = std::strtoull(PQgetvalue(result.get(), 0, 1), nullptr, 10);
}

std::uint64_t NaiveSealer::skipped()
{
    m_stop = true;
    m_thread.join();
    look();
    const Connection connection = connectTo(m_conninfo);
    return number(connection.get(), "SELECT count(*) FROM scrutineer.entry WHERE log = 'a'") - m_taken;
}

LongTransaction::LongTransaction(std::string conninfo, bool writesAnAttempt) :
    m_conninfo{std::move(conninfo)}, m_writesAnAttempt{writesAnAttempt},
    m_thread{[this](const std::stop_token& stop) { hold(stop); }}
{
}

double LongTransaction::commit()
{
    m_thread.request_stop();
    m_thread.join();
    return m_lived;
}

void LongTransaction::hold(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        const Connection connection = connectTo(m_conninfo);
        const auto begun = std::chrono::steady_clock::now();
        bool good = run(connection.get(), "BEGIN") && run(connection.get(), "SELECT pg_current_xact_id()") &&
                    (!m_writesAnAttempt || run(connection.get(), attempts(1)));
        while (good && !stop.stop_requested()) {
            std::this_thread::sleep_for(100ms);
            good = run(connection.get(), "SELECT 1");
        }
        if (good && run(connection.get(), "COMMIT"))
            m_lived = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        else
            std::this_thread::sleep_for(100ms);
    }
}

} // namespace scr::reliability
