#pragma once

#include "detect/scan.h"
#include "domain/site_rule.h"

namespace scr::detect {

/// Adds what a site's own rules found to the flags of a scan, in their order, and the rules that were skipped to its list. Of
/// each rule the findings with the highest scores are kept, as many as of a detector.
void addSiteFlags(ScanReport& report, const domain::SiteRuleResults& results, const Rules& rules);

} // namespace scr::detect
