#include "store/contract.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace scr::store {

namespace {

using domain::Fault;

enum class Kind { Key, Number, Moment, Text, Address, Place, Truth, Document, Identity, List };

struct Column {
    std::string_view view;
    std::string_view name;
    Kind kind;
};

constexpr Column kColumns[] = {
    {"vote", "vote_key", Kind::Key},
    {"vote", "token_key", Kind::Key},
    {"vote", "post_key", Kind::Key},
    {"vote", "author_key", Kind::Key},
    {"vote", "value", Kind::Number},
    {"vote", "cast_at", Kind::Moment},
    {"vote", "origin", Kind::Address},
    {"vote", "state", Kind::Text},
    {"vote", "row_location", Kind::Place},
    {"attempt", "attempt_key", Kind::Key},
    {"attempt", "token_key", Kind::Key},
    {"attempt", "post_key", Kind::Key},
    {"attempt", "value", Kind::Number},
    {"attempt", "attempted_at", Kind::Moment},
    {"attempt", "finished_at", Kind::Moment},
    {"attempt", "outcome", Kind::Text},
    {"attempt", "sqlstate", Kind::Text},
    {"attempt", "vote_key", Kind::Key},
    {"attempt", "origin", Kind::Address},
    {"attempt", "request_key", Kind::Key},
    {"post", "post_key", Kind::Key},
    {"post", "title", Kind::Text},
    {"post", "author_key", Kind::Key},
    {"post", "created_at", Kind::Moment},
    {"post", "counter", Kind::Number},
    {"token", "token_key", Kind::Key},
    {"token", "label", Kind::Text},
    {"token", "created_at", Kind::Moment},
    {"token", "state", Kind::Text},
    {"source", "adapter", Kind::Text},
    {"source", "adapter_version", Kind::Text},
    {"source", "environment", Kind::Text},
    {"source", "two_person_rule", Kind::Truth},
    {"source", "time_zone_note", Kind::Text},
    {"source", "vote_pages", Kind::Number},
    {"capability", "name", Kind::Text},
    {"capability", "available", Kind::Truth},
    {"capability", "detail", Kind::Text},
    {"flag_queue", "flag_key", Kind::Text},
    {"flag_queue", "body", Kind::Document},
    {"flag_queue", "severity", Kind::Text},
    {"flag_queue", "score", Kind::Number},
    {"flag_queue", "from_at", Kind::Moment},
    {"flag_queue", "to_at", Kind::Moment},
    {"flag_queue", "recorded_at", Kind::Moment},
    {"flag_queue", "state", Kind::Text},
    {"flag_queue", "last_review", Kind::Number},
    {"flag_queue", "actor", Kind::Text},
    {"flag_queue", "subject_label", Kind::Text},
    {"flag_queue", "post_title", Kind::Text},
    {"flag_queue", "recorded_by", Kind::Text},
    {"flag_queue", "versions", Kind::Number},
    {"flag_queue", "changed_by", Kind::Text},
    {"flag_queue", "changed_at", Kind::Moment},
    {"flag_vote", "flag_key", Kind::Text},
    {"flag_vote", "vote_key", Kind::Key},
    {"flag_vote", "extra", Kind::Truth},
    {"review_entry", "review", Kind::Number},
    {"review_entry", "flag_key", Kind::Text},
    {"review_entry", "decision", Kind::Text},
    {"review_entry", "reason", Kind::Text},
    {"review_entry", "actor", Kind::Text},
    {"review_entry", "decided_at", Kind::Moment},
    {"review_entry", "snooze_until", Kind::Moment},
    {"void_history", "number", Kind::Number},
    {"void_history", "request_id", Kind::Identity},
    {"void_history", "kind", Kind::Text},
    {"void_history", "state", Kind::Text},
    {"void_history", "votes", Kind::Number},
    {"void_history", "posts", Kind::Number},
    {"void_history", "requested_by", Kind::Text},
    {"void_history", "approved_by", Kind::Text},
    {"void_history", "reason", Kind::Text},
    {"void_history", "requested_at", Kind::Moment},
    {"void_history", "committed_at", Kind::Moment},
    {"void_history", "restores", Kind::Identity},
    {"void_history", "restored_by", Kind::Identity},
    {"void_history", "flags", Kind::List},
    {"void_history", "digest", Kind::Text},
    {"void_history", "withdrawn_by", Kind::Text},
    {"void_history", "withdrawn_at", Kind::Moment},
    {"void_history", "withdrawal_reason", Kind::Text},
    {"void_history", "standing", Kind::Number},
    {"void_history_vote", "request_id", Kind::Identity},
    {"void_history_vote", "vote_key", Kind::Key},
    {"restore_check", "request_id", Kind::Identity},
    {"restore_check", "vote_key", Kind::Key},
    {"restore_check", "hindrance", Kind::Text},
    {"log_entry", "entry_key", Kind::Key},
    {"log_entry", "at", Kind::Moment},
    {"log_entry", "actor", Kind::Text},
    {"log_entry", "kind", Kind::Text},
    {"log_entry", "subject", Kind::Text},
    {"log_entry", "outcome", Kind::Text},
    {"log_entry", "detail", Kind::Text},
};

/// Base types that a column of that kind may have, each followed by a space.
std::string_view typesOf(Kind kind)
{
    switch (kind) {
    case Kind::Key: return "int2 int4 int8 uuid text varchar ";
    case Kind::Number: return "float4 float8 int2 int4 int8 numeric ";
    case Kind::Moment: return "timestamptz ";
    case Kind::Text: return "text varchar bpchar name ";
    case Kind::Address: return "inet ";
    case Kind::Place: return "tid ";
    case Kind::Truth: return "bool ";
    case Kind::Document: return "jsonb json ";
    case Kind::Identity: return "uuid ";
    case Kind::List: return "_text ";
    }
    return {};
}

constexpr std::string_view kColumnsSql = R"(
SELECT c.relname, a.attname, b.typname
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('v', 'r', 'm', 'p', 'f')
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
 WHERE n.nspname = 'scrutineer')";

