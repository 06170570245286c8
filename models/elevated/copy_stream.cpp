#include "elevated/copy_stream.h"

#include <bit>
#include <charconv>
#include <type_traits>

#include <arpa/inet.h>

#include <fmt/format.h>

#include "elevated/server_refusal.h"

namespace scr::elevated {

using domain::Error;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::int64_t kEpochShift = 946'684'800'000'000; // PostgreSQL counts from 2000-01-01
constexpr std::uint8_t kFamilyV4 = 2;                     // PostgreSQL's own numbers, the same on every system
constexpr std::uint8_t kFamilyV6 = 3;

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// "COPY vote, line 17, column …": the server's words are in its locale's language, the number is not.
std::string rowNamedIn(std::string_view context)
{
    const auto comma = context.find(',');
    const auto first = context.find_first_of("0123456789", comma);
    if (comma == std::string_view::npos || first == std::string_view::npos)
        return {};
    return std::string{context.substr(first, context.find_first_not_of("0123456789", first) - first)};
}

} // namespace

Status LoadConnection::open(const domain::ConnectionTarget& target, std::string_view settings)
{
    m_target = target;
    m_connection.reset(PQconnectdb(conninfoOf(target, settings).c_str()));
    if (PQstatus(handle()) != CONNECTION_OK)
        return tl::unexpected<Error>{connectFailure(PQerrorMessage(handle()), target)};
    PQsetNoticeProcessor(handle(), [](void*, const char*) {}, nullptr);
    return Nothing{};
}

Error LoadConnection::errorOf(const PGresult* result) const
{
    const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const bool lost = PQstatus(handle()) != CONNECTION_OK;
    const char* message =
        result != nullptr && *PQresultErrorMessage(result) != '\0' ? PQresultErrorMessage(result) : PQerrorMessage(handle());
    return refusalOf(state != nullptr ? state : lost ? "08006" : "", message, m_target);
}

std::string LoadConnection::quoteName(const std::string& name) const
{
    const std::unique_ptr<char, decltype(&PQfreemem)> quoted{PQescapeIdentifier(handle(), name.c_str(), name.size()), &PQfreemem};
    return quoted ? quoted.get() : std::string{};
}

Status LoadConnection::run(const std::string& sql)
{
    const Answer answer{PQexec(handle(), sql.c_str()), &PQclear};
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        return tl::unexpected<Error>{errorOf(answer.get())};
    return Nothing{};
}

