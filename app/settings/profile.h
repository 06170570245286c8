#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"

namespace scr::settings {

/// What the profile file says about one libpq service.
struct Profile {
    std::string service;
    std::string elevatedService;            ///< who writes; empty: `<service>-elevated` where there is one
    std::string ownerService;               ///< who installs and imports; empty: `<service>-owner` where there is one
    std::string otherService{};             ///< reads staging to this production, or the other way round; empty: unknown
    std::string logKey{};                   ///< public key of the sealed log; empty: the one that is remembered
    std::vector<std::string> witnessKeys{}; ///< public keys of who countersigns its checkpoints
    std::string exporterKey{};              ///< file of the private key that evidence packs are signed with; empty: none
    std::string redactionSalt{};            ///< file of the salt that made-up names come from; empty: one in the state folder
    std::string rules{};                    ///< file of thresholds; empty: those the program carries
    std::string sqlDetectors{};             ///< folder of the site's own rules; empty: there are none

    friend bool operator==(const Profile&, const Profile&) = default;
};

/// $XDG_CONFIG_HOME/scrutineer/profiles.toml.
[[nodiscard]] std::filesystem::path profileFile();

/// Reads the profiles; a file that does not exist is an empty list. An error names file, line and what is accepted.
[[nodiscard]] domain::Result<std::vector<Profile>> readProfiles(const std::filesystem::path& file);

/// The profile of that service, or one that says nothing but its name.
[[nodiscard]] Profile profileOf(const std::vector<Profile>& profiles, std::string_view service);

} // namespace scr::settings
