#include "store/sql_audit_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/audit_rows.h"
#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::AuditEntry;
using domain::Result;
using ports::AuditCursor;
using ports::AuditFilter;

/// One of the two logs the page is made from, in terms of the entry's fields.
struct LogSource {
    std::string_view view;
    std::string_view at;
    std::string_view kind;
    std::string_view key;
    std::string_view actor;
    std::string_view subject;
    std::string_view outcome;
    std::string_view detail;
    std::string_view origin;
};

constexpr LogSource kAttempts{"scrutineer.attempt", "attempted_at", "'attempt'::text", "attempt_key::text", "token_key::text",
                              "post_key::text", "outcome::text",
                              // The contract may leave the column action out; then every attempt is to cast a vote.
                              "concat_ws(', ', nullif(to_jsonb(attempt) ->> 'action', 'cast'), 'value ' || value, CASE WHEN "
                              "sqlstate <> '' THEN 'SQLSTATE ' || sqlstate END, "
                              "'vote ' || vote_key, 'request ' || request_key)",
                              "origin"};
constexpr LogSource kEntries{"scrutineer.log_entry", "at",           "kind::text",
                             "entry_key::text",      "actor::text",  "subject::text",
                             "outcome::text",        "detail::text", "NULL::inet"};

class LogQuery {
public:
    LogQuery(const AuditFilter& filter, const std::optional<AuditCursor>& cursor, int limit) :
        m_filter{filter}, m_cursor{cursor}, m_limit{limit}
    {
    }

    [[nodiscard]] std::string text()
    {
        std::string branches;
        if (m_filter.attempts.value_or(true))
            branches = branch(kAttempts, true);
        if (!m_filter.attempts.value_or(false) && m_filter.origin.empty()) // only attempts have an origin
            branches += (branches.empty() ? "" : " UNION ALL ") + branch(kEntries, false);
        if (branches.empty())
            return {};
        // The place is looked up for the rows of the page alone; keys that are no numbers have none.
        return fmt::format(
            "SELECT p.kind, p.key, {}, p.actor, p.subject, p.outcome, p.detail, p.origin, s.leaf, s.hash FROM ("
            "SELECT * FROM ({}) AS log ORDER BY at DESC, kind COLLATE \"C\" DESC, key COLLATE \"C\" DESC LIMIT {}) AS p "
            "LEFT JOIN LATERAL (SELECT l.leaf, encode(l.hash, 'hex') AS hash FROM scrutineer.leaf l "
            "WHERE l.log = CASE p.kind WHEN 'attempt' THEN 'a' ELSE 'd' END::\"char\" "
            "AND l.entry_key = CASE WHEN p.key ~ '^[0-9]{{1,18}}$' THEN p.key::bigint END AND l.at = p.at "
            "AND l.epoch = (SELECT max(epoch) FROM scrutineer.log_epoch) LIMIT 1) s ON true "
            "ORDER BY p.at DESC, p.kind COLLATE \"C\" DESC, p.key COLLATE \"C\" DESC",
            microsSql("p.at"), branches, m_limit + 1);
    }
    [[nodiscard]] const std::vector<std::string>& parameters() const noexcept { return m_parameters; }

private:
    [[nodiscard]] std::string parameter(std::string value)
    {
        m_parameters.push_back(std::move(value));
        return fmt::format("${}", m_parameters.size());
    }

    [[nodiscard]] std::string branch(const LogSource& log, bool typedKeys)
    {
        std::string where = "true";
        if (m_filter.leaf)
            return select(log, placeOf(log, *m_filter.leaf) + afterCursor(log));
        if (m_filter.range.from)
            where += fmt::format(" AND {} >= {}::timestamptz", log.at, parameter(momentText(*m_filter.range.from)));
        if (m_filter.range.to)
            where += fmt::format(" AND {} < {}::timestamptz", log.at, parameter(momentText(*m_filter.range.to)));
        if (!m_filter.token.empty()) // the typed comparison is the one an index answers
            where += typedKeys ? fmt::format(" AND token_key = {}::scrutineer.token_key", parameter(m_filter.token))
                               : fmt::format(" AND {} = {}", log.actor, parameter(m_filter.token));
        if (!m_filter.post.empty())
            where += typedKeys ? fmt::format(" AND post_key = {}::scrutineer.post_key", parameter(m_filter.post))
                               : fmt::format(" AND {} = {}", log.subject, parameter(m_filter.post));
        if (!m_filter.outcome.empty())
            where += fmt::format(" AND {} = {}", log.outcome, parameter(m_filter.outcome));
        if (!m_filter.origin.empty())
            where += fmt::format(" AND {} <<= {}::inet", log.origin, parameter(m_filter.origin));
        return select(log, where + afterCursor(log));
    }

