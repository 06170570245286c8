#pragma once

#include <string>
#include <vector>

#include "domain/result.h"
#include "domain/site_rule.h"

namespace scr::scanning {

struct SiteRuleFiles {
    std::vector<domain::SiteRule> rules;             ///< by file name
    std::vector<domain::SkippedSiteRule> unreadable; ///< of the same folder
};

/// Reads every NAME.sql of the folder. A file that is not a rule, or has the name of another one, is among the unreadable ones;
/// only a folder that cannot be read or holds no such file is an error.
[[nodiscard]] domain::Result<SiteRuleFiles> readSiteRules(const std::string& folder);

} // namespace scr::scanning
