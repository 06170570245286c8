#include "demo/server_process.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace scr::demo {

using domain::failure;
using domain::Fault;

namespace {

constexpr std::size_t kOutputKept = 4000;

/// Everything a child needs between fork and exec, made before the fork: afterwards only async-signal-safe calls are allowed,
/// since another thread may have held the heap's lock.
class Launch {
public:
    explicit Launch(const std::vector<std::string>& command) : m_command{command}, m_user{serverUser()}
    {
        for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
            const std::string_view pair{*entry};
            if (!pair.starts_with("PG") && !pair.starts_with("LC_") && !pair.starts_with("LANG"))
                m_environment.emplace_back(pair);
        }
        m_environment.emplace_back("LC_ALL=C");
        for (std::string& part : m_command)
            m_argv.push_back(part.data());
        for (std::string& pair : m_environment)
            m_envp.push_back(pair.data());
        m_argv.push_back(nullptr);
        m_envp.push_back(nullptr);
    }

    [[nodiscard]] bool becomeServerUser() const
    {
        if (!m_user.differs)
            return true;
        return setgroups(1, &m_user.gid) == 0 && setgid(m_user.gid) == 0 && setuid(m_user.uid) == 0;
    }

    [[noreturn]] void exec()
    {
        execve(m_argv[0], m_argv.data(), m_envp.data());
        _exit(127);
    }

private:
    std::vector<std::string> m_command;
    std::vector<std::string> m_environment;
    std::vector<char*> m_argv;
    std::vector<char*> m_envp;
    ServerUser m_user;
};

void closeFrom(unsigned first)
{
    if (close_range(first, ~0U, 0) == 0)
        return;
    for (int fd = static_cast<int>(first); fd < 4096; ++fd)
        close(fd);
}

/// Signals that the parent blocks or ignores must not be blocked or ignored in PostgreSQL.
void resetSignals()
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGQUIT})
        signal(number, SIG_DFL);
}

[[noreturn]] void runChild(Launch& launch, int output)
{
    resetSignals();
    const int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
        _exit(126);
    closeFrom(3);
    if (!launch.becomeServerUser() || chdir("/") != 0)
        _exit(126);
    launch.exec();
}

[[noreturn]] void runWatchdog(Launch& launch, int pipe)
{
    setsid();
    resetSignals();
    signal(SIGINT, SIG_IGN);                             // a terminal's Ctrl-C is for the parent
    if (dup2(pipe, 3) != 3 || fcntl(3, F_SETFD, 0) != 0) // where it was 3 already, dup2 leaves it to be closed
        _exit(126);
    closeFrom(4);
    const int null = open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2})
        dup2(null, fd);
    if (!launch.becomeServerUser() || chdir("/") != 0)
        _exit(126);
    launch.exec();
}

std::string readAll(int fd)
{
    std::string text;
    char buffer[1024];
    for (;;) {
        const ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        if (text.size() < kOutputKept)
            text.append(buffer, static_cast<std::size_t>(got));
    }
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

int waitFor(pid_t child)
{
    int status = 0;
    pid_t got = 0;
    do {
        got = waitpid(child, &status, 0);
    } while (got < 0 && errno == EINTR);
    return got == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

ServerUser serverUser()
{
    ServerUser user{geteuid(), getegid(), "", false, false};
    const bool root = user.uid == 0;
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd* found = nullptr;
    const int failed = root ? getpwnam_r("postgres", &entry, buffer.data(), buffer.size(), &found)
                            : getpwuid_r(user.uid, &entry, buffer.data(), buffer.size(), &found);
    if (failed == 0 && found != nullptr)
        return {entry.pw_uid, root ? entry.pw_gid : user.gid, entry.pw_name, root, false};
    user.missing = root;
    user.name = std::to_string(user.uid);
    return user;
}

ProcessEnd runAsServerUser(const std::vector<std::string>& command)
{
    Launch launch{command};
    int pipe[2];
    if (pipe2(pipe, O_CLOEXEC) != 0)
        return {-1, std::strerror(errno)};
    const pid_t child = fork();
    if (child == 0)
        runChild(launch, pipe[1]);
    close(pipe[1]);
    ProcessEnd end;
    if (child > 0) {
        end.output = readAll(pipe[0]);
        end.code = waitFor(child);
    } else {
        end.output = std::strerror(errno);
    }
    close(pipe[0]);
    return end;
}

domain::Result<Watchdog> startWatchdogProcess(const std::vector<std::string>& command)
{
    Launch launch{command};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return failure(Fault::Unavailable, fmt::format("no watchdog can be started: {}", std::strerror(errno)),
                       "Close other programs");
    const pid_t child = fork();
    if (child == 0)
        runWatchdog(launch, ends[1]);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return failure(Fault::Unavailable, fmt::format("no watchdog can be started: {}", std::strerror(errno)),
                       "Close other programs");
    }
    return Watchdog{child, ends[0]};
}

void dismissWatchdogProcess(const Watchdog& watchdog)
{
    static_cast<void>(send(watchdog.pipe, "q\n", 2, MSG_NOSIGNAL));
    waitFor(watchdog.pid);
    close(watchdog.pipe);
}

} // namespace scr::demo
