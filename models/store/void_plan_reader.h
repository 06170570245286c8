#pragma once

#include "domain/void_plan.h"
#include "store/sql_session.h"

namespace scr::store {

/// Plans as they stand in the session's snapshot; call them inside SqlSession::inSnapshot.
[[nodiscard]] domain::Result<domain::VoidPlan> readVoidPlan(SqlSession& session, const std::vector<domain::FlagKey>& flags);
[[nodiscard]] domain::Result<domain::VoidPlan> readRestorePlan(SqlSession& session, const domain::RequestId& voided);
[[nodiscard]] domain::Result<domain::VoidPlan> readProposalPlan(SqlSession& session, const domain::RequestId& proposal);

/// Rows of `scrutineer.void_history`; `rest` follows the FROM clause.
[[nodiscard]] domain::Result<std::vector<domain::VoidRequestRow>> readRequests(SqlSession& session, const std::string& rest,
                                                                               const std::vector<std::string>& parameters);

} // namespace scr::store
