#include "demo/demo.h"

#include <cstdlib>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "demo/demo_files.h"
#include "demo/demo_seal.h"
#include "demo/demo_site.h"
#include "demo/private_server.h"

namespace scr::demo {

namespace {

namespace fs = std::filesystem;
using domain::Result;
using domain::Status;

constexpr const char* kRootDirectory = "/var/lib/scrutineer/demo";

fs::path dataHome()
{
    if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
        return data;
    const char* home = std::getenv("HOME");
    return fs::path{home == nullptr ? "/" : home} / ".local" / "share";
}

/// Whether a user who is neither owner nor in the group can pass every folder on the way, as far as these exist already.
bool openToOthers(fs::path folder)
{
    for (; folder != folder.root_path(); folder = folder.parent_path()) {
        struct stat facts{};
        if (::stat(folder.c_str(), &facts) == 0 && (facts.st_mode & S_IXOTH) == 0)
            return false;
    }
    return true;
}

bool report(const DemoOptions& options, std::string_view step)
{
    return !options.progress || options.progress(step, 0, 0);
}

/// The first start works without fsync and under a watchdog: whatever breaks it off leaves neither a process nor half a demo
/// that a later start would take for a whole one.
Status makeDemo(const fs::path& directory, const DemoOptions& options)
{
    if (const Status cleared = clearAway(directory); !cleared)
        return cleared;
    std::error_code problem;
    fs::create_directories(directory, problem);
    if (const Status noted = writeState(directory, DemoState::Building); !noted)
        return noted;
    if (!report(options, "Making a database server"))
        return domain::failure(domain::Fault::Cancelled, "The start of the demo was stopped");
    ServerOptions building;
    building.durable = false;
    building.dieWithParent = true;
    Result<PrivateServer> server = PrivateServer::create(directory, building);
    if (!server)
        return domain::failureOf(server);
    if (const Status started = server->start(); !started)
        return started;
    const Status built = buildDemo(*server, options);
    const Status stopped = server->stop();
    if (!built)
        return built;
    if (!stopped)
        return stopped;
    ::sync(); // nothing was synced on the way
    return writeState(directory, DemoState::Ready);
}

} // namespace

fs::path demoDirectory()
{
    const fs::path own = dataHome() / "scrutineer" / "demo";
    return ::geteuid() == 0 && !openToOthers(own.parent_path()) ? fs::path{kRootDirectory} : own;
}

Result<DemoServer> startDemo(const DemoOptions& options)
{
    const fs::path directory = options.directory.empty() ? demoDirectory() : fs::absolute(options.directory);
    const Result<DemoLock> lock = DemoLock::take(directory);
    if (!lock)
        return domain::failureOf(lock);
    DemoServer demo{std::string{kDemoService}, serviceFileIn(directory), directory, false, false};
    if (stateOf(directory) != DemoState::Ready) {
        demo.firstStart = true;
        if (const Status made = makeDemo(directory, options); !made) {
            (void)clearAway(directory); // the first failure is the one worth telling
            return domain::failureOf(made);
        }
    }
    ServerOptions running;
    running.dieWithParent = options.dieWithParent;
    Result<PrivateServer> server = PrivateServer::create(directory, running);
    if (!server)
        return domain::failureOf(server);
    demo.wasRunning = server->isRunning();
    if (const Status started = server->start(); !started)
        return domain::failureOf(started);
    if (const Status written = writeServiceFile(*server); !written)
        return domain::failureOf(written);
    if (const Status sealed = sealDemo(*server); !sealed)
        return domain::failureOf(sealed);
    return demo;
}

Status stopDemo(const fs::path& wanted)
{
    const fs::path directory = wanted.empty() ? demoDirectory() : fs::absolute(wanted);
    if (!PrivateServer::existsIn(directory))
        return domain::Nothing{};
    const Result<DemoLock> lock = DemoLock::take(directory);
    if (!lock)
        return domain::failureOf(lock);
    Result<PrivateServer> server = PrivateServer::create(directory);
    return server ? server->stop() : Status{domain::failureOf(server)};
}

Result<DemoStatus> demoStatus(const fs::path& wanted)
{
    const fs::path directory = wanted.empty() ? demoDirectory() : fs::absolute(wanted);
    DemoStatus status{stateOf(directory) == DemoState::Ready, false, directory, serviceFileIn(directory)};
    if (!PrivateServer::existsIn(directory))
        return status;
    const Result<PrivateServer> server = PrivateServer::create(directory);
    if (!server)
        return domain::failureOf(server);
    status.running = server->isRunning();
    return status;
}

void useServiceFile(const fs::path& directory)
{
    ::setenv("PGSERVICEFILE", serviceFileIn(directory.empty() ? demoDirectory() : directory).c_str(), 1);
}

} // namespace scr::demo
