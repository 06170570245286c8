#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/source.h"

namespace scr::elevated {

/// A login that belongs to a person or a service. `roles` are the short names "reader", "moderator", "admin", "auditor",
/// "sealer", "voting_api". A login that exists keeps its password and gets the roles that it lacks.
struct LoginOrder {
    std::string name;
    std::vector<std::string> roles;
    std::string password; ///< empty: none is set, the server's other ways to authenticate apply
};

struct InstallOptions {
    std::string adapter; ///< "reference", "unprotected" or "imported"; empty: the one that is there already
    std::optional<domain::Environment> environment; ///< empty: as it is; a new installation is `production`
    std::optional<bool> twoPersonRule{};            ///< empty: as it is; a new installation has it on in production only
    std::vector<LoginOrder> logins{};               ///< made, or given their roles, in the same transaction
};

struct InstallReport {
    std::string adapter;
    domain::Environment environment = domain::Environment::Production;
    bool twoPersonRule{};
    bool fresh{};                     ///< nothing of Scrutineer was there before
    std::vector<std::string> applied; ///< migrations applied now, "reference/0001_voting_system.sql"; empty: all were there
};

/// Installs or upgrades in one transaction under a lock, and changes nothing when it fails. Needs a superuser, or a login that
/// may create roles and owns the database. Refuses a database whose schema `scrutineer` is not ours, whose applied migrations
/// differ from those in this program, that is newer than this program, or that holds another adapter.
[[nodiscard]] domain::Result<InstallReport> install(const domain::ConnectionTarget& target, const InstallOptions& options);

/// One more login for a database that is installed.
[[nodiscard]] domain::Status createLogin(const domain::ConnectionTarget& target, const LoginOrder& order);

} // namespace scr::elevated
