#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "domain/result.h"

namespace scr::demo {

/// Who the private server runs as: the calling user, or `postgres` when that is root.
struct ServerUser {
    uid_t uid{};
    gid_t gid{};
    std::string name;
    bool differs{}; ///< another user than the caller
    bool missing{}; ///< root calls, and there is no user postgres
};
[[nodiscard]] ServerUser serverUser();

struct ProcessEnd {
    int code = -1;      ///< exit code; -1: did not run or was killed
    std::string output; ///< standard output and error, the first 4,000 bytes, on one line
};
/// Runs a program as that user, in /, with none of our PG* variables and descriptors, and waits for its end.
[[nodiscard]] ProcessEnd runAsServerUser(const std::vector<std::string>& command);

struct Watchdog {
    pid_t pid = -1;
    int pipe = -1;
};
/// Runs `command` as the server's user, in a session of its own. Its descriptor 3 gives a line when it is dismissed, and comes to
/// its end without one when this process is gone, however it ended. It is a program of its own from the start: whoever kills this
/// one by name does not meet it.
[[nodiscard]] domain::Result<Watchdog> startWatchdogProcess(const std::vector<std::string>& command);
/// Ends a watchdog without its command.
void dismissWatchdogProcess(const Watchdog& watchdog);

} // namespace scr::demo
