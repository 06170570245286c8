#include "seal/signed_state.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

#include "audit/hash.h"
#include "history/atomic_file.h"

namespace scr::seal {

using domain::failure;
using domain::Fault;
using domain::Result;

SignedState::Lock::~Lock()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<SignedState::Lock> SignedState::lock() const
{
    std::error_code problem;
    if (std::filesystem::create_directories(m_directory, problem))
        std::filesystem::permissions(m_directory, std::filesystem::perms::owner_all, problem);
    const std::string path = m_directory / "lock";
    const int fd = problem ? -1 : ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    Lock lock{fd};
    if (fd >= 0 && ::flock(fd, LOCK_EX) == 0)
        return lock;
    return failure(Fault::Unavailable,
                   fmt::format("{} cannot be locked: {}", path, problem ? problem.message() : std::strerror(errno)),
                   "Make the folder writable, or name another with --state");
}

/// A name may hold what no file name may.
std::filesystem::path SignedState::fileOf(const std::string& name, const char* suffix) const
{
    return m_directory / (audit::hexOf(audit::sha256(name)).substr(0, 16) + suffix);
}

Result<std::optional<std::string>> SignedState::textIn(const std::filesystem::path& path) const
{
    std::error_code problem;
    if (!std::filesystem::exists(path, problem) && !problem)
        return std::nullopt;
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    if (problem || !file || text.str().empty())
        return failure(Fault::Corrupt, fmt::format("{} cannot be read, or is empty", path.string()),
                       "It holds what was signed last: restore it, do not delete it");
    return text.str();
}

Result<std::optional<std::string>> SignedState::note(const std::string& origin) const
{
    return textIn(fileOf(origin, ".note"));
}

domain::Status SignedState::keep(const std::string& origin, const std::string& note) const
{
    return history::writeFile(fileOf(origin, ".note"), note);
}

Result<std::optional<std::string>> SignedState::origin(const std::string& keyName) const
{
    return textIn(fileOf(keyName, ".origin"));
}

domain::Status SignedState::keepOrigin(const std::string& keyName, const std::string& origin) const
{
    return history::writeFile(fileOf(keyName, ".origin"), origin);
}

} // namespace scr::seal
