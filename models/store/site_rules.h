#pragma once

#include <string>
#include <vector>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/site_rule.h"
#include "domain/vote_columns.h"

namespace scr::store {

struct SiteRuleOrder {
    std::vector<domain::SiteRule> rules;
    domain::TimeRange range; ///< votes outside it are left out of what is found
    std::string snapshot;    ///< of the scan they belong to; empty: the state of the database as it is now
};

/// Runs each rule in one transaction that only reads and sees one state, as a cursor: the server takes one SELECT and nothing
/// else. A rule that fails is among the skipped ones with the reason, and the next one runs. Fails only when it was stopped.
/// Blocking.
[[nodiscard]] domain::Result<domain::SiteRuleResults>
runSiteRules(const domain::ConnectionTarget& reader, const SiteRuleOrder& order, const domain::KeepGoing& keepGoing);

} // namespace scr::store
