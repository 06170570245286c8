#include "store/sql_session.h"

#include <atomic>
#include <cctype>
#include <charconv>

#include <poll.h>

#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "store/read_error.h"

namespace scr::store {

namespace {

using domain::Fault;
using domain::Nothing;
using domain::Status;

QString uniqueName()
{
    static std::atomic<std::uint64_t> last{0};
    return QStringLiteral("scrutineer-reader-%1").arg(++last);
}

// Qt puts these five through its own quoting; only what it has no field for goes into the options, where it splits at ';'.
void describe(QSqlDatabase& database, const domain::ConnectionTarget& target, const ReadSettings& settings)
{
    database.setHostName(QString::fromStdString(target.host));
    database.setDatabaseName(QString::fromStdString(target.database));
    database.setUserName(QString::fromStdString(target.user));
    database.setPassword(QString::fromStdString(target.password));
    domain::ConnectionTarget rest = target;
    rest.host.clear();
    rest.database.clear();
    rest.user.clear();
    rest.password.clear();
    database.setConnectOptions(QString::fromStdString(domain::conninfoOf(rest, readOptionsOf(target, settings))));
}

/// The number after a '$' at `at`, and how many characters it takes.
std::pair<std::size_t, std::size_t> placeholderAt(const std::string& sql, std::size_t at)
{
    std::size_t number = 0;
    const char* begin = sql.data() + at + 1;
    const auto [end, error] = std::from_chars(begin, sql.data() + sql.size(), number);
    if (error != std::errc{})
        return {0, 0};
    return {number, static_cast<std::size_t>(end - begin) + 1};
}

/// Ends a query on the server before Qt would drain it row by row.
class RunningQuery {
public:
    RunningQuery(const QSqlDatabase& database, pg_conn* connection) : m_query{database}, m_connection{connection}
    {
        m_query.setForwardOnly(true);
    }
    ~RunningQuery()
    {
        if (m_query.isActive() && !m_finished && PQstatus(m_connection) == CONNECTION_OK)
            sendCancel(CancelHandle{PQgetCancel(m_connection)}.get());
    }
    RunningQuery(const RunningQuery&) = delete;
    RunningQuery& operator=(const RunningQuery&) = delete;

    QSqlQuery& query() noexcept { return m_query; }
    void finished() noexcept { m_finished = true; }

private:
    QSqlQuery m_query;
    pg_conn* m_connection;
    bool m_finished = false;
};

} // namespace

bool SqlRow::isNull(int column) const
{
    return m_query.isNull(column);
}
std::string SqlRow::text(int column) const
{
    return m_query.value(column).toString().toStdString();
}
std::int64_t SqlRow::integer(int column) const
{
    return m_query.value(column).toLongLong();
}
double SqlRow::number(int column) const
{
    return m_query.value(column).toDouble();
}
bool SqlRow::truth(int column) const
{
    return m_query.value(column).toBool();
}
domain::UtcTime SqlRow::time(int column) const
{
    return domain::timeOf(integer(column));
}

std::optional<domain::UtcTime> SqlRow::optionalTime(int column) const
{
    return isNull(column) ? std::nullopt : std::optional{time(column)};
}

SqlSession::SqlSession(domain::ConnectionTarget target, ReadSettings settings) :
    m_target{std::move(target)}, m_settings{settings}, m_name{uniqueName()}
{
}

SqlSession::~SqlSession() = default;

void SqlSession::close()
{
    if (!m_database.isValid())
        return;
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
}

pg_conn* SqlSession::handle() const
{
    const QVariant handle = m_database.driver()->handle();
    return handle.isValid() ? *static_cast<pg_conn* const*>(handle.constData()) : nullptr;
}

/// Nothing comes unasked over an idle connection but news: most often that the server has ended it. Only then is it asked.
bool SqlSession::isAlive() const
{
    if (!m_database.isValid() || !m_database.isOpen() || PQstatus(handle()) != CONNECTION_OK)
        return false;
    pollfd socket{PQsocket(handle()), POLLIN, 0};
    if (poll(&socket, 1, 0) <= 0)
        return true;
    const std::unique_ptr<pg_result, ClearResult> answer{PQexec(handle(), "SELECT 1")};
    return PQresultStatus(answer.get()) == PGRES_TUPLES_OK;
}

Status SqlSession::ready()
{
    if (isAlive())
        return Nothing{};
    close();
    return open();
}

Status SqlSession::open()
{
    if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QPSQL")))
        return domain::failure(Fault::Unavailable, "Qt's PostgreSQL driver is missing", "Install the package libqt6sql6-psql");
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), m_name);
    describe(m_database, m_target, m_settings);
    if (m_database.open()) {
        PQsetNoticeProcessor(handle(), [](void*, const char*) {}, nullptr);
        return Nothing{};
    }
    const std::string message = m_database.lastError().databaseText().toStdString();
    close();
    return tl::unexpected<domain::Error>{connectError(message, m_target)};
}

