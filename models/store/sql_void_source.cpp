#include "store/sql_void_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/request_reader.h"
#include "store/void_plan_reader.h"

namespace scr::store {

using domain::Result;
using domain::VoidPlan;
using domain::VoidRequestRow;

SqlVoidSource::SqlVoidSource(const domain::ConnectionTarget& target) : m_plans{target, kStreamSettings}, m_history{target} {}

QFuture<Result<VoidPlan>> SqlVoidSource::planVoid(const std::vector<domain::FlagKey>& flags)
{
    return m_plans.run<VoidPlan>([flags](SqlSession& session) {
        return session.inSnapshot<VoidPlan>([&flags](SqlSession& snapshot) { return readVoidPlan(snapshot, flags); });
    });
}

QFuture<Result<VoidPlan>> SqlVoidSource::planRestore(const domain::RequestId& voided)
{
    return m_plans.run<VoidPlan>([voided](SqlSession& session) {
        return session.inSnapshot<VoidPlan>([&voided](SqlSession& snapshot) { return readRestorePlan(snapshot, voided); });
    });
}

QFuture<Result<VoidPlan>> SqlVoidSource::planProposal(const domain::RequestId& proposal)
{
    return m_plans.run<VoidPlan>([proposal](SqlSession& session) {
        return session.inSnapshot<VoidPlan>([&proposal](SqlSession& snapshot) { return readProposalPlan(snapshot, proposal); });
    });
}

QFuture<Result<std::vector<VoidRequestRow>>> SqlVoidSource::requests(int limit)
{
    return m_history.run<std::vector<VoidRequestRow>>([limit](SqlSession& session) {
        return readRequests(session, fmt::format("ORDER BY number DESC LIMIT {}", std::max(limit, 0)), {});
    });
}

QFuture<Result<domain::RequestReading>> SqlVoidSource::reading(const domain::RequestId& request, int mostVotes)
{
    return m_history.run<domain::RequestReading>([request, mostVotes](SqlSession& session) {
        return session.inSnapshot<domain::RequestReading>(
            [&](SqlSession& snapshot) { return readRequestNow(snapshot, request, std::max(mostVotes, 0)); });
    });
}

} // namespace scr::store
