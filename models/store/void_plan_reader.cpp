#include "store/void_plan_reader.h"

#include <algorithm>
#include <set>

#include <QUuid>

#include <fmt/format.h>

#include "store/request_reader.h"
#include "store/sql_text.h"
#include "store/vote_rows.h"

namespace scr::store {

namespace {

using domain::Fault;
using domain::RequestId;
using domain::RequestKind;
using domain::RequestState;
using domain::Result;
using domain::ScoreChange;
using domain::Status;
using domain::VoidPlan;
using domain::VoidRequestRow;
using domain::Vote;

constexpr int kLeaders = 15;
constexpr int kLeftOutLines = 20;

// Every post counts, also one that nobody voted for. {0}: how ties are broken.
constexpr std::string_view kRankSql = R"(
WITH delta AS (
    SELECT v.post_key, sum(v.value::float8) AS change, count(*) AS votes
      FROM unnest($1::text[]::scrutineer.vote_key[]) AS k (vote_key)
      JOIN scrutineer.vote v ON v.vote_key = k.vote_key
     WHERE v.state = $2
     GROUP BY v.post_key),
sums AS (SELECT post_key, sum(value::float8) AS score FROM scrutineer.vote WHERE state = 'counted' GROUP BY post_key),
scores AS (
    SELECT post_key, p.title, p.counter, coalesce(s.score, 0) AS before, coalesce(s.score, 0) + $3::float8 * coalesce(d.change, 0) AS after,
           d.votes
      FROM scrutineer.post p FULL JOIN sums s USING (post_key) LEFT JOIN delta d USING (post_key)),
ranks AS (
    SELECT *, row_number() OVER (ORDER BY before DESC, {0}) AS rank_before,
           row_number() OVER (ORDER BY after DESC, {0}) AS rank_after
      FROM scores)
SELECT post_key::text, title::text, before, after, rank_before, rank_after, coalesce(votes, 0),
       counter::float8,
       CASE WHEN (SELECT available FROM scrutineer.capability WHERE name = 'recounts_scores') THEN after
            ELSE counter::float8 + after - before END
  FROM ranks WHERE votes IS NOT NULL OR rank_before <= $4::int8
 ORDER BY rank_before)";

ScoreChange changeOf(const SqlRow& row)
{
    ScoreChange change;
    change.post = domain::PostKey{row.text(0)};
    change.title = row.text(1);
    change.scoreBefore = row.number(2);
    change.scoreAfter = row.number(3);
    change.rankBefore = row.integer(4);
    change.rankAfter = row.integer(5);
    change.votes = row.integer(6);
    if (!row.isNull(7)) {
        change.siteBefore = row.number(7);
        change.siteAfter = row.number(8);
    }
    return change;
}

std::vector<domain::VoteKey> keysOf(const std::vector<Vote>& votes)
{
    std::vector<domain::VoteKey> keys;
    keys.reserve(votes.size());
    for (const Vote& vote : votes)
        keys.push_back(vote.key);
    return keys;
}

Status readDigest(SqlSession& session, VoidPlan& plan)
{
    std::int64_t counted = -1;
    const Status done =
        session.each(fmt::format("SELECT d.digest, d.votes, session_user::text, {} FROM scrutineer.digest_votes($1::text[]) AS d",
                                 microsSql("statement_timestamp()")),
                     {arrayText(keysOf(plan.votes))}, [&](const SqlRow& row) {
                         plan.digest = row.text(0);
                         counted = row.integer(1);
                         plan.requestedBy = row.text(2);
                         plan.computedAt = row.time(3);
                     });
    if (done && counted != static_cast<std::int64_t>(plan.votes.size()))
        return domain::failure(Fault::Corrupt,
                               fmt::format("The digest covers {} votes, but {} were read", counted, plan.votes.size()),
                               "Run scrutineerctl init to bring the database's functions up to date");
    return done;
}

Status readChanges(SqlSession& session, VoidPlan& plan)
{
    const bool restores = plan.kind == RequestKind::Restore;
    const Result<std::vector<ScoreChange>> changes = session.rows<ScoreChange>(
        fmt::format(kRankSql, keyOrderSql("post_key")),
        {arrayText(keysOf(plan.votes)), restores ? "voided" : "counted", restores ? "1" : "-1", std::to_string(kLeaders)},
        changeOf);
    if (!changes)
        return domain::failureOf(changes);
    for (const ScoreChange& change : *changes) {
        if (change.votes > 0) {
            plan.changes.push_back(change);
            plan.netScore += change.scoreAfter - change.scoreBefore;
        }
        if (change.rankBefore <= kLeaders)
            plan.leaders.push_back(change);
    }
    return domain::Nothing{};
}

/// All that follows from the votes: digest, scores, ranks.
Result<VoidPlan> completed(SqlSession& session, VoidPlan plan)
{
    if (const Status digest = readDigest(session, plan); !digest)
        return domain::failureOf(digest);
    if (const Status changes = readChanges(session, plan); !changes)
        return domain::failureOf(changes);
    std::set<domain::TokenKey> tokens;
    for (const Vote& vote : plan.votes)
        tokens.insert(vote.token);
    plan.tokens = static_cast<std::int64_t>(tokens.size());
    return plan;
}

Result<std::vector<Vote>> votesOfRequest(SqlSession& session, const RequestId& request)
{
    return session.rows<Vote>(fmt::format("SELECT {} FROM scrutineer.vote WHERE vote_key IN (SELECT h.vote_key FROM "
                                          "scrutineer.void_history_vote h WHERE h.request_id = $1::uuid) ORDER BY vote_key",
                                          voteColumnsSql()),
                              {request.text}, voteOf);
}

/// The votes of a void that can come back, and in words what stands against the others.
Status readRestorable(SqlSession& session, VoidPlan& plan)
{
    Result<std::vector<Vote>> votes =
        session.rows<Vote>(fmt::format("SELECT {} FROM scrutineer.vote WHERE vote_key IN (SELECT c.vote_key FROM "
                                       "scrutineer.restore_check c WHERE c.request_id = $1::uuid AND c.hindrance IS NULL) "
                                       "ORDER BY vote_key",
                                       voteColumnsSql()),
                           {plan.restores.text}, voteOf);
    if (!votes)
        return domain::failureOf(votes);
    plan.votes = std::move(*votes);
    return session.each("SELECT format('Vote %s %s', vote_key, hindrance), count(*) OVER () FROM scrutineer.restore_check "
                        "WHERE request_id = $1::uuid AND hindrance IS NOT NULL ORDER BY vote_key LIMIT $2",
                        {plan.restores.text, std::to_string(kLeftOutLines)}, [&plan](const SqlRow& row) {
                            plan.leftOut.push_back(row.text(0));
                            plan.leftOutVotes = row.integer(1);
                        });
}

bool anyIn(const std::vector<Vote>& votes, domain::VoteState state)
{
    return std::any_of(votes.begin(), votes.end(), [state](const Vote& vote) { return vote.state == state; });
}

Status allKnown(SqlSession& session, const std::vector<domain::FlagKey>& flags)
{
    std::string missing;
    const Status done =
        session.each("SELECT k FROM unnest($1::text[]) AS k WHERE k NOT IN (SELECT flag_key::text FROM scrutineer.flag_queue)",
                     {arrayText(flags)}, [&missing](const SqlRow& row) { missing = row.text(0); });
    if (done && !missing.empty())
        return domain::failure(Fault::NotFound, fmt::format("There is no flag {}", missing), "Reload the queue");
    return done;
}

} // namespace

