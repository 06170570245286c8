#include "rival_queries.h"

namespace scr::bench {

namespace {

using domain::DetectorId;
using simulate::Family;

// All read scrutineer.stored_vote, the bare table: the voids are not joined, which makes it as cheap as it gets.

// Tokens with twelve votes or more within twenty seconds, and all votes of such spans.
constexpr const char* kBurst = R"(
SELECT token_key, vote_key FROM (
    SELECT token_key, vote_key, max(votes) OVER (PARTITION BY token_key ORDER BY cast_at
                                                 RANGE BETWEEN CURRENT ROW AND interval '20 seconds' FOLLOWING) AS most
      FROM (SELECT token_key, vote_key, cast_at, count(*) OVER (PARTITION BY token_key ORDER BY cast_at
                                                                RANGE BETWEEN interval '20 seconds' PRECEDING AND CURRENT ROW) AS votes
              FROM scrutineer.stored_vote) ended) spans
 WHERE most >= 12 ORDER BY token_key)";

// Networks with more tokens on a post than three times their share of the site's votes, by six deviations.
constexpr const char* kSubnet = R"(
WITH cell AS (
    SELECT post_key, network(set_masklen(origin, CASE family(origin) WHEN 4 THEN 24 ELSE 64 END)) AS net, count(*) AS votes,
           count(DISTINCT token_key) AS tokens
      FROM scrutineer.stored_vote WHERE origin IS NOT NULL GROUP BY 1, 2),
judged AS (
    SELECT post_key, net, tokens, sum(votes) OVER (PARTITION BY post_key) * 3.0::float8 * sum(votes) OVER (PARTITION BY net)
                                  / sum(votes) OVER () AS expected FROM cell),
odd AS MATERIALIZED (
    SELECT post_key, net FROM judged WHERE tokens >= 5 AND tokens > expected + 6 * sqrt(expected))
SELECT o.net || ' ' || o.post_key AS found, v.vote_key
  FROM odd o JOIN scrutineer.stored_vote v ON v.post_key = o.post_key AND v.origin <<= o.net ORDER BY 1)";

// Pairs of tokens with four common posts or more that are half of all posts either of them voted on.
constexpr const char* kAnyTime = R"(
WITH voted AS MATERIALIZED (SELECT DISTINCT token_key, post_key FROM scrutineer.stored_vote),
voter AS MATERIALIZED (SELECT token_key, count(*) AS posts FROM voted GROUP BY 1 HAVING count(*) >= 4),
pair AS MATERIALIZED (
    SELECT a.token_key AS one, b.token_key AS other, count(*) AS common
      FROM voted a JOIN voted b ON b.post_key = a.post_key AND b.token_key > a.token_key
     GROUP BY 1, 2 HAVING count(*) >= 4),)";

// The same, but a post is common only to those who voted on it within ten minutes of each other.
constexpr const char* kClose = R"(
WITH voter AS MATERIALIZED (
    SELECT token_key, count(DISTINCT post_key) AS posts FROM scrutineer.stored_vote GROUP BY 1 HAVING count(DISTINCT post_key) >= 4),
pair AS MATERIALIZED (
    SELECT least(a.token_key, b.token_key) AS one, greatest(a.token_key, b.token_key) AS other, count(DISTINCT a.post_key) AS common
      FROM scrutineer.stored_vote a JOIN scrutineer.stored_vote b
        ON b.post_key = a.post_key AND b.token_key <> a.token_key
           AND b.cast_at BETWEEN a.cast_at AND a.cast_at + interval '10 minutes'
     GROUP BY 1, 2 HAVING count(DISTINCT a.post_key) >= 4),)";

constexpr const char* kAlike = R"(
alike AS MATERIALIZED (
    SELECT one, other FROM pair JOIN voter x ON x.token_key = one JOIN voter y ON y.token_key = other
     WHERE common >= 0.5 * (x.posts + y.posts - common))
SELECT one || ' ' || other AS found, vote_key FROM (
    SELECT p.one, p.other, unnest(ARRAY[a.vote_key, b.vote_key]) AS vote_key
      FROM alike p JOIN scrutineer.stored_vote a ON a.token_key = p.one
      JOIN scrutineer.stored_vote b ON b.token_key = p.other AND b.post_key = a.post_key) named ORDER BY 1)";

std::vector<RivalQuery> makeQueries()
{
    const std::string memory = "SET work_mem = '512MB';";
    const std::string sorting = memory + "SET enable_indexscan = off; SET enable_indexonlyscan = off;";
    // Left alone, the planner joins every voter with every other before it looks at the pairs that have met.
    const std::string inOrder = memory + "SET join_collapse_limit = 1;";
    const std::vector<Family> groups{Family::Lockstep, Family::Camouflage, Family::HijackedAccounts};
    return {{"burst, as planned", kBurst, DetectorId::TokenBurst, {Family::TokenBurst}},
            {"burst, made to sort", sorting + kBurst, DetectorId::TokenBurst, {Family::TokenBurst}},
            {"subnet", memory + kSubnet, DetectorId::SubnetSocks, {Family::SubnetSocks}},
            {"co-voting within 10 minutes", inOrder + kClose + kAlike, DetectorId::Lockstep, groups},
            {"co-voting, any time", inOrder + kAnyTime + kAlike, DetectorId::Lockstep, groups}};
}

} // namespace

std::span<const RivalQuery> rivalQueries()
{
    static const std::vector<RivalQuery> queries = makeQueries();
    return queries;
}

} // namespace scr::bench
