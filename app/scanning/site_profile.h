#pragma once

#include <string>

#include "detect/rules.h"
#include "domain/connection.h"
#include "domain/result.h"
#include "ports/scan_source.h"
#include "scanning/site_rule_files.h"

namespace scr::scanning {

/// The rules of a TOML file; of no path the ones the program carries.
[[nodiscard]] domain::Result<detect::Rules> readRules(const std::string& path);

/// The rules that the profile of the service names; without a profile the ones the program carries.
[[nodiscard]] domain::Result<detect::Rules> rulesOfProfile(const std::string& service);

/// The text of these rules.
[[nodiscard]] domain::Result<std::string> rulesTextOfProfile(const std::string& service);

/// The site's own rules in the folder that the profile of the service names; without one there are none.
[[nodiscard]] domain::Result<SiteRuleFiles> siteRulesOfProfile(const std::string& service);

/// Reads votes and attempts, and runs the site's own rules of its profile on the same state of the database. The files are read
/// anew each time.
class SiteScanSource final : public ports::ScanSource {
public:
    explicit SiteScanSource(domain::ConnectionTarget reader);

    [[nodiscard]] domain::Result<domain::ScanInput> read(const domain::TimeRange& range,
                                                         const domain::KeepGoing& keepGoing) override;

private:
    domain::ConnectionTarget m_reader;
};

} // namespace scr::scanning