domain::Error SqlSession::errorOf(const QSqlQuery& query) const
{
    if (m_unwanted && m_unwanted())
        return {Fault::Cancelled, "The query was cancelled", {}, {}};
    const QSqlError error = query.lastError();
    const bool broken = PQstatus(handle()) != CONNECTION_OK;
    const std::string sqlstate = error.nativeErrorCode().toStdString();
    return queryError(broken && sqlstate.size() != 5 ? std::string{} : sqlstate, error.databaseText().toStdString(), m_target);
}

domain::Result<std::string> SqlSession::bound(const std::string& sql, const std::vector<std::string>& parameters) const
{
    std::string text;
    text.reserve(sql.size() + 32 * parameters.size());
    for (std::size_t at = 0; at < sql.size();) {
        const auto [number, length] = sql[at] == '$' ? placeholderAt(sql, at) : std::pair<std::size_t, std::size_t>{0, 0};
        if (number == 0 || number > parameters.size()) {
            text += sql[at++];
            continue;
        }
        const std::string& value = parameters[number - 1];
        char* quoted = value.find('\0') == std::string::npos ? PQescapeLiteral(handle(), value.data(), value.size()) : nullptr;
        if (quoted == nullptr)
            return domain::failure(Fault::Invalid, "A value to look for is not a text that PostgreSQL can hold",
                                   "Correct the filter or the key");
        text += quoted;
        PQfreemem(quoted);
        at += length;
    }
    return text;
}

Status SqlSession::each(const std::string& sql, const std::vector<std::string>& parameters,
                        const std::function<void(const SqlRow&)>& take)
{
    const domain::Result<std::string> text = bound(sql, parameters);
    if (!text)
        return domain::failureOf(text);
    RunningQuery running{m_database, handle()};
    QSqlQuery& query = running.query();
    if (!query.exec(QString::fromStdString(*text)))
        return tl::unexpected<domain::Error>{errorOf(query)};
    const SqlRow row{query};
    while (query.next()) {
        take(row);
        if (m_unwanted && m_unwanted())
            return domain::failure(Fault::Cancelled, "The query was cancelled");
    }
    running.finished();
    if (query.lastError().isValid())
        return tl::unexpected<domain::Error>{errorOf(query)};
    return Nothing{};
}

Status SqlSession::command(const std::string& sql)
{
    return each(sql, {}, [](const SqlRow&) {});
}

void SqlSession::beginJob(std::function<bool()> unwanted)
{
    m_unwanted = unwanted;
    m_watch.watch(handle(), std::move(unwanted));
}

void SqlSession::endJob()
{
    const bool cancelSent = m_watch.release();
    m_unwanted = nullptr;
    if (!cancelSent || PQstatus(handle()) != CONNECTION_OK)
        return;
    // The signal of a cancel may still be on its way: it is to hit a statement nobody waits for, not the next job's.
    for (const char* statement : {"SELECT 1", "ROLLBACK"})
        QSqlQuery{m_database}.exec(QString::fromLatin1(statement));
}

} // namespace scr::store