Result<std::vector<std::vector<std::string>>> LoadConnection::rows(const std::string& sql,
                                                                   const std::vector<std::string>& parameters)
{
    std::vector<const char*> values;
    for (const std::string& parameter : parameters)
        values.push_back(parameter.c_str());
    const Answer answer{
        PQexecParams(handle(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0),
        &PQclear};
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK && PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
        return tl::unexpected<Error>{errorOf(answer.get())};
    std::vector<std::vector<std::string>> all;
    for (int row = 0; row < PQntuples(answer.get()); ++row) {
        std::vector<std::string>& fields = all.emplace_back();
        for (int column = 0; column < PQnfields(answer.get()); ++column)
            fields.emplace_back(PQgetvalue(answer.get(), row, column));
    }
    return all;
}

Result<std::string> LoadConnection::text(const std::string& sql, const std::vector<std::string>& parameters)
{
    const auto all = rows(sql, parameters);
    if (!all)
        return failureOf(all);
    return all->empty() || all->front().empty() ? std::string{} : all->front().front();
}

template <class T>
void CopyStream::bigEndian(T value)
{
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    char bytes[sizeof(T)];
    for (std::size_t byte = 0; byte < sizeof(T); ++byte)
        bytes[byte] = static_cast<char>((bits >> (8 * (sizeof(T) - 1 - byte))) & 0xffU);
    m_buffer.append(bytes, sizeof(T));
}

Status CopyStream::begin(const std::string& table, const std::string& columns, std::int16_t columnCount)
{
    const std::string sql = fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", table, columns);
    const Answer answer{PQexec(m_connection.handle(), sql.c_str()), &PQclear};
    if (PQresultStatus(answer.get()) != PGRES_COPY_IN)
        return tl::unexpected<Error>{m_connection.errorOf(answer.get())};
    m_columnCount = columnCount;
    m_buffer.assign(kSignature);
    return Nothing{};
}

void CopyStream::startRow()
{
    bigEndian(m_columnCount);
}
void CopyStream::null()
{
    bigEndian(std::int32_t{-1});
}

void CopyStream::number(std::int64_t value)
{
    bigEndian(std::int32_t{8});
    bigEndian(value);
}

void CopyStream::real(double value)
{
    bigEndian(std::int32_t{4});
    bigEndian(std::bit_cast<std::int32_t>(static_cast<float>(value)));
}

void CopyStream::precise(double value)
{
    bigEndian(std::int32_t{8});
    bigEndian(std::bit_cast<std::int64_t>(value));
}

void CopyStream::text(std::string_view value)
{
    bigEndian(static_cast<std::int32_t>(value.size()));
    m_buffer += value;
}

void CopyStream::textOrNull(std::string_view value)
{
    if (value.empty())
        null();
    else
        text(value);
}

void CopyStream::time(domain::UtcTime value)
{
    number(domain::microsOf(value) - kEpochShift);
}

void CopyStream::timeOrNull(const std::optional<domain::UtcTime>& value)
{
    if (value)
        time(*value);
    else
        null();
}

bool CopyStream::address(std::string_view value)
{
    if (value.empty()) {
        null();
        return true;
    }
    const auto slash = value.find('/');
    const std::string host{value.substr(0, slash)};
    const bool v6 = host.find(':') != std::string::npos;
    const std::uint8_t size = v6 ? 16 : 4;
    std::uint8_t bits = static_cast<std::uint8_t>(8 * size);
    if (slash != std::string_view::npos) {
        const char* end = value.data() + value.size();
        unsigned given = 0;
        const auto [stop, error] = std::from_chars(value.data() + slash + 1, end, given);
        if (error != std::errc{} || stop != end || given > bits)
            return false;
        bits = static_cast<std::uint8_t>(given);
    }
    unsigned char bytes[16];
    if (inet_pton(v6 ? AF_INET6 : AF_INET, host.c_str(), bytes) != 1)
        return false;
    bigEndian(static_cast<std::int32_t>(4 + size));
    for (const std::uint8_t head : {v6 ? kFamilyV6 : kFamilyV4, bits, std::uint8_t{0}, size})
        m_buffer += static_cast<char>(head);
    m_buffer.append(reinterpret_cast<const char*>(bytes), size);
    return true;
}

Status CopyStream::endRow()
{
    return m_buffer.size() < kChunk ? Status{Nothing{}} : flush();
}

Status CopyStream::flush()
{
    if (PQputCopyData(m_connection.handle(), m_buffer.data(), static_cast<int>(m_buffer.size())) != 1)
        return tl::unexpected<Error>{m_connection.errorOf(nullptr)};
    m_buffer.clear();
    return Nothing{};
}

Status CopyStream::end()
{
    if (!isOpen())
        return Nothing{};
    m_columnCount = 0;
    bigEndian(std::int16_t{-1});
    if (const Status sent = flush(); !sent)
        return sent;
    if (PQputCopyEnd(m_connection.handle(), nullptr) != 1)
        return tl::unexpected<Error>{m_connection.errorOf(nullptr)};
    Status outcome = Nothing{};
    for (Answer answer{PQgetResult(m_connection.handle()), &PQclear}; answer; answer.reset(PQgetResult(m_connection.handle()))) {
        if (outcome && PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
            outcome = tl::unexpected<Error>{m_connection.errorOf(answer.get())};
            const char* context = PQresultErrorField(answer.get(), PG_DIAG_CONTEXT);
            m_failedRow = rowNamedIn(context != nullptr ? context : "");
        }
    }
    return outcome;
}

} // namespace scr::elevated
