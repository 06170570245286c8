#pragma once

#include <vector>

#include "detect/scan.h"
#include "domain/connection.h"
#include "domain/result.h"
#include "domain/time.h"
#include "domain/vote_columns.h"
#include "elevated/elevated_session.h"
#include "jobs/follow.h"
#include "scanning/site_rule_files.h"

namespace scr::scanning {

struct ScanOrder {
    domain::TimeRange range;
    detect::ScanOptions options;
    const detect::Rules* rules = nullptr;     ///< null: the default rules
    const SiteRuleFiles* siteRules = nullptr; ///< null: none
};

/// Reads the source's votes and attempts from one snapshot, runs the detectors over them and adds what each flag does to the
/// ranks. Blocking.
[[nodiscard]] domain::Result<detect::ScanReport> scanSource(const domain::ConnectionTarget& reader, const ScanOrder& order,
                                                            const domain::KeepGoing& keepGoing);

/// Follows a source as jobs::follow does, through connections of its own.
[[nodiscard]] domain::Status followSource(const domain::ConnectionTarget& reader, const detect::Rules& rules,
                                          const jobs::FollowOptions& options, domain::ToldFlags& told,
                                          const jobs::FollowListener& listener, const std::atomic<bool>& stop);

/// Only the reading, with what the site's own rules find in the same state of the database.
[[nodiscard]] domain::Result<domain::ScanInput> readSource(const domain::ConnectionTarget& reader, const ScanOrder& order,
                                                           const domain::KeepGoing& keepGoing);

/// The same for what was read already.
[[nodiscard]] domain::Result<detect::ScanReport> scanInput(const domain::ScanInput& input, const ScanOrder& order,
                                                           const domain::KeepGoing& keepGoing);

/// Records flags through the login that may.
[[nodiscard]] domain::Result<elevated::RecordResult> recordFlags(const domain::ConnectionTarget& elevated,
                                                                 const std::vector<domain::Flag>& flags);

/// A whole scan with the default rules whose flags are recorded; what demo::startDemo asks for.
[[nodiscard]] domain::Status scanAndRecord(const domain::ConnectionTarget& reader, const domain::ConnectionTarget& elevated);

} // namespace scr::scanning