Result<VoidPlan> readVoidPlan(SqlSession& session, const std::vector<domain::FlagKey>& flags)
{
    if (const Status known = allKnown(session, flags); !known)
        return domain::failureOf(known);
    Result<std::vector<Vote>> votes = session.rows<Vote>(
        fmt::format("SELECT {} FROM scrutineer.vote WHERE vote_key IN (SELECT f.vote_key FROM scrutineer.flag_vote f "
                    "WHERE f.flag_key = ANY ($1::text[]) AND f.extra) AND state = 'counted' ORDER BY vote_key",
                    voteColumnsSql()),
        {arrayText(flags)}, voteOf);
    if (!votes)
        return domain::failureOf(votes);
    if (votes->empty())
        return domain::failure(Fault::Rejected, "No counted vote is left in these flags",
                               "There is nothing to void; reload the queue");
    VoidPlan plan;
    plan.request = RequestId{QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString()};
    plan.flags = flags;
    plan.votes = std::move(*votes);
    return completed(session, std::move(plan));
}

Result<VoidPlan> readRestorePlan(SqlSession& session, const RequestId& voided)
{
    const Result<VoidRequestRow> row = readRequest(session, voided);
    if (!row)
        return domain::failureOf(row);
    if (row->kind != RequestKind::Void || row->state != RequestState::Done)
        return domain::failure(Fault::Rejected,
                               fmt::format("V-{} is a {} that is {}: there is nothing to put back", row->number,
                                           domain::nameOf(row->kind), domain::nameOf(row->state)),
                               "Reload the history of voids");
    VoidPlan plan;
    plan.request = RequestId{QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString()};
    plan.kind = RequestKind::Restore;
    plan.restores = voided;
    plan.flags = row->flags;
    if (const Status read = readRestorable(session, plan); !read)
        return domain::failureOf(read);
    if (plan.votes.empty())
        return domain::failure(Fault::Rejected,
                               fmt::format("No vote of V-{} can come back{}", row->number,
                                           plan.leftOut.empty() ? std::string{} : ": " + plan.leftOut.front()),
                               "Look at the votes on the site");
    return completed(session, std::move(plan));
}

Result<VoidPlan> readProposalPlan(SqlSession& session, const RequestId& proposal)
{
    const Result<VoidRequestRow> row = readRequest(session, proposal);
    if (!row)
        return domain::failureOf(row);
    if (row->state != RequestState::Proposed)
        return domain::failure(Fault::Rejected,
                               fmt::format("V-{} is {} and no longer a proposal", row->number, domain::nameOf(row->state)),
                               "Reload the history of voids");
    Result<std::vector<Vote>> votes = votesOfRequest(session, proposal);
    if (!votes)
        return domain::failureOf(votes);
    if (!anyIn(*votes, domain::VoteState::Counted))
        return domain::failure(Fault::Rejected, fmt::format("No vote of the proposal V-{} is counted any more", row->number),
                               "Withdraw the proposal");
    VoidPlan plan;
    plan.request = row->request;
    plan.kind = row->kind;
    plan.flags = row->flags;
    plan.reason = row->reason;
    plan.proposedBy = row->requestedBy;
    plan.votes = std::move(*votes);
    Result<VoidPlan> now = completed(session, std::move(plan));
    // The database would refuse it; nobody should have to type a number to learn that.
    if (now && now->digest != row->digest)
        return domain::failure(
            Fault::Rejected,
            fmt::format("The votes of V-{} are not what they were when {} proposed it", row->number, row->requestedBy),
            "Withdraw the proposal, and preview its flags anew");
    return now;
}

} // namespace scr::store
