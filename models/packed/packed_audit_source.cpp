#include "packed/packed_audit_source.h"

#include <algorithm>

#include <fmt/format.h>

namespace scr::packed {

using domain::AuditEntry;
using domain::failureOf;
using domain::Result;
using ports::AuditCursor;
using ports::AuditFilter;

namespace {

/// One of the two tables the page is made from.
struct EntryTable {
    std::string_view name;
    std::string_view columns; ///< what entryOf reads
    std::string_view at;
    std::string_view kind;
    std::string_view key;
    std::string_view actor;
    std::string_view subject;
    std::string_view origin;
};

constexpr EntryTable kAttempts{
    "attempts",
    "'attempt', attempt_key, attempted_at, token, post, outcome, "
    // As the source itself tells an attempt.
    "trim(iif(action IN ('', 'cast'), '', action || ', ') || iif(value IS NULL, '', 'value ' || printf('%.9g', value) || ', ') "
    "|| "
    "iif(sqlstate = '', '', 'SQLSTATE ' || sqlstate || ', ') || iif(vote_key = '', '', 'vote ' || vote_key || ', ') || "
    "iif(request_key = '', '', 'request ' || request_key), ', '), origin, leaf",
    "attempted_at",
    "'attempt'",
    "attempt_key",
    "token",
    "post",
    "origin"};
constexpr EntryTable kDecisions{"decisions", kDecisionColumns, "at", "kind", "entry_key", "actor", "subject", "''"};

Conditions conditionsOf(const EntryTable& table, const AuditFilter& filter, const std::optional<AuditCursor>& cursor)
{
    Conditions conditions;
    if (filter.leaf) {
        conditions.add("leaf = ?", {static_cast<std::int64_t>(*filter.leaf)});
    } else {
        conditions.addRange(table.at, filter.range);
        for (const auto& [column, value] : {std::pair{table.actor, filter.token},
                                            {table.subject, filter.post},
                                            {std::string_view{"outcome"}, filter.outcome}}) {
            if (!value.empty())
                conditions.add(fmt::format("{} = ?", column), {value});
        }
        if (!filter.origin.empty())
            conditions.add(fmt::format("inside({}, ?)", table.origin), {filter.origin});
    }
    if (cursor)
        conditions.add(fmt::format("({}, {}, {}) < (?, ?, ?)", table.at, table.kind, table.key),
                       {domain::microsOf(cursor->at), std::string{domain::nameOf(cursor->kind)}, cursor->key});
    return conditions;
}

/// The newest of the table; merged with those of the other one by the caller.
domain::Status readNewest(PackSession& session, const EntryTable& table, const AuditFilter& filter,
                          const std::optional<AuditCursor>& cursor, int limit, std::vector<AuditEntry>& rows)
{
    const Conditions conditions = conditionsOf(table, filter, cursor);
    return session.each(fmt::format("SELECT {} FROM {}{} ORDER BY {} DESC, {} DESC, {} DESC LIMIT {}", table.columns, table.name,
                                    conditions.where(), table.at, table.kind, table.key, limit),
                        conditions.values(), [&rows](const PackRow& row) { rows.push_back(entryOf(row)); });
}

Result<ports::AuditPage> readPage(PackSession& session, const AuditFilter& filter, const std::optional<AuditCursor>& cursor,
                                  int limit)
{
    ports::AuditPage page;
    domain::Status read = domain::Nothing{};
    if (filter.attempts.value_or(true))
        read = readNewest(session, kAttempts, filter, cursor, limit + 1, page.rows);
    if (read && !filter.attempts.value_or(false) && filter.origin.empty()) // only attempts have an origin
        read = readNewest(session, kDecisions, filter, cursor, limit + 1, page.rows);
    if (!read)
        return failureOf(read);
    std::ranges::sort(page.rows, [](const AuditEntry& a, const AuditEntry& b) {
        return std::tuple{a.at, domain::nameOf(a.kind), std::string_view{a.key}} >
               std::tuple{b.at, domain::nameOf(b.kind), std::string_view{b.key}};
    });
    if (page.rows.size() > static_cast<std::size_t>(limit)) {
        page.rows.resize(static_cast<std::size_t>(limit));
        page.next = AuditCursor{page.rows.back().at, page.rows.back().kind, page.rows.back().key};
    }
    return page;
}

} // namespace

PackedAuditSource::PackedAuditSource(std::shared_ptr<const OpenPack> pack) :
    m_pack{std::move(pack)}, m_log{m_pack->folder}, m_worker{m_pack->database}
{
}

QFuture<Result<ports::AuditPage>> PackedAuditSource::entriesAfter(const AuditFilter& filter,
                                                                  const std::optional<AuditCursor>& cursor, int limit)
{
    const int rows = std::clamp(limit, 1, 100'000);
    return m_worker.run<ports::AuditPage>([this, filter, cursor, rows](PackSession& session) {
        auto page = readPage(session, filter, cursor, rows);
        if (!page)
            return page;
        for (AuditEntry& entry : page->rows) {
            if (const auto hash = m_log.hashes(0, *entry.leaf, 1))
                entry.leafHash = audit::hexOf(hash->front());
        }
        return page;
    });
}

} // namespace scr::packed
