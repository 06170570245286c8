#include "store/sql_flag_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "codec/flag_json.h"
#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::RecordedFlag;
using domain::Result;
using domain::ReviewEntry;

std::string flagColumnsSql()
{
    return fmt::format(
        "flag_key::text, body::text, state::text, coalesce(last_review, 0)::int8, actor::text, {}, subject_label::text, "
        "post_title::text",
        microsSql("recorded_at"));
}

/// One flag that cannot be read must not hide the others.
class FlagReader {
public:
    void take(const SqlRow& row)
    {
        Result<domain::Flag> body = codec::flagFromJson(row.text(1));
        const auto state = domain::flagStateOf(row.text(2));
        if (body && state)
            m_list.flags.push_back(
                {std::move(*body), *state, row.integer(3), row.text(4), row.time(5), row.text(6), row.text(7)});
        else
            m_list.unreadable.push_back(
                fmt::format("Flag {} cannot be read: {}", row.text(0),
                            body ? "its state \"" + row.text(2) + "\" is not known" : body.error().detail));
    }
    [[nodiscard]] Result<ports::FlagList> result(const domain::Status& done)
    {
        if (!done)
            return domain::failureOf(done);
        return std::move(m_list);
    }

private:
    ports::FlagList m_list;
};

Result<ports::FlagList> readFlags(SqlSession& session, const std::string& rest, const std::vector<std::string>& parameters)
{
    FlagReader reader;
    const domain::Status done = session.each(fmt::format("SELECT {} FROM scrutineer.flag_queue {}", flagColumnsSql(), rest),
                                             parameters, [&reader](const SqlRow& row) { reader.take(row); });
    return reader.result(done);
}

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
    return readFlags(
        session,
        fmt::format("WHERE true{} ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'], severity::text), "
                    "score DESC, flag_key LIMIT {}",
                    where, std::max(limit, 0)),
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

ReviewEntry reviewOf(const SqlRow& row)
{
    ReviewEntry entry;
    entry.review = row.integer(0);
    entry.flag = domain::FlagKey{row.text(1)};
    entry.decision = domain::decisionOf(row.text(2)).value_or(domain::Decision::Reopen);
    entry.reason = row.text(3);
    entry.actor = row.text(4);
    entry.decidedAt = row.time(5);
    entry.snoozeUntil = row.optionalTime(6);
    return entry;
}

Result<std::vector<ReviewEntry>> readReviews(SqlSession& session, const domain::FlagKey& key)
{
    const std::string sql = fmt::format("SELECT review::int8, flag_key::text, decision::text, reason::text, actor::text, {}, {} "
                                        "FROM scrutineer.review_entry WHERE flag_key = $1 ORDER BY review DESC",
                                        microsSql("decided_at"), microsSql("snooze_until"));
    return session.rows<ReviewEntry>(sql, {key.text}, reviewOf);
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
