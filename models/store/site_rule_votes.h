#pragma once

#include <vector>

#include "domain/result.h"
#include "domain/site_rule.h"
#include "domain/time.h"
#include "store/read_connection.h"
#include "store/site_rule_rows.h"

namespace scr::store {

/// Looks up the votes that the rows name, in the transaction that `connection` is in, and makes findings of those that count and
/// lie in the range; a row of which nothing is left is no finding. A vote that does not exist is a failure, and so is a subject
/// that is not the token or post of a vote of its row where the rule says that it is one.
[[nodiscard]] domain::Result<std::vector<domain::SiteFinding>> findingsOf(const domain::SiteRule& rule,
                                                                          const std::vector<SiteRuleRow>& rows,
                                                                          const domain::TimeRange& range,
                                                                          ReadConnection& connection);

} // namespace scr::store
