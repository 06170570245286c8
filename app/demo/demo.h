#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::demo {

/// Libpq services of the demo. Each of them also has `<service>-elevated` (moderator and admin), `<service>-sealer` and
/// `<service>-owner`.
inline constexpr std::string_view kDemoService = "scrutineer-demo";                ///< the unprotected site after the storm
inline constexpr std::string_view kProtectedService = "scrutineer-demo-protected"; ///< the reference system after the same storm
inline constexpr std::string_view kImportService = "scrutineer-demo-import";       ///< empty, for `scrutineerctl import`

/// What helps when the demo's server does not answer.
inline constexpr const char* kLinkRemedy = "Run scrutineerctl demo stop, then scrutineerctl demo start";

struct DemoServer {
    std::string service;               ///< kDemoService
    std::filesystem::path serviceFile; ///< export PGSERVICEFILE with it, or call useServiceFile()
    std::filesystem::path directory;
    bool firstStart{}; ///< the databases were made just now
    bool wasRunning{}; ///< somebody else had started it; it stays when we go
};

/// Reads a database as `reader` and records the flags found there as `elevated`; the demo calls it for each attacked database.
/// Given by the program, since this folder knows neither detectors nor the read side: scanning::scanAndRecord.
using ScanAndRecord =
    std::function<domain::Status(const domain::ConnectionTarget& reader, const domain::ConnectionTarget& elevated)>;

/// `step` in words; done of total, total 0 when the step cannot be measured. False stops with Fault::Cancelled.
using DemoProgress = std::function<bool(std::string_view step, std::uint64_t done, std::uint64_t total)>;

/// How large the simulated site is; the defaults are what a person should see.
struct DemoSize {
    std::uint64_t votes = 60'000;
    std::uint32_t tokens = 3'000;
    std::uint32_t posts = 600;
    std::uint64_t seed = 7;
    unsigned burstVotes = 42; ///< cast one after the other about 0.4 s apart, so this sets how long the storm lasts
};

struct DemoOptions {
    std::filesystem::path directory; ///< empty: demoDirectory()
    bool dieWithParent = false;      ///< the server ends with this process, also when that is killed
    DemoSize size;
    ScanAndRecord scanAndRecord;
    DemoProgress progress; ///< may be empty
};

/// Starts the demo server and, the first time, makes its databases and attacks them. A first start that was broken off is
/// cleared away and begun anew.
[[nodiscard]] domain::Result<DemoServer> startDemo(const DemoOptions& options);

/// Ends the server; not running is no error. `directory` empty: demoDirectory().
[[nodiscard]] domain::Status stopDemo(const std::filesystem::path& directory = {});

struct DemoStatus {
    bool exists{}; ///< the databases are complete
    bool running{};
    std::filesystem::path directory;
    std::filesystem::path serviceFile;
};
[[nodiscard]] domain::Result<DemoStatus> demoStatus(const std::filesystem::path& directory = {});

/// $XDG_DATA_HOME/scrutineer/demo. PostgreSQL refuses to run as root, so for root it must be a place that the server's own user
/// can reach: where a parent folder is closed to others, it is /var/lib/scrutineer/demo instead.
[[nodiscard]] std::filesystem::path demoDirectory();

/// Lets every later connection of this process find the services of the demo in `directory` (empty: demoDirectory()). Call it
/// before any thread exists.
void useServiceFile(const std::filesystem::path& directory = {});

} // namespace scr::demo
