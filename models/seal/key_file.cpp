#include "seal/key_file.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace scr::seal {

using domain::failure;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::size_t kMostSecret = 1024;

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd{fd} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    [[nodiscard]] int get() const noexcept { return m_fd; }

private:
    int m_fd;
};

bool writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR)
            return false;
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return ::fsync(fd) == 0;
}

} // namespace

Status writeKeyFile(const std::string& path, const audit::SigningKey& key)
{
    return writeSecretFile(path, key.text() + '\n');
}

Status writeSecretFile(const std::string& path, std::string_view secret)
{
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (file.get() < 0 && errno == EEXIST)
        return failure(Fault::Rejected, fmt::format("{} is there already", path), "Name a new file: a key is never written over");
    if (file.get() < 0)
        return failure(Fault::Unavailable, fmt::format("{} cannot be made: {}", path, std::strerror(errno)),
                       "Check the folder and its permissions");
    if (!writeAll(file.get(), secret)) {
        const int error = errno;
        ::unlink(path.c_str());
        return failure(Fault::Unavailable,
                       fmt::format("{} cannot be written: {}; nothing was left there", path, std::strerror(error)),
                       "Make room on that disk, or name another folder");
    }
    return Nothing{};
}

Result<audit::SigningKey> readKeyFile(const std::string& path)
{
    const auto secret = readSecretFile(path);
    if (!secret)
        return domain::failureOf(secret);
    std::string_view text = *secret;
    if (text.ends_with('\n'))
        text.remove_suffix(1);
    return audit::SigningKey::parse(text);
}

Result<std::string> readSecretFile(const std::string& path)
{
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat facts{};
    if (file.get() < 0 || ::fstat(file.get(), &facts) != 0)
        return failure(Fault::Unavailable, fmt::format("the key {} cannot be read: {}", path, std::strerror(errno)),
                       "Make one with scrutineerctl keygen, or name the file with --key");
    if (!S_ISREG(facts.st_mode) || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return failure(Fault::Rejected, fmt::format("the key {} can be read by others", path),
                       fmt::format("Look whether somebody took it, then: chmod 600 {}", path));
    std::array<char, kMostSecret + 1> buffer;
    const ssize_t length = ::read(file.get(), buffer.data(), buffer.size());
    if (length < 0 || static_cast<std::size_t>(length) > kMostSecret)
        return failure(Fault::Invalid, fmt::format("the file {} holds no key", path), "Name the file that keygen made");
    return std::string{buffer.data(), static_cast<std::size_t>(length)};
}

} // namespace scr::seal
