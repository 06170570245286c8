#include "store/request_reader.h"

#include <fmt/format.h>

#include "store/sql_text.h"
#include "store/vote_rows.h"

namespace scr::store {

using domain::Fault;
using domain::RequestId;
using domain::RequestKind;
using domain::RequestState;
using domain::Result;
using domain::VoidRequestRow;

namespace {

VoidRequestRow requestOf(const SqlRow& row)
{
    VoidRequestRow request;
    request.number = row.integer(0);
    request.request = RequestId{row.text(1)};
    request.kind = domain::requestKindOf(row.text(2)).value_or(RequestKind::Void);
    request.state = domain::requestStateOf(row.text(3)).value_or(RequestState::Withdrawn);
    request.votes = row.integer(4);
    request.posts = row.integer(5);
    request.requestedBy = row.text(6);
    request.approvedBy = row.text(7);
    request.reason = row.text(8);
    request.requestedAt = row.time(9);
    request.committedAt = row.optionalTime(10);
    request.restores = RequestId{row.text(11)};
    request.restoredBy = RequestId{row.text(12)};
    for (std::string& flag : arrayElements(row.text(13)))
        request.flags.emplace_back(std::move(flag));
    request.digest = row.text(14);
    request.withdrawnBy = row.text(15);
    request.withdrawnAt = row.optionalTime(16);
    request.withdrawalReason = row.text(17);
    request.standing = row.integer(18);
    return request;
}

} // namespace

Result<std::vector<VoidRequestRow>> readRequests(SqlSession& session, const std::string& rest,
                                                 const std::vector<std::string>& parameters)
{
    const std::string sql =
        fmt::format("SELECT number::int8, request_id::text, kind::text, state::text, votes::int8, posts::int8, "
                    "requested_by::text, approved_by::text, reason::text, {}, {}, restores::text, restored_by::text, "
                    "flags::text, digest::text, withdrawn_by::text, {}, withdrawal_reason::text, standing::int8 "
                    "FROM scrutineer.void_history {}",
                    microsSql("requested_at"), microsSql("committed_at"), microsSql("withdrawn_at"), rest);
    return session.rows<VoidRequestRow>(sql, parameters, requestOf);
}

Result<VoidRequestRow> readRequest(SqlSession& session, const RequestId& request)
{
    Result<std::vector<VoidRequestRow>> rows = readRequests(session, "WHERE request_id = $1::uuid", {request.text});
    if (!rows)
        return domain::failureOf(rows);
    if (rows->empty())
        return domain::failure(Fault::NotFound, fmt::format("There is no void {}", request.text), "Reload the history of voids");
    return std::move(rows->front());
}

Result<std::vector<domain::PostShare>> readShares(SqlSession& session, const VoidRequestRow& request)
{
    return session.rows<domain::PostShare>(
        fmt::format("SELECT h.post_key::text, p.title::text, count(*), {} * sum(h.value::float8) FROM "
                    "scrutineer.void_history_vote h LEFT JOIN scrutineer.post p ON p.post_key = h.post_key "
                    "WHERE h.request_id = $1::uuid GROUP BY 1, 2 ORDER BY abs(sum(h.value::float8)) DESC, h.post_key::text",
                    request.kind == RequestKind::Void ? -1 : 1),
        {request.request.text}, [](const SqlRow& row) {
            return domain::PostShare{domain::PostKey{row.text(0)}, row.text(1), row.integer(2), row.number(3)};
        });
}

Result<std::vector<domain::Vote>> readReviewedVotes(SqlSession& session, const VoidRequestRow& request)
{
    return session.rows<domain::Vote>(
        fmt::format("SELECT {} FROM (SELECT h.*, '{}'::text AS state FROM scrutineer.void_history_vote h "
                    "WHERE h.request_id = $1::uuid) v ORDER BY vote_key",
                    voteColumnsSql(), request.kind == RequestKind::Void ? "counted" : "voided"),
        {request.request.text}, voteOf);
}

Result<domain::RequestReading> readRequestNow(SqlSession& session, const RequestId& request, int mostVotes)
{
    domain::RequestReading reading;
    Result<VoidRequestRow> row = readRequest(session, request);
    if (!row)
        return domain::failureOf(row);
    Result<std::vector<domain::PostShare>> shares = readShares(session, *row);
    if (!shares)
        return domain::failureOf(shares);
    Result<std::vector<domain::Vote>> votes = session.rows<domain::Vote>(
        fmt::format(
            "SELECT {} FROM (SELECT h.*, coalesce((SELECT v.state::text FROM scrutineer.vote v WHERE v.vote_key = h.vote_key), "
            "'withdrawn') AS state FROM scrutineer.void_history_vote h WHERE h.request_id = $1::uuid "
            "ORDER BY h.vote_key LIMIT {}) v ORDER BY vote_key",
            voteColumnsSql(), mostVotes),
        {request.text}, voteOf);
    if (!votes)
        return domain::failureOf(votes);
    reading.request = *std::move(row);
    reading.posts = *std::move(shares);
    reading.votes = *std::move(votes);
    return reading;
}

} // namespace scr::store
