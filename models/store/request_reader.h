#pragma once

#include <string>
#include <vector>

#include "domain/audit_reading.h"
#include "domain/void_plan.h"
#include "store/sql_session.h"

namespace scr::store {

/// Rows of `scrutineer.void_history`; `rest` follows the FROM clause.
[[nodiscard]] domain::Result<std::vector<domain::VoidRequestRow>> readRequests(SqlSession& session, const std::string& rest,
                                                                               const std::vector<std::string>& parameters);
[[nodiscard]] domain::Result<domain::VoidRequestRow> readRequest(SqlSession& session, const domain::RequestId& request);

/// What a request does to each post, largest change first.
[[nodiscard]] domain::Result<std::vector<domain::PostShare>> readShares(SqlSession& session,
                                                                        const domain::VoidRequestRow& request);
/// The votes of a request as they were reviewed, by key.
[[nodiscard]] domain::Result<std::vector<domain::Vote>> readReviewedVotes(SqlSession& session,
                                                                          const domain::VoidRequestRow& request);
/// A request with its posts and its first votes by key, in the state that these have now; one that is gone counts as withdrawn.
[[nodiscard]] domain::Result<domain::RequestReading> readRequestNow(SqlSession& session, const domain::RequestId& request,
                                                                    int mostVotes);

} // namespace scr::store
