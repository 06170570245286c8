#include "store/sql_vote_source.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "store/sql_text.h"
#include "store/vote_rows.h"

namespace scr::store {

namespace {

using domain::Result;
using domain::Status;

std::string whereOf(const std::string& condition)
{
    return condition.empty() ? std::string{} : " WHERE " + condition;
}

/// The names of some keys. A key that the view does not know has none.
Result<std::map<std::string, std::string>> namesOf(SqlSession& session, const std::string& sql, const std::set<std::string>& keys)
{
    std::map<std::string, std::string> names;
    const domain::Status done = session.each(sql, {arrayText(std::vector<std::string>{keys.begin(), keys.end()})},
                                             [&names](const SqlRow& row) { names[row.text(0)] = row.text(1); });
    if (!done)
        return domain::failureOf(done);
    return names;
}

/// By a query of their own for the few hundred keys of a page: a join would cost the deep page its index.
Status addNames(SqlSession& session, std::vector<domain::Vote>& votes)
{
    if (votes.empty())
        return domain::Nothing{};
    std::set<std::string> tokens;
    std::set<std::string> posts;
    for (const domain::Vote& vote : votes) {
        tokens.insert(vote.token.text);
        posts.insert(vote.post.text);
    }
    const auto labels = namesOf(session,
                                "SELECT token_key::text, label FROM scrutineer.token WHERE label <> '' AND token_key = ANY "
                                "($1::text[]::scrutineer.token_key[])",
                                tokens);
    if (!labels)
        return domain::failureOf(labels);
    const auto titles = namesOf(session,
                                "SELECT post_key::text, title FROM scrutineer.post WHERE title <> '' AND post_key = ANY "
                                "($1::text[]::scrutineer.post_key[])",
                                posts);
    if (!titles)
        return domain::failureOf(titles);
    for (domain::Vote& vote : votes) {
        if (const auto label = labels->find(vote.token.text); label != labels->end())
            vote.tokenLabel = label->second;
        if (const auto title = titles->find(vote.post.text); title != titles->end())
            vote.postTitle = title->second;
    }
    return domain::Nothing{};
}

Result<ports::VotePage> readPage(SqlSession& session, const query::Query& query, const std::optional<ports::VoteCursor>& cursor,
                                 int limit)
{
    query::SqlCondition condition = query::sqlOf(query);
    if (cursor) {
        condition.parameters.push_back(momentText(cursor->castAt));
        condition.text += condition.text.empty() ? "" : " AND ";
        if (cursor->key.empty()) { // before any key of that moment; the empty text is no key where keys are numbers
            condition.text += fmt::format("cast_at < ${}::timestamptz", condition.parameters.size());
        } else {
            condition.parameters.push_back(cursor->key.text);
            condition.text += fmt::format("(cast_at, vote_key) < (${}::timestamptz, ${}::scrutineer.vote_key)",
                                          condition.parameters.size() - 1, condition.parameters.size());
        }
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
    if (const Status named = addNames(session, page.rows); !named)
        return domain::failureOf(named);
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
    Result<std::vector<domain::Vote>> votes = session.rows<domain::Vote>(
        fmt::format("SELECT {} FROM scrutineer.vote WHERE vote_key = ANY ($1::text[]::scrutineer.vote_key[]) "
                    "ORDER BY cast_at, vote_key",
                    voteColumnsSql()),
        {arrayText(keys)}, voteOf);
    if (!votes)
        return votes;
    if (const Status named = addNames(session, *votes); !named)
        return domain::failureOf(named);
    return votes;
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
