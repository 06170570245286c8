#include "store/sql_vote_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/sql_text.h"
#include "store/vote_rows.h"

namespace scr::store {

namespace {

using domain::Result;

std::string whereOf(const std::string& condition)
{
    return condition.empty() ? std::string{} : " WHERE " + condition;
}

Result<ports::VotePage> readPage(SqlSession& session, const query::Query& query, const std::optional<ports::VoteCursor>& cursor,
                                 int limit)
{
    query::SqlCondition condition = query::sqlOf(query);
    if (cursor) {
        condition.parameters.push_back(momentText(cursor->castAt));
        condition.parameters.push_back(cursor->key.text);
        condition.text +=
            fmt::format("{}(cast_at, vote_key) < (${}::timestamptz, ${}::scrutineer.vote_key)",
                        condition.text.empty() ? "" : " AND ", condition.parameters.size() - 1, condition.parameters.size());
    }
    // One row more than asked for tells whether there is another page.
    const std::string sql = fmt::format("SELECT {} FROM scrutineer.vote{} ORDER BY cast_at DESC, vote_key DESC LIMIT {}",
                                        voteColumnsSql(), whereOf(condition.text), static_cast<std::int64_t>(limit) + 1);
    Result<std::vector<domain::Vote>> rows = session.rows<domain::Vote>(sql, condition.parameters, voteOf);
    if (!rows)
        return domain::failureOf(rows);
    ports::VotePage page{std::move(*rows), std::nullopt};
    if (page.rows.size() > static_cast<std::size_t>(limit)) {
        page.rows.resize(static_cast<std::size_t>(limit));
        page.next = ports::VoteCursor{page.rows.back().castAt, page.rows.back().key};
    }
    return page;
}

Result<std::int64_t> count(SqlSession& session, const query::Query& query)
{
    const query::SqlCondition condition = query::sqlOf(query);
    std::int64_t votes = 0;
    const domain::Status done = session.each("SELECT count(*) FROM scrutineer.vote" + whereOf(condition.text),
                                             condition.parameters, [&votes](const SqlRow& row) { votes = row.integer(0); });
    if (!done)
        return domain::failureOf(done);
    return votes;
}

Result<std::vector<domain::Vote>> readVotes(SqlSession& session, const std::vector<domain::VoteKey>& keys)
{
    return session.rows<domain::Vote>(
        fmt::format("SELECT {} FROM scrutineer.vote WHERE vote_key = ANY ($1::text[]::scrutineer.vote_key[]) "
                    "ORDER BY cast_at, vote_key",
                    voteColumnsSql()),
        {arrayText(keys)}, voteOf);
}

} // namespace

SqlVoteSource::SqlVoteSource(const domain::ConnectionTarget& target, const ReadSettings& pages) :
    m_pages{target, pages}, m_details{target, pages}, m_counts{target, kStreamSettings}
{
}

QFuture<Result<ports::VotePage>> SqlVoteSource::votesAfter(const query::Query& query,
                                                           const std::optional<ports::VoteCursor>& cursor, int limit)
{
    const int rows = std::max(limit, 1);
    return m_pages.run<ports::VotePage>(
        [query, cursor, rows](SqlSession& session) { return readPage(session, query, cursor, rows); });
}

QFuture<Result<std::int64_t>> SqlVoteSource::countVotes(const query::Query& query)
{
    return m_counts.run<std::int64_t>([query](SqlSession& session) { return count(session, query); });
}

QFuture<Result<std::vector<domain::Vote>>> SqlVoteSource::votesOf(const std::vector<domain::VoteKey>& keys)
{
    return m_details.run<std::vector<domain::Vote>>([keys](SqlSession& session) { return readVotes(session, keys); });
}

} // namespace scr::store
