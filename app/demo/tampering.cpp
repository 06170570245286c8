#include "demo/tampering.h"

#include <sstream>

#include <fmt/format.h>

#include "demo/demo.h"
#include "lab/pg_link.h"

namespace scr::demo {

namespace {

using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::Status;
using lab::PgLink;

constexpr int kGuesses = 45;

// Within a quarter of an hour, on a post that is a little below the first page.
constexpr const char* kInsertSql = R"(
WITH chosen AS (
    SELECT post_key FROM unprotected.post WHERE created_at < now() - interval '1 day' ORDER BY score DESC, post_key OFFSET 34 LIMIT 1),
voter AS (
    SELECT t.token_key, c.post_key, row_number() OVER (ORDER BY md5(t.token_key::text)) AS place
      FROM unprotected.token t, chosen c
     WHERE t.created_at < now() - interval '1 day'
       AND NOT EXISTS (SELECT FROM unprotected.vote v WHERE v.token_key = t.token_key AND v.post_key = c.post_key)),
written AS (
    INSERT INTO unprotected.vote (token_key, post_key, value, cast_at)
    SELECT token_key, post_key, 1, now() - interval '5 hours' + place * interval '37 seconds' FROM voter WHERE place <= 24
    RETURNING post_key)
UPDATE unprotected.post p SET score = p.score + (SELECT count(*) FROM written)
  FROM chosen c WHERE p.post_key = c.post_key)";

// Before the post they are for was written: whoever wrote them chose their times too early.
constexpr const char* kBackdatedSql = R"(
WITH chosen AS (
    SELECT post_key, created_at FROM unprotected.post WHERE created_at BETWEEN now() - interval '6 days' AND now() - interval '2 days'
     ORDER BY score DESC, post_key OFFSET 20 LIMIT 1),
voter AS (
    SELECT t.token_key, c.post_key, c.created_at, row_number() OVER (ORDER BY md5('early' || t.token_key::text)) AS place
      FROM unprotected.token t, chosen c
     WHERE t.created_at < c.created_at - interval '1 day'
       AND NOT EXISTS (SELECT FROM unprotected.vote v WHERE v.token_key = t.token_key AND v.post_key = c.post_key)),
written AS (
    INSERT INTO unprotected.vote (token_key, post_key, value, cast_at)
    SELECT token_key, post_key, 1, created_at - interval '5 hours' + place * interval '17 minutes' FROM voter WHERE place <= 9
    RETURNING post_key)
UPDATE unprotected.post p SET score = p.score + (SELECT count(*) FROM written)
  FROM chosen c WHERE p.post_key = c.post_key)";

Status runAs(const domain::ConnectionTarget& owner, const char* sql)
{
    Result<PgLink> link = PgLink::open(owner, kLinkRemedy);
    if (!link)
        return failureOf(link);
    const auto written = link->value(sql);
    return written ? Status{Nothing{}} : Status{failureOf(written)};
}

} // namespace

Status insertPastTheLog(const domain::ConnectionTarget& owner)
{
    return runAs(owner, kInsertSql);
}

Status insertBackdated(const domain::ConnectionTarget& owner)
{
    return runAs(owner, kBackdatedSql);
}

Status guessTokens(const domain::ConnectionTarget& voter, const domain::ConnectionTarget& owner, const std::string& castSql)
{
    Result<PgLink> looking = PgLink::open(owner, kLinkRemedy);
    Result<PgLink> guessing = PgLink::open(voter, kLinkRemedy);
    if (!looking || !guessing)
        return failureOf(looking ? guessing : looking);
    const auto posts = looking->value("SELECT string_agg(post_key::text, ' ' ORDER BY post_key) FROM (SELECT post_key FROM "
                                      "scrutineer.post ORDER BY post_key LIMIT $1::int) AS first",
                                      {std::to_string(kGuesses)});
    if (!posts)
        return failureOf(posts);
    std::istringstream keys{*posts};
    int guess = 0;
    for (std::string post; keys >> post; ++guess) {
        const auto tried =
            guessing->value(castSql, {fmt::format("guess-{:04}", guess), post, "1", "192.0.2.77", fmt::format("g{}", guess)});
        if (!tried)
            return failureOf(tried);
    }
    return Nothing{};
}

} // namespace scr::demo
