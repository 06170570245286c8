#include "store/read_connection.h"

#include <charconv>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "store/read_error.h"

namespace scr::store {

void CloseConnection::operator()(pg_conn* connection) const noexcept
{
    PQfinish(connection);
}
void ClearResult::operator()(pg_result* result) const noexcept
{
    PQclear(result);
}
void FreeCancel::operator()(pg_cancel* cancel) const noexcept
{
    PQfreeCancel(cancel);
}

std::string readOptionsOf(const domain::ConnectionTarget& target, const ReadSettings& settings)
{
    // idle_in_transaction bounds how long a console that hangs can hold back the site's vacuum.
    std::string options = fmt::format("options='-c default_transaction_read_only=on -c statement_timeout={} "
                                      "-c idle_in_transaction_session_timeout=60000 -c datestyle=ISO' "
                                      "keepalives_idle=20 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=30000",
                                      settings.statementTimeout.count());
    if (target.host.find(',') != std::string::npos)
        options += " target_session_attrs=prefer-standby";
    return options;
}

int ReadRows::size() const noexcept
{
    return PQntuples(m_result.get());
}

int ReadRows::columns() const noexcept
{
    return PQnfields(m_result.get());
}

std::string_view ReadRows::nameOf(int column) const noexcept
{
    const char* name = PQfname(m_result.get(), column);
    return name == nullptr ? std::string_view{} : std::string_view{name};
}

bool ReadRows::isNull(int row, int column) const noexcept
{
    return PQgetisnull(m_result.get(), row, column) != 0;
}

std::string_view ReadRows::text(int row, int column) const noexcept
{
    return {PQgetvalue(m_result.get(), row, column), static_cast<std::size_t>(PQgetlength(m_result.get(), row, column))};
}

std::int64_t ReadRows::integer(int row, int column) const noexcept
{
    const std::string_view digits = text(row, column);
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

unsigned ReadRows::typeOf(int column) const noexcept
{
    return PQftype(m_result.get(), column);
}

ReadConnection::ReadConnection(domain::ConnectionTarget target, pg_conn* connection) noexcept :
    m_target{std::move(target)}, m_connection{connection}
{
}

domain::Result<ReadConnection> ReadConnection::open(const domain::ConnectionTarget& target, const ReadSettings& settings)
{
    ReadConnection opened{target, PQconnectdb(domain::conninfoOf(target, readOptionsOf(target, settings)).c_str())};
    if (PQstatus(opened.handle()) != CONNECTION_OK)
        return tl::unexpected<domain::Error>{connectError(PQerrorMessage(opened.handle()), target)};
    // Notices would go to stderr, into the middle of a table that a command prints.
    PQsetNoticeProcessor(opened.handle(), [](void*, const char*) {}, nullptr);
    return opened;
}

domain::Result<ReadRows> ReadConnection::query(const std::string& sql, const std::vector<std::string>& parameters)
{
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const std::string& parameter : parameters)
        values.push_back(parameter.c_str());
    pg_result* result =
        PQexecParams(handle(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0);
    ReadRows rows{result};
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        return tl::unexpected<domain::Error>{errorOf(result)};
    return rows;
}

domain::Status ReadConnection::beginSnapshot(const std::string& snapshot)
{
    if (const auto begun = query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); !begun)
        return domain::failureOf(begun);
    if (snapshot.empty())
        return domain::Nothing{};
    if (const auto shared = query(fmt::format("SET TRANSACTION SNAPSHOT '{}'", snapshot)); !shared)
        return domain::failureOf(shared);
    return domain::Nothing{};
}

CancelHandle ReadConnection::cancelHandle() const
{
    return CancelHandle{PQgetCancel(handle())};
}

domain::Error ReadConnection::lastError() const
{
    return queryError({}, PQerrorMessage(handle()), m_target);
}

domain::Error ReadConnection::errorOf(const pg_result* result) const
{
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state == nullptr)
        return lastError();
    return queryError(state, PQresultErrorMessage(result), m_target);
}

void sendCancel(pg_cancel* cancel) noexcept
{
    char reason[256];
    if (cancel != nullptr)
        PQcancel(cancel, reason, sizeof reason);
}

} // namespace scr::store
