#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include <QFuture>
#include <QTest>

#include <libpq-fe.h>

#include "domain/result.h"
#include "support/test_server.h"

namespace scr::test {

/// A session that keeps a transaction open, so that what it locks makes readers wait for as long as a test wants.
class HeldSession {
public:
    HeldSession(const TestServer& server, const std::string& database, const std::string& sql) :
        m_connection{PQconnectdb(server.conninfo(database).c_str()), &PQfinish}
    {
        run("BEGIN");
        run(sql);
    }

    void commit() { run("COMMIT"); }

private:
    void run(const std::string& sql)
    {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(m_connection.get(), sql.c_str()), &PQclear};
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK && PQresultStatus(result.get()) != PGRES_TUPLES_OK)
            throw std::runtime_error{PQerrorMessage(m_connection.get())};
    }

    std::unique_ptr<PGconn, decltype(&PQfinish)> m_connection;
};

/// The value of a future, or a failed test with the error's words.
template <class T>
T valueOf(QFuture<domain::Result<T>> future)
{
    future.waitForFinished();
    if (future.resultCount() == 0)
        throw std::runtime_error{"the future was cancelled"};
    const domain::Result<T> result = future.result();
    if (!result)
        throw std::runtime_error{domain::sentenceOf(result.error())};
    return *result;
}

template <class T>
domain::Error errorOf(QFuture<domain::Result<T>> future)
{
    future.waitForFinished();
    if (future.resultCount() == 0 || future.result())
        throw std::runtime_error{"an error was expected"};
    return future.result().error();
}

inline std::string waiting(const TestServer& server)
{
    return server.queryText("postgres",
                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'reader'");
}

inline void terminateReaders(const TestServer& server)
{
    server.execute("postgres", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'reader'");
}

/// A contract made by hand with keys of `type` over tables of its own: what an adapter for such a site would give.
inline void createKeyedSource(TestServer& server, const std::string& name, const std::string& type, bool rowLocation)
{
    server.createDatabase(name);
    const std::string location = rowLocation ? "v.ctid" : "NULL::tid";
    const std::string pages = rowLocation ? "pg_relation_size('site.vote') / 8192" : "NULL::bigint";
    server.execute(
        name, "CREATE SCHEMA site; CREATE SCHEMA scrutineer;"
              "CREATE DOMAIN scrutineer.token_key AS " +
                  type + "; CREATE DOMAIN scrutineer.post_key AS " + type +
                  ";"
                  "CREATE DOMAIN scrutineer.vote_key AS " +
                  type +
                  ";"
                  "CREATE TABLE site.vote (k " +
                  type + " PRIMARY KEY, t " + type + ", p " + type +
                  ", v real, at timestamptz);"
                  "CREATE TABLE site.attempt (k " +
                  type + " PRIMARY KEY, t " + type + ", p " + type +
                  ", at timestamptz, done timestamptz,"
                  " outcome text, sqlstate text, vote " +
                  type +
                  ", origin inet);"
                  "CREATE TABLE site.post (p " +
                  type +
                  " PRIMARY KEY, score float8);"
                  "CREATE VIEW scrutineer.vote AS SELECT k AS vote_key, t AS token_key, p AS post_key, NULL::text AS author_key,"
                  " v AS value, at AS cast_at, NULL::inet AS origin, 'counted'::text AS state, " +
                  location +
                  " AS row_location FROM site.vote v;"
                  "CREATE VIEW scrutineer.attempt AS SELECT k AS attempt_key, t AS token_key, p AS post_key, 1::real AS value,"
                  " at AS attempted_at, done AS finished_at, outcome, sqlstate, vote AS vote_key, origin, NULL::text AS "
                  "request_key FROM site.attempt;"
                  "CREATE VIEW scrutineer.post AS SELECT p AS post_key, 'title'::text AS title, NULL::text AS author_key,"
                  " NULL::timestamptz AS created_at, score AS counter FROM site.post;"
                  "CREATE VIEW scrutineer.token AS SELECT DISTINCT t AS token_key, ''::text AS label,"
                  " NULL::timestamptz AS created_at, 'active'::text AS state FROM site.vote;"
                  "CREATE VIEW scrutineer.source AS SELECT " +
                  pages +
                  " AS vote_pages;"
                  "CREATE VIEW scrutineer.capability AS SELECT n AS name, true AS available FROM unnest(ARRAY['has_attempts', "
                  "'has_counter',"
                  " 'has_row_location']) AS n");
    server.execute(name, "DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                         "GRANT USAGE ON SCHEMA scrutineer TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA scrutineer TO reader");
}

} // namespace scr::test
