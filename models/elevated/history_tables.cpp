#include "elevated/history_tables.h"

#include <algorithm>

#include <fmt/format.h>

namespace scr::elevated {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

Result<std::int64_t> numberOf(const Result<std::string>& text)
{
    if (!text)
        return failureOf(text);
    return text->empty() ? 0 : std::stoll(*text);
}

/// The tables that rows of `table` lie in: its partitions, or itself where it has none.
std::string storedIn(const std::string& table)
{
    return fmt::format("(SELECT oid FROM pg_class WHERE oid = '{0}'::regclass AND relkind = 'r' "
                       "UNION SELECT relid FROM pg_partition_tree('{0}') WHERE isleaf) AS stored",
                       table);
}

} // namespace

Status HistoryTables::prepare()
{
    const std::string key = hasNumberKeys() ? "bigint" : "text COLLATE \"C\"";
    const Status staged = m_connection.run(fmt::format("CREATE TEMPORARY TABLE staged_token (row_number bigint, token_key {0}, "
                                                       "label text, created_at timestamptz, state text) ON COMMIT DROP;"
                                                       "CREATE TEMPORARY TABLE staged_post (row_number bigint, post_key {0}, "
                                                       "title text, author_key text, created_at timestamptz, "
                                                       "counter double precision) ON COMMIT DROP",
                                                       key));
    if (!staged)
        return staged;
    // Rows without a key are numbered here, so nobody else may number rows meanwhile. Readers go on.
    if (const Status locked =
            m_connection.run(fmt::format("LOCK TABLE {0}.vote, {0}.attempt IN SHARE ROW EXCLUSIVE MODE", m_adapter));
        !locked)
        return locked;
    if (const Status read = readLastKeys(); !read)
        return read;
    for (const char* name : {"vote", "attempt"}) {
        if (const Status dropped = dropIndexesOf(name); !dropped)
            return dropped;
    }
    return Nothing{};
}

Status HistoryTables::readLastKeys()
{
    const std::string numbered = "SELECT max({1}_key) FROM {0}.{1}";
    const std::string counted = "SELECT sum({1}s) FROM {0}.load";
    const std::string& sql = hasNumberKeys() ? numbered : counted;
    const Result<std::int64_t> vote = numberOf(m_connection.text(fmt::format(fmt::runtime(sql), m_adapter, "vote")));
    const Result<std::int64_t> attempt = numberOf(m_connection.text(fmt::format(fmt::runtime(sql), m_adapter, "attempt")));
    // Of several partitions the shortest decides; where one is empty and another is not, the first page still tells them apart.
    const Result<std::int64_t> pages = numberOf(m_connection.text(
        fmt::format("SELECT CASE WHEN max(pg_relation_size(oid)) > 0 "
                    "THEN greatest(min(pg_relation_size(oid)) / current_setting('block_size')::bigint, 1) ELSE 0 END FROM {}",
                    storedIn(table("vote")))));
    const Result<std::int64_t> transaction = numberOf(m_connection.text("SELECT pg_current_xact_id()::xid"));
    for (const Result<std::int64_t>* number : {&vote, &attempt, &pages, &transaction}) {
        if (!*number)
            return failureOf(*number);
    }
    m_lastVote = *vote;
    m_lastAttempt = *attempt;
    m_firstPage = *pages - 1;
    m_transaction = *transaction;
    return Nothing{};
}

Status HistoryTables::dropIndexesOf(const char* name)
{
    const auto indexes =
        m_connection.rows("SELECT i.indexrelid::regclass::text, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') FROM "
                          "pg_index i WHERE i.indrelid = $1::regclass AND (SELECT sum(pg_relation_size(oid)) FROM " +
                              storedIn(table(name)) +
                              ") = 0 AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1",
                          {table(name)});
    if (!indexes)
        return failureOf(indexes);
    for (const auto& index : *indexes) {
        if (const Status dropped = m_connection.run("DROP INDEX " + index[0]); !dropped)
            return dropped;
        m_indexes.push_back({index[0], index[1]});
    }
    return Nothing{};
}

Status HistoryTables::buildIndexes()
{
    for (const Index& index : m_indexes) {
        const Status built = m_connection.run(index.definition);
        if (!built && built.error().sqlstate == "23505")
            return failure(Fault::Invalid, fmt::format("two votes have the same key: {}", built.error().detail),
                           "Give each vote a key of its own, or leave the column vote_key out", "23505");
        if (!built)
            return built;
    }
    return Nothing{};
}

/// The rows of this very transaction; the row location only spares the reading of what lay there before.
std::string HistoryTables::newVotes() const
{
    return m_firstPage < 0 ? table("vote")
                           : fmt::format("{} WHERE ctid >= '({},0)' AND xmin = '{}'", table("vote"), m_firstPage, m_transaction);
}

