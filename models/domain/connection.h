#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scr::domain {

/// Where to connect and as whom: a libpq service, or fields. Empty members are left to libpq and the service file.
struct ConnectionTarget {
    std::string service;
    std::string host; ///< name, address or socket directory; several with commas
    std::string port;
    std::string database;
    std::string user;
    std::string password;
    std::string sslMode; ///< "verify-full", "require", "prefer", …
    std::string applicationName = "scrutineer";

    friend bool operator==(const ConnectionTarget&, const ConnectionTarget&) = default;
};

/// libpq's keyword/value form, each value quoted; `extra` is appended as it is ("options='-c …'").
[[nodiscard]] std::string conninfoOf(const ConnectionTarget& target, std::string_view extra = {});

/// What a person calls the target: the service, or "user@host/database".
[[nodiscard]] std::string labelOf(const ConnectionTarget& target);

/// Takes every PG* variable but PGSERVICEFILE and PGPASSFILE out of the environment, so that a connection is what the service
/// file says and nothing else. Call once in main, before any thread exists.
void ignoreForeignEnvironment();

/// Service files libpq would read, in its order: PGSERVICEFILE or ~/.pg_service.conf, then the system's.
[[nodiscard]] std::vector<std::string> serviceNames();

/// The target that writes for `reader`: the service `<service>-elevated` when a service file defines it, else `reader` itself.
[[nodiscard]] ConnectionTarget elevatedTargetOf(const ConnectionTarget& reader);

} // namespace scr::domain
