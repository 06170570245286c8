#include "scanning/site_profile.h"

#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "scanning/scanning.h"
#include "settings/profile.h"

namespace scr::scanning {

namespace {

domain::Result<settings::Profile> profileFor(const std::string& service)
{
    if (service.empty())
        return settings::Profile{};
    const auto profiles = settings::readProfiles(settings::profileFile());
    if (!profiles)
        return domain::failureOf(profiles);
    return settings::profileOf(*profiles, service);
}

domain::Result<std::string> readText(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file)
        return domain::failure(domain::Fault::Unavailable, fmt::format("{} could not be read", path),
                               "Name a rules file that you may read");
    return text;
}

} // namespace

domain::Result<detect::Rules> readRules(const std::string& path)
{
    if (path.empty())
        return detect::defaultRules();
    const auto text = readText(path);
    if (!text)
        return domain::failureOf(text);
    domain::Result<detect::Rules> rules = detect::parseRules(*text);
    if (!rules)
        rules.error().detail = path + ": " + rules.error().detail;
    return rules;
}

domain::Result<std::string> rulesTextOfProfile(const std::string& service)
{
    const auto profile = profileFor(service);
    if (!profile)
        return domain::failureOf(profile);
    return profile->rules.empty() ? domain::Result<std::string>{std::string{detect::defaultRulesText()}}
                                  : readText(profile->rules);
}

domain::Result<detect::Rules> rulesOfProfile(const std::string& service)
{
    const auto profile = profileFor(service);
    return profile ? readRules(profile->rules) : domain::failureOf(profile);
}

domain::Result<SiteRuleFiles> siteRulesOfProfile(const std::string& service)
{
    const auto profile = profileFor(service);
    if (!profile)
        return domain::failureOf(profile);
    return profile->sqlDetectors.empty() ? domain::Result<SiteRuleFiles>{SiteRuleFiles{}} : readSiteRules(profile->sqlDetectors);
}

SiteScanSource::SiteScanSource(domain::ConnectionTarget reader) : m_reader{std::move(reader)} {}

domain::Result<domain::ScanInput> SiteScanSource::read(const domain::TimeRange& range, const domain::KeepGoing& keepGoing)
{
    const auto siteRules = siteRulesOfProfile(m_reader.service);
    if (!siteRules)
        return domain::failureOf(siteRules);
    return readSource(m_reader, {range, {}, nullptr, &*siteRules}, keepGoing);
}

} // namespace scr::scanning
