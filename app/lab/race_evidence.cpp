#include "lab/race_evidence.h"

namespace scr::lab {

namespace {

using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::Status;

Status readVotes(PgLink& owner, const std::string& posts, race::Evidence& evidence)
{
    const auto rows = owner.rows(
        "WITH voids AS (SELECT q.vote_key, count(*) AS times FROM scrutineer.void_history_vote q "
        "JOIN scrutineer.void_history h USING (request_id) WHERE h.kind = 'void' AND h.state IN ('done', 'restored') "
        "AND q.post_key = ANY ($1::scrutineer.post_key[]) GROUP BY q.vote_key) "
        "SELECT v.vote_key, v.token_key, v.post_key, v.value, v.state = 'counted', "
        "coalesce(d.times, 0) "
        "FROM scrutineer.vote v LEFT JOIN voids d ON d.vote_key = v.vote_key WHERE v.post_key = ANY ($1::scrutineer.post_key[])",
        {posts});
    if (!rows)
        return failureOf(rows);
    for (const PgLink::Row& row : *rows)
        evidence.votes.push_back(
            {row[0], row[1], row[2], std::stod(row[3]), row[4] == "t", static_cast<std::uint32_t>(std::stoul(row[5]))});
    return Nothing{};
}

Status readAttempts(PgLink& owner, const std::string& posts, race::Evidence& evidence)
{
    const auto rows = owner.rows("SELECT token_key, post_key, coalesce(to_jsonb(attempt) ->> 'action', 'cast'), outcome, "
                                 "request_key FROM scrutineer.attempt "
                                 "WHERE post_key = ANY ($1::scrutineer.post_key[])",
                                 {posts});
    if (!rows)
        return failureOf(rows);
    for (const PgLink::Row& row : *rows)
        evidence.attempts.push_back({row[0], row[1], row[2], row[3], row[4]});
    return Nothing{};
}

Status readScores(PgLink& owner, const std::string& posts, race::Evidence& evidence)
{
    const auto rows = owner.rows(
        "SELECT post_key, counter FROM scrutineer.post WHERE post_key = ANY ($1::scrutineer.post_key[]) AND counter IS NOT NULL",
        {posts});
    if (!rows)
        return failureOf(rows);
    for (const PgLink::Row& row : *rows)
        evidence.scores.push_back({row[0], std::stod(row[1])});
    return Nothing{};
}

} // namespace

Result<race::Evidence> readEvidence(PgLink& owner, const RacePlan& plan)
{
    race::Evidence evidence;
    const std::string posts = arrayText(plan.posts);
    for (const auto read : {readVotes, readAttempts, readScores}) {
        if (const Status done = read(owner, posts, evidence); !done)
            return failureOf(done);
    }
    return evidence;
}

} // namespace scr::lab
