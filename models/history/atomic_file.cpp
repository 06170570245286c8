#include "history/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace scr::history {

namespace {

using domain::Fault;

tl::unexpected<domain::Error> writeFailure(const std::string& path, int error)
{
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return domain::failure(Fault::Unavailable,
                           fmt::format("{} cannot be written: {}; nothing was left there", path, std::strerror(error)),
                           full ? "Free some space or choose another disk" : "Check the folder and its permissions");
}

tl::unexpected<domain::Error> streamFailure(const std::string& path, int error)
{
    return domain::failure(Fault::Unavailable,
                           fmt::format("{} cannot be written: {}", path == "-" ? "standard output" : path, std::strerror(error)),
                           "Check that whoever reads it is still there");
}

/// Where the links lead, also to what is not there yet.
std::string behindLinks(const std::string& path)
{
    namespace fs = std::filesystem;
    std::error_code error;
    if (const fs::path real = fs::canonical(path, error); !error)
        return real.string();
    if (const fs::path next = fs::read_symlink(path, error); !error)
        return (fs::path{path}.parent_path() / next).string();
    return path;
}

/// The descriptor that a name stands for, whatever file lies behind it: a shell may be appending to that; -1: none.
int descriptorOf(const std::string& path)
{
    if (path == "-" || path == "/dev/stdout")
        return STDOUT_FILENO;
    if (path == "/dev/stderr")
        return STDERR_FILENO;
    for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        int number = -1;
        const char* end = path.data() + path.size();
        if (path.starts_with(folder) && std::from_chars(path.data() + folder.size(), end, number).ptr == end)
            return number;
    }
    return -1;
}

std::string folderOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// Without it the rename may not survive a power cut. Some file systems refuse it; then there is nothing better.
void syncFolder(const std::string& folder) noexcept
{
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    ::fsync(fd);
    ::close(fd);
}

/// Opened by name and not by mkostemp, so that the umask decides who may read it.
int openBeside(const std::string& path, std::string& temporary)
{
    static std::atomic<unsigned> counter{0};
    for (int attempt = 0; attempt < 100; ++attempt) {
        temporary = fmt::format("{}.part-{}-{}", path, ::getpid(), counter++);
        const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

} // namespace

AtomicFile::AtomicFile(std::string path, std::string temporary, int fd) :
    m_path{std::move(path)}, m_temporary{std::move(temporary)}, m_fd{fd}
{
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept :
    m_path{std::move(other.m_path)}, m_temporary{std::move(other.m_temporary)}, m_fd{std::exchange(other.m_fd, -1)}
{
}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept
{
    if (this != &other) {
        discard();
        m_path = std::move(other.m_path);
        m_temporary = std::move(other.m_temporary);
        m_fd = std::exchange(other.m_fd, -1);
    }
    return *this;
}

AtomicFile::~AtomicFile()
{
    discard();
}

void AtomicFile::discard() noexcept
{
    if (m_fd < 0)
        return;
    ::close(std::exchange(m_fd, -1));
    if (!isStraight())
        ::unlink(m_temporary.c_str());
}

domain::Result<AtomicFile> AtomicFile::create(const std::string& path)
{
    struct stat facts{};
    const int descriptor = descriptorOf(path);
    const bool exists = ::stat(path.c_str(), &facts) == 0;
    if (path.empty() || (exists && S_ISDIR(facts.st_mode)))
        return domain::failure(Fault::Invalid, fmt::format("'{}' is not the name of a file", path), "Name a file to write");
    if (descriptor >= 0 || (exists && !S_ISREG(facts.st_mode))) {
        const int stream = descriptor >= 0 ? ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        return stream < 0 ? domain::Result<AtomicFile>{streamFailure(path, errno)} : AtomicFile{path, {}, stream};
    }
    const std::string place = behindLinks(path);
    std::string temporary;
    const int fd = openBeside(place, temporary);
    if (fd < 0)
        return writeFailure(path, errno);
    return AtomicFile{place, std::move(temporary), fd};
}

domain::Status AtomicFile::write(std::string_view bytes)
{
    if (m_fd < 0)
        return domain::failure(Fault::Unavailable, fmt::format("{} is closed", m_path));
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_fd, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            const int error = errno;
            discard();
            return isStraight() ? streamFailure(m_path, error) : writeFailure(m_path, error);
        }
    }
    return domain::Nothing{};
}

domain::Status AtomicFile::sync()
{
    if (m_fd < 0)
        return domain::failure(Fault::Unavailable, fmt::format("{} is closed", m_path));
    if (isStraight() || ::fsync(m_fd) == 0 || errno == EINVAL || errno == EROFS)
        return domain::Nothing{};
    const int error = errno;
    discard();
    return writeFailure(m_path, error);
}

domain::Status AtomicFile::commit()
{
    if (const domain::Status synced = sync(); !synced)
        return synced;
    if (isStraight()) {
        ::close(std::exchange(m_fd, -1));
        return domain::Nothing{};
    }
    if (::rename(m_temporary.c_str(), m_path.c_str()) != 0) {
        const int error = errno;
        discard();
        return writeFailure(m_path, error);
    }
    ::close(std::exchange(m_fd, -1));
    syncFolder(folderOf(m_path));
    return domain::Nothing{};
}

domain::Status writeFile(const std::string& path, std::string_view text)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return domain::failureOf(file);
    if (const domain::Status written = file->write(text); !written)
        return written;
    return file->commit();
}

} // namespace scr::history
