#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <QSqlDatabase>

#include "domain/time.h"
#include "store/cancel_watch.h"
#include "store/read_connection.h"

class QSqlQuery;

namespace scr::store {

/// The row a query stands on. Columns are cast in SQL: keys and words to text, times to epoch microseconds.
class SqlRow {
public:
    explicit SqlRow(const QSqlQuery& query) : m_query{query} {}
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double number(int column) const;
    [[nodiscard]] bool truth(int column) const;
    [[nodiscard]] domain::UtcTime time(int column) const;
    [[nodiscard]] std::optional<domain::UtcTime> optionalTime(int column) const;

private:
    const QSqlQuery& m_query;
};

/// One Qt SQL connection and the thread that owns it: made, used and destroyed there.
class SqlSession {
public:
    SqlSession(domain::ConnectionTarget target, ReadSettings settings);
    ~SqlSession();
    SqlSession(const SqlSession&) = delete;
    SqlSession& operator=(const SqlSession&) = delete;

    /// $1, $2, … in `sql` stand for the parameters, which go in as quoted literals: no server-side prepare, so it works behind a
    /// pooler, and Qt rewrites nothing.
    [[nodiscard]] domain::Status each(const std::string& sql, const std::vector<std::string>& parameters,
                                      const std::function<void(const SqlRow&)>& take);

    template <class T>
    [[nodiscard]] domain::Result<std::vector<T>> rows(const std::string& sql, const std::vector<std::string>& parameters,
                                                      T (*read)(const SqlRow&))
    {
        std::vector<T> all;
        const domain::Status done = each(sql, parameters, [&](const SqlRow& row) { all.push_back(read(row)); });
        if (!done)
            return domain::failureOf(done);
        return all;
    }

    /// Runs `work` in one transaction that sees one state of the database.
    template <class T>
    [[nodiscard]] domain::Result<T> inSnapshot(const std::function<domain::Result<T>(SqlSession&)>& work)
    {
        if (const domain::Status begun = command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); !begun)
            return domain::failureOf(begun);
        domain::Result<T> result = work(*this);
        const domain::Status ended = command("ROLLBACK"); // nothing was written; it ends the snapshot
        if (result && !ended)
            return domain::failureOf(ended);
        return result;
    }

    // For a worker.
    [[nodiscard]] domain::Status ready();
    void beginJob(std::function<bool()> unwanted); ///< from here on queries end when `unwanted` says so
    void endJob();
    void close();
    void interrupt() { m_watch.wake(); } ///< from any thread: look now whether the running job is still wanted

private:
    [[nodiscard]] domain::Status open();
    [[nodiscard]] domain::Status command(const std::string& sql);
    [[nodiscard]] bool isAlive() const;
    [[nodiscard]] pg_conn* handle() const;
    [[nodiscard]] domain::Result<std::string> bound(const std::string& sql, const std::vector<std::string>& parameters) const;
    [[nodiscard]] domain::Error errorOf(const QSqlQuery& query) const;

    domain::ConnectionTarget m_target;
    ReadSettings m_settings;
    QString m_name;
    QSqlDatabase m_database;
    std::function<bool()> m_unwanted;
    CancelWatch m_watch;
};

} // namespace scr::store
