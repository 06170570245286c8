#include "settings/targets.h"

#include <algorithm>

#include "settings/profile.h"

namespace scr::settings {

namespace {

/// Another person's login takes neither name nor password along.
domain::ConnectionTarget asService(domain::ConnectionTarget target, std::string service)
{
    target.service = std::move(service);
    target.user.clear();
    target.password.clear();
    return target;
}

domain::Result<Profile> profileFor(const domain::ConnectionTarget& reader)
{
    const auto profiles = readProfiles(profileFile());
    if (!profiles)
        return domain::failureOf(profiles);
    return profileOf(*profiles, reader.service);
}

} // namespace

domain::Result<domain::ConnectionTarget> elevatedTarget(const domain::ConnectionTarget& reader)
{
    const auto profile = profileFor(reader);
    if (!profile)
        return domain::failureOf(profile);
    if (!reader.service.empty() && !profile->elevatedService.empty())
        return asService(reader, profile->elevatedService);
    return domain::elevatedTargetOf(reader);
}

domain::Result<domain::ConnectionTarget> ownerTarget(const domain::ConnectionTarget& reader)
{
    const auto profile = profileFor(reader);
    if (!profile)
        return domain::failureOf(profile);
    if (reader.service.empty())
        return reader;
    if (!profile->ownerService.empty())
        return asService(reader, profile->ownerService);
    const std::string owner = reader.service + "-owner";
    const auto names = domain::serviceNames();
    return std::find(names.begin(), names.end(), owner) == names.end() ? reader : asService(reader, owner);
}

domain::Result<std::optional<domain::ConnectionTarget>> otherTarget(const domain::ConnectionTarget& reader)
{
    const auto profile = profileFor(reader);
    if (!profile)
        return domain::failureOf(profile);
    if (reader.service.empty() || profile->otherService.empty())
        return std::nullopt;
    domain::ConnectionTarget other;
    other.service = profile->otherService;
    other.applicationName = reader.applicationName;
    return other;
}

} // namespace scr::settings
