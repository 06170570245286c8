#include "lab/race_target.h"

#include <random>

#include <fmt/format.h>

#include "embedded/embedded.h"

namespace scr::lab {

namespace {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;
using domain::Status;

struct Cast {
    std::string sql; ///< "SELECT outcome, vote_key FROM f($1::text, …)"
    std::string schema;
    std::string function; ///< with its schema
};

/// Of a function that takes a secret, a post, a value, an origin and a request key.
Result<Cast> castOf(PgLink& owner, const std::string& function)
{
    const auto found = owner.rows("SELECT p.oid::regproc::text, a.type, p.pronargs - p.pronargdefaults <= 5 AND p.pronargs >= 5 "
                                  "AND (p.proargnames @> '{outcome}' OR EXISTS "
                                  "(SELECT FROM pg_type t JOIN pg_attribute c ON c.attrelid = t.typrelid WHERE t.oid = "
                                  "p.prorettype AND c.attname = 'outcome')), n.nspname, n.nspname || '.' || p.proname "
                                  "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace CROSS JOIN LATERAL (SELECT "
                                  "string_agg(format('$%s::%s', o.ordinality, "
                                  "format_type(o.oid, NULL)), ', ' ORDER BY o.ordinality) AS type "
                                  "FROM unnest(p.proargtypes) WITH ORDINALITY AS o (oid, ordinality) WHERE o.ordinality <= 5) a "
                                  "WHERE p.oid::regproc::text = $1",
                                  {function});
    if (!found)
        return failureOf(found);
    if (found->size() != 1)
        return failure(Fault::NotFound, fmt::format("there is no function {} to race", function),
                       "Name it with its schema, as SELECT oid::regproc FROM pg_proc writes it");
    if ((*found)[0][2] != "t")
        return failure(
            Fault::Invalid,
            fmt::format("{} does not take a secret, a post, a value, an origin and a request key and give an outcome", function),
            "Wrap it in a function that does");
    return Cast{fmt::format("SELECT outcome, vote_key FROM {}({})", (*found)[0][0], (*found)[0][1]), (*found)[0][3],
                (*found)[0][4]};
}

std::string newSecret(std::random_device& random)
{
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

} // namespace

Result<RaceTarget> RaceTarget::find(PgLink& owner, const std::string& name)
{
    const auto installed = owner.value("SELECT to_regclass('scrutineer.setting') IS NOT NULL");
    if (!installed)
        return failureOf(installed);
    if (*installed != "t")
        return failure(Fault::Rejected, "Scrutineer is not installed in this database, so nothing says that it is not production",
                       "Run scrutineerctl init --environment staging on a copy of the site, and race that");
    const auto setting = owner.row("SELECT adapter, environment, two_person_rule FROM scrutineer.setting");
    if (!setting)
        return failureOf(setting);
    if (setting->size() != 3 || ((*setting)[1] != "demo" && (*setting)[1] != "staging"))
        return failure(Fault::Rejected,
                       fmt::format("this database is marked {}: the race lab attacks what it is pointed at",
                                   setting->size() == 3 ? (*setting)[1] : "nothing"),
                       "Race a copy that scrutineerctl init has marked demo or staging");
    RaceTarget target;
    target.m_schema = (*setting)[0];
    target.m_twoPersonRule = (*setting)[2] == "t";
    if (target.m_schema == "imported")
        return failure(Fault::Rejected, "this database holds an imported history, which nobody votes in",
                       "Race a database with the adapter of a voting system");
    target.m_label = name == "cast_vote" ? target.m_schema + ".cast_vote" : name;
    const Result<Cast> cast = castOf(owner, target.m_label);
    if (!cast)
        return failureOf(cast);
    target.m_cast = cast->sql;
    target.m_functionSchema = cast->schema;
    target.m_function = cast->function;
    if (target.m_schema == "reference") {
        target.m_change = "SELECT outcome, vote_key FROM reference.change_vote($1, $2::bigint, $3::real, $4::inet, $5)";
        target.m_withdraw = "SELECT outcome, vote_key FROM reference.withdraw_vote($1, $2::bigint, $3::inet, $4)";
        target.m_report = "SELECT outcome, vote_key FROM reference.report_failure($1, $2::bigint, $3::real, $4::inet, $5, $6)";
        target.m_close = "SELECT reference.close_post($1::bigint)";
        target.m_revoke = "SELECT reference.revoke_token($1::bigint)";
    } else {
        target.m_revoke = "UPDATE unprotected.token SET state = 'revoked' WHERE token_key = $1::bigint RETURNING true";
    }
    return target;
}

Result<std::string> RaceTarget::code(PgLink& owner) const
{
    // Names are written as who reads them finds them: with one path, so that the text is the same everywhere.
    const auto begun = owner.rows("BEGIN TRANSACTION READ ONLY");
    const auto path = owner.value("SELECT set_config('search_path', 'pg_catalog', true)");
    auto code = owner.value(std::string{embedded::text("sql/read/voting_code.sql")}, {m_functionSchema});
    const auto ended = owner.rows("ROLLBACK");
    if (!begun)
        return failureOf(begun);
    if (!path)
        return failureOf(path);
    if (!ended)
        return failureOf(ended);
    return code;
}

std::string RaceTarget::hindrance(race::Pattern pattern) const
{
    switch (pattern) {
    case race::Pattern::ChangeAndCast: return m_change.empty() ? "it cannot change votes" : "";
    case race::Pattern::CloseAndCast: return m_close.empty() ? "it cannot close posts" : "";
    case race::Pattern::VoidAndCast:
    case race::Pattern::TwoVoids: return m_twoPersonRule ? "the two-person rule is on, and the lab is one person" : "";
    case race::Pattern::SamePost:
    case race::Pattern::SameRequest:
    case race::Pattern::RateEdge:
    case race::Pattern::RevokeAndCast:
    case race::Pattern::LostConnections: break;
    }
    return {};
}

Result<std::vector<RaceToken>> RaceTarget::makeTokens(PgLink& owner, std::size_t count) const
{
    std::random_device random;
    std::vector<std::string> secrets;
    for (std::size_t i = 0; i < count; ++i)
        secrets.push_back(newSecret(random));
    const auto keys = owner.rows(
        fmt::format("SELECT {}.issue_token('race lab', s.secret) FROM unnest($1::text[]) WITH ORDINALITY AS s (secret, place) "
                    "ORDER BY s.place",
                    m_schema),
        {arrayText(secrets)});
    if (!keys)
        return failureOf(keys);
    std::vector<RaceToken> tokens;
    for (std::size_t i = 0; i < keys->size(); ++i)
        tokens.push_back({(*keys)[i][0], secrets[i]});
    return tokens;
}

Result<std::vector<std::string>> RaceTarget::makePosts(PgLink& owner, std::size_t count, const std::string& title) const
{
    const auto keys = owner.rows(
        fmt::format("INSERT INTO {}.post (title) SELECT $1 FROM generate_series(1, $2::bigint) RETURNING post_key", m_schema),
        {title, std::to_string(count)});
    if (!keys)
        return failureOf(keys);
    std::vector<std::string> posts;
    for (const PgLink::Row& row : *keys)
        posts.push_back(row[0]);
    return posts;
}

Status RaceTarget::retire(PgLink& owner, const std::vector<RaceToken>& tokens) const
{
    std::vector<std::string> keys;
    for (const RaceToken& token : tokens)
        keys.push_back(token.key);
    const auto done = owner.rows(m_schema == "reference"
                                     ? "SELECT count(reference.revoke_token(k)) FROM unnest($1::bigint[]) AS k"
                                     : "UPDATE unprotected.token SET state = 'revoked' WHERE token_key = ANY ($1::bigint[])",
                                 {arrayText(keys)});
    return done ? Status{domain::Nothing{}} : Status{failureOf(done)};
}

Result<std::optional<race::RateLimit>> RaceTarget::limit(PgLink& owner) const
{
    if (m_schema != "reference")
        return std::optional<race::RateLimit>{};
    const auto rule = owner.row("SELECT token_rate, token_burst FROM reference.rule");
    if (!rule)
        return failureOf(rule);
    return std::optional{race::RateLimit{std::stod(rule->at(0)), std::stod(rule->at(1))}};
}

} // namespace scr::lab
