#include "store/seen_log.h"

#include <fmt/format.h>

#include "embedded/embedded.h"
#include "store/read_connection.h"

namespace scr::store {

domain::Result<std::string> readSeenLog(const domain::ConnectionTarget& target)
{
    domain::Result<ReadConnection> connection = ReadConnection::open(target);
    if (!connection)
        return domain::failureOf(connection);
    const domain::Result<ReadRows> rows =
        connection->query(fmt::format("WITH seen AS (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS before), days AS ({}) "
                                      "SELECT jsonb_build_object('before', (SELECT before::text FROM seen), 'at', now(), 'days', "
                                      "(SELECT coalesce(jsonb_object_agg(day, digest), '{{}}') FROM days))::text",
                                      logDaysSql()));
    if (!rows)
        return domain::failureOf(rows);
    return std::string{rows->text(0, 0)};
}

std::string logDaysSql()
{
    return std::string{embedded::text("sql/read/log_days.sql")};
}

} // namespace scr::store
