#pragma once

#include <filesystem>
#include <string>

#include "demo/private_server.h"
#include "domain/result.h"

namespace scr::demo {

/// How far the databases of a demo directory have come.
enum class DemoState { Absent, Building, Ready };

[[nodiscard]] std::filesystem::path serviceFileIn(const std::filesystem::path& directory);
[[nodiscard]] DemoState stateOf(const std::filesystem::path& directory);
[[nodiscard]] domain::Status writeState(const std::filesystem::path& directory, DemoState state);

/// Takes away a demo that never became ready. Refuses a folder with anything in it that is not ours.
[[nodiscard]] domain::Status clearAway(const std::filesystem::path& directory);

/// Sections for each demo database and each login, as demo.h names them.
[[nodiscard]] domain::Status writeServiceFile(const PrivateServer& server);

/// Keeps two programs from making or starting the same demo at once; let go on destruction.
class DemoLock {
public:
    [[nodiscard]] static domain::Result<DemoLock> take(const std::filesystem::path& directory);
    DemoLock(DemoLock&& other) noexcept;
    DemoLock& operator=(DemoLock&&) = delete;
    DemoLock(const DemoLock&) = delete;
    DemoLock& operator=(const DemoLock&) = delete;
    ~DemoLock();

private:
    explicit DemoLock(int file) : m_file{file} {}
    int m_file;
};

} // namespace scr::demo
