#include "store/seen_log.h"

#include <nlohmann/json.hpp>

#include "domain/time.h"
#include "embedded/embedded.h"
#include "store/read_connection.h"

namespace scr::store {

namespace {

using domain::failureOf;
using domain::Result;
using domain::Status;

constexpr std::string_view kPlace = "/* log_days */";

/// As old as now: whether it is still fresh does not matter for whether the log goes on from it.
Result<std::string> asOfNow(const std::string& kept)
{
    nlohmann::json json = nlohmann::json::parse(kept, nullptr, false);
    if (!json.is_object() || !json.contains("before"))
        return domain::failure(domain::Fault::Corrupt, "what was kept of the log cannot be understood",
                               "It may be evidence: move the file away, and ask who wrote it");
    json["at"] = domain::isoText(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    return json.dump();
}

Status goesOn(ReadConnection& connection, const std::string& kept)
{
    const Result<std::string> json = asOfNow(kept);
    if (!json)
        return failureOf(json);
    Result<ReadRows> rows = connection.query("SELECT set_config('scrutineer.seen_log', $1, true)", {*json});
    if (rows)
        rows = connection.query(withLogDays(embedded::text("sql/controls/15_sealed.sql")));
    if (!rows)
        return failureOf(rows);
    if (rows->text(0, 0) == "fails")
        return domain::failure(domain::Fault::Rejected, std::string{rows->text(0, 1)}, std::string{rows->text(0, 2)});
    return domain::Nothing{};
}

} // namespace

Result<std::string> readSeenLog(const domain::ConnectionTarget& target, const std::optional<std::string>& kept,
                                std::chrono::milliseconds timeout)
{
    Result<ReadConnection> connection = ReadConnection::open(target);
    if (!connection)
        return failureOf(connection);
    Result<ReadRows> rows = connection->query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    if (rows)
        rows =
            connection->query("SELECT set_config('search_path', 'pg_catalog', true), set_config('statement_timeout', $1, true)",
                              {std::to_string(timeout.count())});
    if (!rows)
        return failureOf(rows);
    if (kept) {
        if (const Status same = goesOn(*connection, *kept); !same)
            return failureOf(same);
    }
    rows = connection->query(
        withLogDays("WITH seen AS (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS before), days AS (/* log_days */) "
                    "SELECT jsonb_build_object('before', (SELECT before::text FROM seen), 'at', now(), 'days', "
                    "(SELECT coalesce(jsonb_object_agg(day, digest), '{}') FROM days))::text"));
    if (!rows)
        return failureOf(rows);
    return std::string{rows->text(0, 0)};
}

std::string withLogDays(std::string_view sql)
{
    std::string whole{sql};
    if (const auto at = whole.find(kPlace); at != std::string::npos)
        whole.replace(at, kPlace.size(), embedded::text("sql/read/log_days.sql"));
    return whole;
}

} // namespace scr::store