Status HistoryTables::mergeStaged()
{
    const std::string counterColumn = m_adapter == "imported" ? ", counter" : "";
    const std::string counterUpdate = m_adapter == "imported" ? ", counter = coalesce(excluded.counter, t.counter)" : "";
    const bool reference = m_adapter == "reference";
    if (const Status tokens = m_connection.run(fmt::format(
            "INSERT INTO {0} AS t (token_key, label, created_at, {2}) "
            "SELECT DISTINCT ON (token_key) token_key, label, coalesce(created_at, {1}), {3} FROM staged_token "
            "ORDER BY token_key, row_number DESC ON CONFLICT (token_key) DO UPDATE SET label = excluded.label, "
            "created_at = excluded.created_at, {2} = excluded.{2}",
            table("token"), hasNumberKeys() ? "now()" : "NULL", reference ? "revoked_at" : "state",
            reference ? "CASE WHEN state IN ('revoked', 'expired') THEN now() END" : "coalesce(nullif(state, ''), 'active')"));
        !tokens)
        return tokens;
    return m_connection.run(
        fmt::format("INSERT INTO {0} AS t (post_key, title, author_key, created_at{1}) "
                    "SELECT DISTINCT ON (post_key) post_key, title, author_key, coalesce(created_at, {3}){1} FROM staged_post "
                    "ORDER BY post_key, row_number DESC ON CONFLICT (post_key) DO UPDATE SET title = excluded.title, "
                    "author_key = coalesce(excluded.author_key, t.author_key), created_at = excluded.created_at{2}",
                    table("post"), counterColumn, counterUpdate, hasNumberKeys() ? "now()" : "NULL"));
}

Status HistoryTables::makeMissing(const char* what)
{
    const std::string author = m_adapter == "imported" && std::string_view{what} == "post" ? ", author_key" : "";
    return m_connection.run(fmt::format("INSERT INTO {0}.{1} ({1}_key{2}, created_at) SELECT * FROM "
                                        "(SELECT {1}_key{3}, min(cast_at) FROM {4} GROUP BY {1}_key) v WHERE NOT EXISTS (SELECT "
                                        "FROM {0}.{1} t WHERE t.{1}_key = v.{1}_key)",
                                        m_adapter, what, author, author.empty() ? "" : ", min(author_key)", newVotes()));
}

Status HistoryTables::makeCounters()
{
    if (m_adapter == "reference")
        return m_connection.run(fmt::format(
            "INSERT INTO reference.tally AS t (post_key, shard, score, votes) "
            "SELECT post_key, 0, sum(value::double precision), count(*) FROM {} GROUP BY post_key ORDER BY post_key "
            "ON CONFLICT (post_key, shard) DO UPDATE SET score = t.score + excluded.score, votes = t.votes + excluded.votes",
            newVotes()));
    if (m_adapter == "unprotected")
        return m_connection.run(fmt::format(
            "UPDATE unprotected.post p SET score = p.score + s.score FROM "
            "(SELECT post_key, sum(value::double precision) AS score FROM {} GROUP BY post_key) s WHERE s.post_key = p.post_key;"
            "UPDATE unprotected.post p SET score = s.counter FROM staged_post s WHERE s.post_key = p.post_key AND s.counter IS "
            "NOT NULL",
            newVotes()));
    return Nothing{};
}

Status HistoryTables::checkVoteKeys()
{
    const Result<std::string> twice =
        m_connection.text(fmt::format("SELECT vote_key FROM {} GROUP BY vote_key HAVING count(*) > 1 LIMIT 1", table("vote")));
    if (!twice)
        return failureOf(twice);
    if (!twice->empty())
        return failure(Fault::Invalid, fmt::format("two votes have the key {}", *twice),
                       "Give each vote a key of its own, or leave the column vote_key out", "23505");
    return Nothing{};
}

Status HistoryTables::moveSequences()
{
    for (const char* name : {"vote", "token", "post", "attempt"}) {
        const Status moved = m_connection.run(fmt::format(
            "SELECT setval(pg_get_serial_sequence('{0}.{1}', '{1}_key'), greatest((SELECT max({1}_key) FROM {0}.{1}), 1))",
            m_adapter, name));
        if (!moved)
            return moved;
    }
    return Nothing{};
}

Result<HistoryTables::Made> HistoryTables::complete(bool keysGiven)
{
    const auto countOf = [&](const char* name) { return numberOf(m_connection.text("SELECT count(*) FROM " + table(name))); };
    const Result<std::int64_t> postsBefore = countOf("post");
    const Result<std::int64_t> tokensBefore = countOf("token");
    Status done = mergeStaged();
    if (done)
        done = makeMissing("token");
    if (done)
        done = makeMissing("post");
    if (done)
        done = buildIndexes();
    if (done)
        done = makeCounters();
    if (done && hasNumberKeys() && keysGiven)
        done = checkVoteKeys();
    if (done && hasNumberKeys())
        done = moveSequences();
    if (done)
        done = m_connection.run(
            fmt::format("ANALYZE {0}.token; ANALYZE {0}.post; ANALYZE {0}.vote; ANALYZE {0}.attempt", m_adapter));
    if (!done)
        return failureOf(done);
    const Result<std::int64_t> posts = countOf("post");
    const Result<std::int64_t> tokens = countOf("token");
    for (const Result<std::int64_t>* number : {&postsBefore, &tokensBefore, &posts, &tokens}) {
        if (!*number)
            return failureOf(*number);
    }
    return Made{*posts - *postsBefore, *tokens - *tokensBefore};
}

} // namespace scr::elevated
