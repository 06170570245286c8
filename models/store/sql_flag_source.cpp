#include "store/sql_flag_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/flag_reader.h"
#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::RecordedFlag;
using domain::Result;
using domain::ReviewEntry;

Result<ports::FlagList> readQueue(SqlSession& session, const domain::TimeRange& range, int limit)
{
    std::string where;
    std::vector<std::string> parameters;
    if (range.from) {
        parameters.push_back(momentText(*range.from));
        where += " AND to_at >= $1::timestamptz"; // the window's last moment belongs to it
    }
    if (range.to) {
        parameters.push_back(momentText(*range.to));
        where += fmt::format(" AND from_at < ${}::timestamptz", parameters.size());
    }
    // What still waits for somebody is never among those that a limit leaves out before it.
    return readFlags(session,
                     fmt::format("WHERE flag_key IN (SELECT q.flag_key FROM scrutineer.flag_queue q WHERE true{0} "
                                 "ORDER BY q.state IN ('dismissed', 'voided'), {1} LIMIT {2}) ORDER BY {1}",
                                 where, flagOrderSql(), std::max(limit, 0)),
                     parameters);
}

Result<RecordedFlag> readFlag(SqlSession& session, const domain::FlagKey& key)
{
    Result<ports::FlagList> found = readFlags(session, "WHERE flag_key = $1", {key.text});
    if (!found)
        return domain::failureOf(found);
    if (!found->unreadable.empty())
        return domain::failure(domain::Fault::Corrupt, found->unreadable.front(),
                               "It was recorded by another version of this program: update this one");
    if (found->flags.empty())
        return domain::failure(domain::Fault::NotFound, fmt::format("There is no flag {}", key.text), "Reload the queue");
    return std::move(found->flags.front());
}

} // namespace

SqlFlagSource::SqlFlagSource(const domain::ConnectionTarget& target, const ReadSettings& settings) :
    m_queue{target, settings}, m_details{target, settings}
{
}

QFuture<Result<ports::FlagList>> SqlFlagSource::flags(const domain::TimeRange& range, int limit)
{
    return m_queue.run<ports::FlagList>([range, limit](SqlSession& session) { return readQueue(session, range, limit); });
}

QFuture<Result<RecordedFlag>> SqlFlagSource::flag(const domain::FlagKey& key)
{
    return m_details.run<RecordedFlag>([key](SqlSession& session) { return readFlag(session, key); });
}

QFuture<Result<std::vector<ReviewEntry>>> SqlFlagSource::reviews(const domain::FlagKey& key)
{
    return m_details.run<std::vector<ReviewEntry>>([key](SqlSession& session) { return readReviews(session, key); });
}

} // namespace scr::store
