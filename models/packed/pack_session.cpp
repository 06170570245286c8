#include "packed/pack_session.h"

#include <sqlite3.h>

#include <fmt/format.h>

#include "domain/network.h"

namespace scr::packed {

using domain::Fault;
using domain::Nothing;
using domain::Status;

namespace {

constexpr int kStepsBetweenLooks = 4000;
constexpr int kCacheKiB = 65'536;

std::string_view textOf(sqlite3_value* value)
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return {text == nullptr ? "" : text, text == nullptr ? 0 : static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void inside(sqlite3_context* context, int /*count*/, sqlite3_value** values)
{
    sqlite3_result_int(context, domain::isInside(textOf(values[0]), textOf(values[1])) ? 1 : 0);
}

int lookWhetherUnwanted(void* unwanted)
{
    const auto& ask = *static_cast<std::function<bool()>*>(unwanted);
    return ask && ask() ? 1 : 0;
}

void bind(sqlite3_stmt* statement, int at, const PackValue& value)
{
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        sqlite3_bind_int64(statement, at, *whole);
    else if (const auto* number = std::get_if<double>(&value))
        sqlite3_bind_double(statement, at, *number);
    else if (const auto* text = std::get_if<std::string>(&value))
        sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
}

} // namespace

bool PackRow::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::string PackRow::text(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return text == nullptr ? std::string{}
                           : std::string{text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

std::int64_t PackRow::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double PackRow::number(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::optional<domain::UtcTime> PackRow::optionalTime(int column) const
{
    return isNull(column) ? std::nullopt : std::optional{time(column)};
}

domain::Error PackSession::errorOf(int code) const
{
    if (code == SQLITE_INTERRUPT)
        return {Fault::Cancelled, "The reading was stopped", {}, {}};
    return {Fault::Unavailable,
            fmt::format("the working copy of the pack cannot be read: {}",
                        m_database ? sqlite3_errmsg(m_database.get()) : sqlite3_errstr(code)),
            "Open the pack again",
            {}};
}

Status PackSession::ready()
{
    if (m_database)
        return Nothing{};
    sqlite3* handle = nullptr;
    int code = sqlite3_open_v2(m_path.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    m_database.reset(handle);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, fmt::format("PRAGMA cache_size = -{}", kCacheKiB).c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
        code =
            sqlite3_create_function(handle, "inside", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, inside, nullptr, nullptr);
    if (code != SQLITE_OK) {
        const domain::Error error = errorOf(code);
        m_database.reset();
        return tl::unexpected{error};
    }
    sqlite3_progress_handler(handle, kStepsBetweenLooks, lookWhetherUnwanted, &m_unwanted);
    return Nothing{};
}

Status PackSession::each(const std::string& sql, const std::vector<PackValue>& parameters,
                         const std::function<void(const PackRow&)>& take)
{
    sqlite3_stmt* prepared = nullptr;
    int code = sqlite3_prepare_v2(m_database.get(), sql.c_str(), -1, &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, evidence::FinishStatement> statement{prepared};
    if (code != SQLITE_OK)
        return tl::unexpected{errorOf(code)};
    for (std::size_t i = 0; i < parameters.size(); ++i)
        bind(prepared, static_cast<int>(i) + 1, parameters[i]);
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW)
        take(PackRow{prepared});
    if (code != SQLITE_DONE)
        return tl::unexpected{errorOf(code)};
    return Nothing{};
}

} // namespace scr::packed
