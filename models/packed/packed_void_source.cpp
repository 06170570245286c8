#include "packed/packed_void_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "packed/pack_answers.h"

namespace scr::packed {

using domain::failureOf;
using domain::Result;
using domain::VoidPlan;
using domain::VoidRequestRow;

namespace {

Result<domain::RequestReading> readRequest(PackSession& session, const domain::RequestId& request, int mostVotes)
{
    const auto rows = session.rows<VoidRequestRow>(fmt::format("SELECT {} FROM voids WHERE request = ?", kRequestColumns),
                                                   {request.text}, requestOf);
    if (!rows)
        return failureOf(rows);
    if (rows->empty())
        return domain::failure(domain::Fault::NotFound, fmt::format("There is no void {} in this pack", request.text));
    domain::RequestReading reading;
    reading.request = rows->front();
    auto shares = readShares(session, reading.request);
    if (!shares)
        return failureOf(shares);
    reading.posts = *std::move(shares);
    auto votes = session.rows<domain::Vote>(
        fmt::format(
            "SELECT {} FROM (SELECT r.vote_key, r.token, r.post, r.author, r.value, r.cast_at_micros AS cast_at, r.origin, "
            "coalesce((SELECT n.state FROM votes n WHERE n.vote_key = r.vote_key), iif(r.state = 'counted', 'voided', "
            "'counted')) AS state FROM voided_votes r WHERE r.request = ? ORDER BY r.vote_key LIMIT {}) v",
            kVoteColumns, mostVotes),
        {request.text}, voteOf);
    if (!votes)
        return failureOf(votes);
    reading.votes = *std::move(votes);
    return reading;
}

} // namespace

Result<std::vector<domain::PostShare>> readShares(PackSession& session, const VoidRequestRow& request)
{
    std::vector<domain::PostShare> shares;
    const double sign = request.kind == domain::RequestKind::Void ? -1 : 1;
    const domain::Status read = session.each(
        "SELECT r.post, (SELECT p.title FROM posts p WHERE p.post = r.post), count(*), sum(r.value) FROM voided_votes r "
        "WHERE r.request = ? GROUP BY r.post ORDER BY abs(sum(r.value)) DESC, r.post",
        {request.request.text}, [&](const PackRow& row) {
            shares.push_back({domain::PostKey{row.text(0)}, row.text(1), row.integer(2), sign * row.number(3)});
        });
    return read ? Result<std::vector<domain::PostShare>>{std::move(shares)} : failureOf(read);
}

PackedVoidSource::PackedVoidSource(std::shared_ptr<const OpenPack> pack) : m_pack{std::move(pack)}, m_worker{m_pack->database} {}

QFuture<Result<VoidPlan>> PackedVoidSource::planVoid(const std::vector<domain::FlagKey>& /*flags*/)
{
    return answer(Result<VoidPlan>{refusal()});
}

QFuture<Result<VoidPlan>> PackedVoidSource::planRestore(const domain::RequestId& /*voided*/)
{
    return answer(Result<VoidPlan>{refusal()});
}

QFuture<Result<VoidPlan>> PackedVoidSource::planProposal(const domain::RequestId& /*proposal*/)
{
    return answer(Result<VoidPlan>{refusal()});
}

QFuture<Result<std::vector<VoidRequestRow>>> PackedVoidSource::requests(int limit)
{
    return m_worker.run<std::vector<VoidRequestRow>>([limit](PackSession& session) {
        return session.rows<VoidRequestRow>(
            fmt::format("SELECT {} FROM voids ORDER BY {} DESC LIMIT {}", kRequestColumns, kRequestOrder, std::max(limit, 0)), {},
            requestOf);
    });
}

QFuture<Result<domain::RequestReading>> PackedVoidSource::reading(const domain::RequestId& request, int mostVotes)
{
    return m_worker.run<domain::RequestReading>(
        [request, mostVotes](PackSession& session) { return readRequest(session, request, std::max(mostVotes, 0)); });
}

} // namespace scr::packed
