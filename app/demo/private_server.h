#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::demo {

struct ServerOptions {
    bool durable = true;        ///< false: no fsync, for tests; a crash of the machine then loses the data
    bool dieWithParent = false; ///< a watchdog stops the server when this process is gone, even by kill -9
    bool removeOnDeath = false; ///< the watchdog also removes the directory; for tests
    int maxConnections = 200;
    std::vector<std::string> settings; ///< further lines of postgresql.conf: "log_statement = 'all'"
};

/// A PostgreSQL server of our own: a Unix socket and no network. Whoever reaches the socket may log in as anybody ("trust"), so
/// the socket's directory has mode 0700 and belongs to the user the server runs as: the calling user, or `postgres` when the
/// caller is root (root reaches it all the same). The superuser of the server is `scrutineer_dba`.
///
/// Below the directory: data/ (the cluster), server.log, and run/ with the socket. Where run/ would make the socket's path longer
/// than the system allows, a directory of the same mode in /tmp, named after a hash of the path, takes its place.
class PrivateServer {
public:
    static constexpr const char* kSuperuser = "scrutineer_dba";

    /// Opens the server kept in `directory`; makes it (initdb, one to two seconds) when there is none yet. Does not start it.
    /// When called by root, every folder above must be open to the user `postgres`; /root is not, /var/tmp and /var/lib are.
    [[nodiscard]] static domain::Result<PrivateServer> create(const std::filesystem::path& directory, ServerOptions options = {});
    /// True when `directory` holds a finished cluster of the version of PostgreSQL installed here.
    [[nodiscard]] static bool existsIn(const std::filesystem::path& directory);
    /// An error with words where `directory` holds the cluster of another version; fine where it holds none.
    [[nodiscard]] static domain::Status madeByThisVersion(const std::filesystem::path& directory);

    PrivateServer(PrivateServer&& other) noexcept;
    PrivateServer& operator=(PrivateServer&& other) noexcept;
    PrivateServer(const PrivateServer&) = delete;
    PrivateServer& operator=(const PrivateServer&) = delete;
    /// Leaves the server as it is: one that dies with its parent does so when the process ends.
    ~PrivateServer();

    /// Waits until the server answers. A server that runs already is left as it is, and gets no watchdog.
    [[nodiscard]] domain::Status start();
    /// Fast shutdown, waits for the end. Fine when it does not run.
    [[nodiscard]] domain::Status stop();
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] std::optional<pid_t> pid() const;

    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return m_directory; }
    [[nodiscard]] const std::filesystem::path& socketDir() const noexcept { return m_socketDir; }
    [[nodiscard]] std::filesystem::path logFile() const { return m_directory / "server.log"; }
    [[nodiscard]] domain::ConnectionTarget target(const std::string& database, const std::string& user = kSuperuser) const;
    /// Gives the directory, and everything in it, to the user the server runs as; a no-op unless called by root.
    [[nodiscard]] static domain::Status handOver(const std::filesystem::path& directory);

private:
    PrivateServer(std::filesystem::path directory, ServerOptions options);
    [[nodiscard]] domain::Status initialise();
    [[nodiscard]] domain::Status writeConfiguration() const;
    [[nodiscard]] domain::Status startWatchdog();
    void dismissWatchdog();

    std::filesystem::path m_directory;
    std::filesystem::path m_socketDir;
    ServerOptions m_options;
    int m_watchdogPipe = -1;
    pid_t m_watchdog = -1;
};

} // namespace scr::demo
