#include "store/scan_layout.h"

namespace scr::store {

namespace {

// Type oids of pg_type.dat; they are part of PostgreSQL's wire protocol and never change.
constexpr unsigned kInt2 = 21;
constexpr unsigned kInt4 = 23;
constexpr unsigned kInt8 = 20;
constexpr unsigned kUuid = 2950;

bool hasCapability(const ReadRows& capabilities, std::string_view name)
{
    for (int row = 0; row < capabilities.size(); ++row) {
        if (capabilities.text(row, 0) == name)
            return capabilities.text(row, 1) == "t";
    }
    return false;
}

} // namespace

KeyKind keyKindOf(unsigned typeOid) noexcept
{
    switch (typeOid) {
    case kInt2: return KeyKind::Int2;
    case kInt4: return KeyKind::Int4;
    case kInt8: return KeyKind::Int8;
    case kUuid: return KeyKind::Uuid;
    default: return KeyKind::Text;
    }
}

std::string keySql(const std::string& column, KeyKind kind)
{
    return kind == KeyKind::Text ? column + "::text" : column;
}

std::string postColumnsSql(const ScanLayout& layout)
{
    return keySql("post_key", layout.post) + (layout.hasCounters ? ", counter::float8" : ", NULL::float8") +
           (layout.hasAuthors ? ", author_key::text" : ", NULL::text") + ", created_at" +
           (layout.hasClosing ? ", closed_at" : ", NULL::timestamptz");
}

std::string castsOnlySql(const ScanLayout& layout)
{
    return layout.hasActions ? " AND action = 'cast'" : "";
}

domain::Result<ScanLayout> readLayout(ReadConnection& connection)
{
    const auto votes = connection.query("SELECT vote_key, token_key, post_key FROM scrutineer.vote LIMIT 0");
    if (!votes)
        return domain::failureOf(votes);
    const auto attempts = connection.query("SELECT attempt_key, vote_key FROM scrutineer.attempt LIMIT 0");
    if (!attempts)
        return domain::failureOf(attempts);
    const auto pages = connection.query("SELECT vote_pages::int8 FROM scrutineer.source");
    if (!pages)
        return domain::failureOf(pages);
    const auto capabilities = connection.query("SELECT name::text, available FROM scrutineer.capability");
    if (!capabilities)
        return domain::failureOf(capabilities);
    const auto stored = connection.query(
        "SELECT coalesce(has_table_privilege(to_regclass('scrutineer.stored_vote'), 'SELECT'), false), "
        "EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('scrutineer.stored_vote') AND attname = 'origin'), "
        "EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('scrutineer.post') AND attname = 'closed_at' "
        "AND atttypid = 'timestamptz'::regtype), "
        "EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('scrutineer.attempt') AND attname = 'action'), "
        "(extract(epoch FROM clock_timestamp()) * 1000000)::int8");
    if (!stored)
        return domain::failureOf(stored);
    ScanLayout layout;
    layout.voteKey = keyKindOf(votes->typeOf(0));
    layout.token = keyKindOf(votes->typeOf(1));
    layout.post = keyKindOf(votes->typeOf(2));
    layout.attemptKey = keyKindOf(attempts->typeOf(0));
    layout.attemptVote = keyKindOf(attempts->typeOf(1));
    layout.hasOrigins = hasCapability(*capabilities, "has_origin");
    layout.hasStoredVotes = stored->text(0, 0) == "t" && (!layout.hasOrigins || stored->text(0, 1) == "t");
    layout.readAt = stored->integer(0, 4);
    layout.hasClosing = stored->text(0, 2) == "t";
    layout.hasActions = stored->text(0, 3) == "t";
    layout.hasAuthors = hasCapability(*capabilities, "has_author");
    layout.hasAttempts = hasCapability(*capabilities, "has_attempts");
    layout.hasCounters = hasCapability(*capabilities, "has_counter");
    if (pages->size() == 1 && !pages->isNull(0, 0) && hasCapability(*capabilities, "has_row_location"))
        layout.votePages = pages->integer(0, 0);
    return layout;
}

} // namespace scr::store
