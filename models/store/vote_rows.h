#pragma once

#include <string>

#include "domain/vote.h"
#include "store/sql_session.h"

namespace scr::store {

/// SELECT list over `scrutineer.vote` that voteOf() reads, from column 0 on.
[[nodiscard]] const std::string& voteColumnsSql();
[[nodiscard]] domain::Vote voteOf(const SqlRow& row);

} // namespace scr::store
