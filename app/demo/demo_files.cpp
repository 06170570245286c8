#include "demo/demo_files.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "demo/demo.h"

namespace scr::demo {

namespace {

namespace fs = std::filesystem;
using domain::failure;
using domain::Fault;
using domain::Nothing;
using domain::Status;

/// The second word is the layout of the demo's databases: another layout is made anew.
constexpr std::string_view kBuilding = "building 2";
constexpr std::string_view kReady = "ready 7";

fs::path stateFileIn(const fs::path& directory)
{
    return directory / "demo.state";
}

struct Section {
    std::string_view service;
    std::string_view database;
};
constexpr std::array kSections{Section{kDemoService, "demo"}, Section{kProtectedService, "demo-protected"},
                               Section{kImportService, "demo-import"}};

struct Login {
    std::string_view suffix;
    std::string_view user;
};
constexpr std::array kLogins{Login{"", "demo_reader"}, Login{"-elevated", "demo_admin"}, Login{"-sealer", "demo_sealer"},
                             Login{"-owner", PrivateServer::kSuperuser}};

Status writeAll(const fs::path& file, const std::string& text)
{
    const fs::path fresh = file.string() + ".new";
    {
        std::ofstream out{fresh, std::ios::trunc};
        out << text << std::flush;
        if (!out)
            return failure(Fault::Unavailable, fmt::format("{} could not be written: {}", fresh.string(), std::strerror(errno)),
                           "Make room on that disk, or name another folder with --dir");
    }
    std::error_code problem;
    fs::rename(fresh, file, problem);
    if (problem)
        return failure(Fault::Unavailable, fmt::format("{} could not be written: {}", file.string(), problem.message()));
    return Nothing{};
}

} // namespace

fs::path serviceFileIn(const fs::path& directory)
{
    return directory / "pg_service.conf";
}

DemoState stateOf(const fs::path& directory)
{
    std::ifstream in{stateFileIn(directory)};
    std::string line;
    if (!std::getline(in, line))
        return DemoState::Absent;
    return line == kReady && PrivateServer::existsIn(directory) ? DemoState::Ready : DemoState::Building;
}

Status writeState(const fs::path& directory, DemoState state)
{
    return writeAll(stateFileIn(directory), std::string{state == DemoState::Ready ? kReady : kBuilding} + "\n");
}

Status clearAway(const fs::path& directory)
{
    std::error_code problem;
    if (!fs::exists(directory, problem))
        return Nothing{};
    if (!fs::exists(stateFileIn(directory), problem) && !fs::is_empty(directory, problem))
        return failure(Fault::Rejected, fmt::format("{} is not empty and holds no demo of Scrutineer", directory.string()),
                       "Name an empty folder with --dir");
    // It may hold somebody's imports, and its server may be running still.
    if (const Status ours = PrivateServer::madeByThisVersion(directory); !ours)
        return ours;
    if (PrivateServer::existsIn(directory)) {
        if (auto server = PrivateServer::create(directory); server && server->isRunning()) {
            if (const Status stopped = server->stop(); !stopped)
                return stopped;
        }
    }
    fs::remove_all(directory, problem);
    if (problem)
        return failure(Fault::Unavailable, fmt::format("{} could not be cleared away: {}", directory.string(), problem.message()),
                       "Remove that folder by hand");
    return Nothing{};
}

Status writeServiceFile(const PrivateServer& server)
{
    std::string text = "# Services of the Scrutineer demo, made by the program at each start.\n";
    for (const Section& section : kSections) {
        for (const Login& login : kLogins) {
            const domain::ConnectionTarget target = server.target(std::string{section.database}, std::string{login.user});
            text += fmt::format("\n[{}{}]\nhost={}\n", section.service, login.suffix, target.host);
            if (!target.port.empty())
                text += fmt::format("port={}\n", target.port);
            text += fmt::format("dbname={}\nuser={}\n", target.database, target.user);
        }
    }
    return writeAll(serviceFileIn(server.directory()), text);
}

domain::Result<DemoLock> DemoLock::take(const fs::path& directory)
{
    std::error_code problem;
    fs::create_directories(directory.parent_path(), problem);
    const std::string path = directory.string() + ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return failure(Fault::Unavailable, fmt::format("{} could not be opened: {}", path, std::strerror(errno)),
                       "Name a folder that you may write to with --dir");
    DemoLock lock{file};
    if (::flock(file, LOCK_EX | LOCK_NB) != 0)
        return failure(Fault::Unavailable, "The demo is being started or stopped by another program",
                       "Wait for that one and try again");
    return lock;
}

DemoLock::DemoLock(DemoLock&& other) noexcept : m_file{std::exchange(other.m_file, -1)} {}

DemoLock::~DemoLock()
{
    if (m_file < 0)
        return;
    ::flock(m_file, LOCK_UN); // in so many words, since a watchdog that was forked meanwhile shares the open file
    ::close(m_file);
}

} // namespace scr::demo
