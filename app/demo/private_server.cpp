#include "demo/private_server.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "demo/server_process.h"

namespace fs = std::filesystem;

namespace scr::demo {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::string_view kSocketName = "/.s.PGSQL.5432";
constexpr const char* kFinished = "initialised"; // written when initdb and the configuration are complete
constexpr std::size_t kLongestSocketPath = sizeof(sockaddr_un::sun_path) - 1;

int versionOf(const fs::path& binDir)
{
    const std::string name = binDir.parent_path().filename().string();
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    return version;
}

/// The newest PostgreSQL of Debian's layout, else whatever stands in PATH.
Result<fs::path> findBinDir()
{
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator{"/usr/lib/postgresql", ignored})
        found.push_back(entry.path() / "bin");
    std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) { return versionOf(a) > versionOf(b); });
    const char* path = std::getenv("PATH");
    std::istringstream folders{path != nullptr ? path : ""};
    for (std::string folder; std::getline(folders, folder, ':');)
        found.emplace_back(folder);
    for (const fs::path& dir : found) {
        if (fs::exists(dir / "initdb", ignored) && fs::exists(dir / "postgres", ignored))
            return dir;
    }
    return failure(Fault::Unavailable, "PostgreSQL's server programs were not found",
                   "Install the package postgresql (15 or newer)");
}

std::string firstLineOf(const fs::path& file)
{
    std::ifstream in{file};
    std::string line;
    std::getline(in, line);
    return line;
}

std::string lastLinesOf(const fs::path& file)
{
    std::ifstream in{file};
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    std::string text;
    for (std::size_t i = lines.size() > 3 ? lines.size() - 3 : 0; i < lines.size(); ++i)
        text += (text.empty() ? "" : " / ") + lines[i];
    return text;
}

Status makePrivate(const fs::path& directory)
{
    std::error_code error;
    fs::create_directories(directory, error);
    if (error)
        return failure(Fault::Unavailable, fmt::format("the folder {} cannot be made: {}", directory.string(), error.message()),
                       "Choose a folder that you may write to");
    const ServerUser user = serverUser();
    struct stat facts{};
    if (lstat(directory.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) ||
        (facts.st_uid != geteuid() && facts.st_uid != user.uid))
        return failure(Fault::Rejected, fmt::format("{} belongs to somebody else", directory.string()), "Choose another folder");
    if (chmod(directory.c_str(), 0700) != 0 || (user.differs && chown(directory.c_str(), user.uid, user.gid) != 0))
        return failure(Fault::Unavailable, fmt::format("{} cannot be made private", directory.string()), "Choose another folder");
    return Nothing{};
}

} // namespace

PrivateServer::PrivateServer(fs::path directory, ServerOptions options) :
    m_directory{std::move(directory)}, m_options{std::move(options)}
{
    m_socketDir = m_directory / "run";
    if (m_socketDir.string().size() + kSocketName.size() > kLongestSocketPath)
        m_socketDir = fmt::format("/tmp/scrutineer-{}-{:016x}", serverUser().uid, std::hash<std::string>{}(m_directory.string()));
}

PrivateServer::PrivateServer(PrivateServer&& other) noexcept :
    m_directory{std::move(other.m_directory)}, m_socketDir{std::move(other.m_socketDir)}, m_options{std::move(other.m_options)},
    m_watchdogPipe{std::exchange(other.m_watchdogPipe, -1)}, m_watchdog{std::exchange(other.m_watchdog, -1)}
{
}

PrivateServer& PrivateServer::operator=(PrivateServer&& other) noexcept
{
    m_directory = std::move(other.m_directory);
    m_socketDir = std::move(other.m_socketDir);
    m_options = std::move(other.m_options);
    m_watchdogPipe = std::exchange(other.m_watchdogPipe, -1);
    m_watchdog = std::exchange(other.m_watchdog, -1);
    return *this;
}

PrivateServer::~PrivateServer() = default;

bool PrivateServer::existsIn(const fs::path& directory)
{
    const Result<fs::path> bin = findBinDir();
    std::error_code ignored;
    return bin && fs::exists(directory / kFinished, ignored) && firstLineOf(directory / kFinished) == bin->string();
}