std::string initOf(const ReadConnection& connection)
{
    const std::string& service = connection.target().service;
    return service.empty() ? std::string{"run scrutineerctl init on this database"}
                           : "run scrutineerctl init --service " + service;
}

using Types = std::map<std::pair<std::string, std::string>, std::string>;

domain::Status compare(const Types& types, const ReadConnection& connection)
{
    for (const Column& column : kColumns) {
        const auto found = types.find({std::string{column.view}, std::string{column.name}});
        if (found == types.end()) {
            const bool hasView =
                std::any_of(types.begin(), types.end(), [&](const auto& one) { return one.first.first == column.view; });
            return domain::failure(Fault::Invalid,
                                   hasView ? fmt::format("The view scrutineer.{} has no column {}", column.view, column.name)
                                           : fmt::format("There is no view scrutineer.{}", column.view),
                                   "The schema is of another version of this program: " + initOf(connection));
        }
        if (typesOf(column.kind).find(found->second + ' ') == std::string_view::npos)
            return domain::failure(Fault::Invalid,
                                   fmt::format("The column scrutineer.{}.{} is {}, but must be one of: {}", column.view,
                                               column.name, found->second, typesOf(column.kind)),
                                   "Correct the adapter's view, then " + initOf(connection));
    }
    return domain::Nothing{};
}

} // namespace

domain::Status checkContract(ReadConnection& connection)
{
    const domain::Result<ReadRows> rows = connection.query(std::string{kColumnsSql});
    if (!rows)
        return domain::failureOf(rows);
    if (rows->size() == 0)
        return domain::failure(Fault::Invalid, "Scrutineer is not installed in " + domain::labelOf(connection.target()),
                               "To install it, " + initOf(connection));
    Types types;
    for (int row = 0; row < rows->size(); ++row)
        types[{std::string{rows->text(row, 0)}, std::string{rows->text(row, 1)}}] = rows->text(row, 2);
    return compare(types, connection);
}

} // namespace scr::store