    /// By its time, so that an index answers it, and its key.
    [[nodiscard]] std::string placeOf(const LogSource& log, std::uint64_t leaf)
    {
        const std::string from =
            fmt::format("FROM scrutineer.leaf l WHERE l.epoch = (SELECT max(epoch) FROM scrutineer.log_epoch) AND l.leaf = {} "
                        "AND l.log = '{}'",
                        leaf, &log == &kAttempts ? 'a' : 'd');
        return fmt::format("{} = (SELECT l.at {}) AND {} = (SELECT l.entry_key::text {})", log.at, from, log.key, from);
    }

    /// The first condition is the one an index on the time answers; the second decides among rows of that very moment.
    [[nodiscard]] std::string afterCursor(const LogSource& log)
    {
        if (!m_cursor)
            return {};
        const std::string at = parameter(momentText(m_cursor->at));
        const std::string kind = parameter(std::string{domain::nameOf(m_cursor->kind)});
        return fmt::format(
            " AND {0} <= {1}::timestamptz AND ({0} < {1}::timestamptz OR ({2} COLLATE \"C\", {3} COLLATE \"C\") < ({4}, {5}))",
            log.at, at, log.kind, log.key, kind, parameter(m_cursor->key));
    }

    [[nodiscard]] std::string select(const LogSource& log, const std::string& where) const
    {
        return fmt::format(
            "(SELECT {} AS kind, {} AS key, {} AS at, {} AS actor, {} AS subject, {} AS outcome, {} AS detail, "
            "abbrev({}) AS origin FROM {} WHERE {} ORDER BY {} DESC, {} COLLATE \"C\" DESC, {} COLLATE \"C\" DESC LIMIT {})",
            log.kind, log.key, log.at, log.actor, log.subject, log.outcome, log.detail, log.origin, log.view, where, log.at,
            log.kind, log.key, m_limit + 1);
    }

    const AuditFilter& m_filter;
    const std::optional<AuditCursor>& m_cursor;
    int m_limit;
    std::vector<std::string> m_parameters;
};

Result<ports::AuditPage> readPage(SqlSession& session, const AuditFilter& filter, const std::optional<AuditCursor>& cursor,
                                  int limit)
{
    LogQuery query{filter, cursor, limit};
    const std::string sql = query.text();
    if (sql.empty())
        return ports::AuditPage{};
    Result<std::vector<AuditEntry>> rows = session.rows<AuditEntry>(sql, query.parameters(), sealedEntryOf);
    if (!rows)
        return domain::failureOf(rows);
    ports::AuditPage page{std::move(*rows), std::nullopt};
    if (page.rows.size() > static_cast<std::size_t>(limit)) {
        page.rows.resize(static_cast<std::size_t>(limit));
        page.next = AuditCursor{page.rows.back().at, page.rows.back().kind, page.rows.back().key};
    }
    return page;
}

} // namespace

SqlAuditSource::SqlAuditSource(const domain::ConnectionTarget& target, const ReadSettings& settings) : m_worker{target, settings}
{
}

QFuture<Result<ports::AuditPage>> SqlAuditSource::entriesAfter(const AuditFilter& filter,
                                                               const std::optional<AuditCursor>& cursor, int limit)
{
    const int rows = std::clamp(limit, 1, 100'000);
    return m_worker.run<ports::AuditPage>(
        [filter, cursor, rows](SqlSession& session) { return readPage(session, filter, cursor, rows); });
}

} // namespace scr::store
