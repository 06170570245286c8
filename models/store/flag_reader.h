#pragma once

#include <string>
#include <vector>

#include "ports/flag_source.h"
#include "store/sql_session.h"

namespace scr::store {

/// Flags of the queue; `rest` is SQL after "FROM scrutineer.flag_queue".
[[nodiscard]] domain::Result<ports::FlagList> readFlags(SqlSession& session, const std::string& rest,
                                                        const std::vector<std::string>& parameters);
/// ORDER BY list: worst first.
[[nodiscard]] std::string flagOrderSql();
/// Newest first.
[[nodiscard]] domain::Result<std::vector<domain::ReviewEntry>> readReviews(SqlSession& session, const domain::FlagKey& key);

} // namespace scr::store
