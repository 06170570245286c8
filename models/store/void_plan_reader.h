#pragma once

#include "domain/void_plan.h"
#include "store/sql_session.h"

namespace scr::store {

/// Plans as they stand in the session's snapshot; call them inside SqlSession::inSnapshot.
[[nodiscard]] domain::Result<domain::VoidPlan> readVoidPlan(SqlSession& session, const std::vector<domain::FlagKey>& flags);
[[nodiscard]] domain::Result<domain::VoidPlan> readRestorePlan(SqlSession& session, const domain::RequestId& voided);
[[nodiscard]] domain::Result<domain::VoidPlan> readProposalPlan(SqlSession& session, const domain::RequestId& proposal);

} // namespace scr::store