Status PrivateServer::madeByThisVersion(const fs::path& directory)
{
    std::error_code ignored;
    if (!fs::exists(directory / kFinished, ignored) || existsIn(directory))
        return Nothing{};
    return failure(
        Fault::Rejected,
        fmt::format("{} was made by another version of PostgreSQL ({})", directory.string(), firstLineOf(directory / kFinished)),
        "Move it away, or install that version again");
}

Result<PrivateServer> PrivateServer::create(const fs::path& directory, ServerOptions options)
{
    PrivateServer server{fs::absolute(directory).lexically_normal(), std::move(options)};
    if (serverUser().missing)
        return failure(Fault::Unavailable, "PostgreSQL refuses to run as root and there is no user postgres",
                       "Run as an ordinary user, or install the package postgresql, which makes that user");
    if (const Status made = makePrivate(server.m_directory); !made)
        return failureOf(made);
    if (!existsIn(server.m_directory)) {
        if (const Status initialised = server.initialise(); !initialised)
            return failureOf(initialised);
    }
    if (const Status written = server.writeConfiguration(); !written)
        return failureOf(written);
    return server;
}

Status PrivateServer::initialise()
{
    const Result<fs::path> bin = findBinDir();
    if (!bin)
        return failureOf(bin);
    if (const Status ours = madeByThisVersion(m_directory); !ours)
        return ours;
    std::error_code ignored;
    fs::remove_all(m_directory / "data", ignored); // what an interrupted initdb left
    std::vector<std::string> command{(*bin / "initdb").string(),
                                     "-D",
                                     (m_directory / "data").string(),
                                     "-U",
                                     kSuperuser,
                                     "-A",
                                     "trust",
                                     "-E",
                                     "UTF8",
                                     "--locale=C"};
    if (!m_options.durable)
        command.emplace_back("--no-sync");
    const ProcessEnd end = runAsServerUser(command);
    if (end.code != 0)
        return failure(Fault::Unavailable, fmt::format("initdb failed: {}", end.output),
                       fmt::format("Check that the user {} may reach {}", serverUser().name, m_directory.string()));
    std::ofstream conf{m_directory / "data" / "postgresql.conf", std::ios::app};
    conf << "include 'scrutineer.conf'\n";
    conf.close();
    std::ofstream mark{m_directory / kFinished};
    mark << bin->string() << '\n';
    mark.close();
    if (!conf || !mark)
        return failure(Fault::Unavailable, fmt::format("the configuration in {} cannot be written", m_directory.string()),
                       "Free some space");
    return Nothing{};
}

Status PrivateServer::writeConfiguration() const
{
    const fs::path path = m_directory / "data" / "scrutineer.conf";
    std::ofstream conf{path, std::ios::trunc};
    conf << "listen_addresses = ''\nunix_socket_permissions = 0700\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n"
         << "unix_socket_directories = '" << m_socketDir.string() << "'\nmax_connections = " << m_options.maxConnections << '\n'
         << "shared_buffers = '256MB'\nmax_wal_size = '2GB'\nrandom_page_cost = 1.1\nwal_level = minimal\nmax_wal_senders = 0\n"
         << "maintenance_work_mem = '256MB'\nwork_mem = '16MB'\n";
    if (!m_options.durable)
        conf << "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";
    for (const std::string& line : m_options.settings)
        conf << line << '\n';
    conf.close();
    const ServerUser user = serverUser();
    if (!conf || (user.differs && chown(path.c_str(), user.uid, user.gid) != 0))
        return failure(Fault::Unavailable, fmt::format("{} cannot be written", path.string()), "Free some space");
    return Nothing{};
}

Status PrivateServer::start()
{
    if (isRunning())
        return Nothing{};
    const Result<fs::path> bin = findBinDir();
    if (!bin)
        return failureOf(bin);
    if (const Status made = makePrivate(m_socketDir); !made)
        return made;
    if (m_options.dieWithParent) {
        if (const Status watched = startWatchdog(); !watched)
            return watched;
    }
    const ProcessEnd end = runAsServerUser({(*bin / "pg_ctl").string(), "start", "-w", "-t", "60", "-s", "-D",
                                            (m_directory / "data").string(), "-l", logFile().string()});
    if (end.code == 0)
        return Nothing{};
    dismissWatchdog();
    return failure(Fault::Unavailable, fmt::format("the private PostgreSQL server did not start: {}", lastLinesOf(logFile())),
                   fmt::format("Read {}", logFile().string()));
}

