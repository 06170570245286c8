#include "settings/profile.h"

#include <algorithm>
#include <cstdlib>

#include <toml++/toml.h>

namespace scr::settings {

namespace {

using domain::failure;
using domain::Fault;

constexpr std::string_view kAccepted =
    "A profile is [service.NAME] with elevated = \"SERVICE\", owner = \"SERVICE\", other = \"SERVICE\", log_key = \"KEY\", "
    "witness_keys = [\"KEY\"], exporter_key = \"FILE\", redaction_salt = \"FILE\", rules = \"FILE\" and "
    "sql_detectors = \"FOLDER\"";

std::string placeOf(const std::filesystem::path& file, const toml::source_region& where)
{
    return file.string() + ", line " + std::to_string(where.begin.line);
}

domain::Status take(Profile& profile, const toml::key& key, const toml::node& value, const std::filesystem::path& file)
{
    std::string* member = key == "elevated"         ? &profile.elevatedService
                          : key == "owner"          ? &profile.ownerService
                          : key == "other"          ? &profile.otherService
                          : key == "log_key"        ? &profile.logKey
                          : key == "exporter_key"   ? &profile.exporterKey
                          : key == "redaction_salt" ? &profile.redactionSalt
                          : key == "rules"          ? &profile.rules
                          : key == "sql_detectors"  ? &profile.sqlDetectors
                                                    : nullptr;
    const toml::array* keys = key == "witness_keys" ? value.as_array() : nullptr;
    if (keys != nullptr && std::ranges::all_of(*keys, [](const toml::node& one) { return one.is_string(); })) {
        for (const toml::node& one : *keys)
            profile.witnessKeys.push_back(one.as_string()->get());
        return domain::Nothing{};
    }
    if (member == nullptr || !value.is_string())
        return failure(Fault::Invalid, placeOf(file, key.source()) + ": \"" + std::string{key.str()} + "\" is not accepted",
                       std::string{kAccepted});
    *member = value.as_string()->get();
    return domain::Nothing{};
}

domain::Result<Profile> profileFrom(const toml::key& name, const toml::node& node, const std::filesystem::path& file)
{
    Profile profile{std::string{name.str()}, {}, {}};
    if (!node.is_table())
        return failure(Fault::Invalid, placeOf(file, name.source()) + ": a service must be a table", std::string{kAccepted});
    for (const auto& [key, value] : *node.as_table()) {
        if (const domain::Status taken = take(profile, key, value, file); !taken)
            return domain::failureOf(taken);
    }
    return profile;
}

} // namespace

std::filesystem::path profileFile()
{
    if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/')
        return std::filesystem::path{config} / "scrutineer" / "profiles.toml";
    const char* home = std::getenv("HOME");
    return std::filesystem::path{home == nullptr ? "/" : home} / ".config" / "scrutineer" / "profiles.toml";
}

domain::Result<std::vector<Profile>> readProfiles(const std::filesystem::path& file)
try {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return std::vector<Profile>{};
    const toml::table table = toml::parse_file(file.string());
    std::vector<Profile> profiles;
    for (const auto& [key, node] : table) {
        if (key != "service" || !node.is_table())
            return failure(Fault::Invalid, placeOf(file, key.source()) + ": \"" + std::string{key.str()} + "\" is not accepted",
                           std::string{kAccepted});
        for (const auto& [name, body] : *node.as_table()) {
            domain::Result<Profile> profile = profileFrom(name, body, file);
            if (!profile)
                return domain::failureOf(profile);
            profiles.push_back(*std::move(profile));
        }
    }
    return profiles;
} catch (const toml::parse_error& problem) {
    return failure(Fault::Invalid, placeOf(file, problem.source()) + ": " + std::string{problem.description()},
                   std::string{kAccepted});
}

Profile profileOf(const std::vector<Profile>& profiles, std::string_view service)
{
    const auto found = std::find_if(profiles.begin(), profiles.end(), [&](const Profile& one) { return one.service == service; });
    return found == profiles.end() ? Profile{std::string{service}, {}, {}} : *found;
}

} // namespace scr::settings