Status PrivateServer::stop()
{
    if (isRunning()) {
        const Result<fs::path> bin = findBinDir();
        if (!bin)
            return failureOf(bin);
        for (const char* mode : {"fast", "immediate"}) {
            const ProcessEnd end = runAsServerUser(
                {(*bin / "pg_ctl").string(), "stop", "-w", "-t", "30", "-s", "-m", mode, "-D", (m_directory / "data").string()});
            if (end.code == 0 || !isRunning())
                break;
        }
    }
    if (isRunning())
        return failure(Fault::Unavailable,
                       fmt::format("the private PostgreSQL server (process {}) does not end", pid().value_or(0)),
                       fmt::format("Read {}", logFile().string()));
    dismissWatchdog();
    return Nothing{};
}

std::optional<pid_t> PrivateServer::pid() const
{
    const std::string line = firstLineOf(m_directory / "data" / "postmaster.pid");
    pid_t number = 0;
    std::from_chars(line.data(), line.data() + line.size(), number);
    // A stale file may name a process that is no PostgreSQL by now.
    if (number <= 0 || !firstLineOf(fmt::format("/proc/{}/comm", number)).starts_with("postgres"))
        return std::nullopt;
    return number;
}

bool PrivateServer::isRunning() const
{
    return pid().has_value();
}

domain::ConnectionTarget PrivateServer::target(const std::string& database, const std::string& user) const
{
    domain::ConnectionTarget target;
    target.host = m_socketDir.string();
    target.port = "5432";
    target.database = database;
    target.user = user;
    return target;
}

Status PrivateServer::handOver(const fs::path& directory)
{
    const ServerUser user = serverUser();
    if (!user.differs)
        return Nothing{};
    std::error_code error;
    bool done = lchown(directory.c_str(), user.uid, user.gid) == 0;
    for (fs::recursive_directory_iterator entry{directory, error}, end; done && !error && entry != end; entry.increment(error))
        done = lchown(entry->path().c_str(), user.uid, user.gid) == 0;
    if (!done || error)
        return failure(Fault::Unavailable, fmt::format("{} cannot be given to the user {}", directory.string(), user.name),
                       "Choose another folder");
    return Nothing{};
}

Status PrivateServer::startWatchdog()
{
    const Result<fs::path> bin = findBinDir();
    if (!bin)
        return failureOf(bin);
    dismissWatchdog();
    // Three tries: the parent may have died while pg_ctl was still starting the server.
    static constexpr const char* kScript =
        "read -r word <&3 && exit 0; exec 3<&-; "
        "pid=; for try in 1 2 3; do now=$(head -n 1 \"$2/postmaster.pid\" 2>/dev/null); pid=${pid:-$now}; "
        "if [ -n \"$now\" ] && [ \"$now\" = \"$pid\" ]; then "
        "\"$1\" stop -s -w -t 20 -m fast -D \"$2\" || \"$1\" stop -s -w -t 10 -m immediate -D \"$2\"; fi; "
        "[ $try = 3 ] || sleep 0.5; done >/dev/null 2>&1; [ -z \"$3\" ] || rm -rf -- \"$3\" \"$4\"";
    const Result<Watchdog> watchdog = startWatchdogProcess(
        {"/bin/sh", "-c", kScript, "scrutineer-watchdog", (*bin / "pg_ctl").string(), (m_directory / "data").string(),
         m_options.removeOnDeath ? m_directory.string() : std::string{}, m_socketDir.string()});
    if (!watchdog)
        return failureOf(watchdog);
    m_watchdog = watchdog->pid;
    m_watchdogPipe = watchdog->pipe;
    return Nothing{};
}

void PrivateServer::dismissWatchdog()
{
    if (m_watchdog > 0)
        dismissWatchdogProcess({m_watchdog, m_watchdogPipe});
    m_watchdog = -1;
    m_watchdogPipe = -1;
}

} // namespace scr::demo
