#include "history/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace scr::history {

namespace {

using domain::Fault;

class FileBytes : public ByteSource {
public:
    FileBytes(int fd, std::string path, std::uint64_t size) : m_fd{fd}, m_path{std::move(path)}, m_size{size} {}
    ~FileBytes() override
    {
        if (m_fd > STDIN_FILENO)
            ::close(m_fd);
    }

    domain::Result<std::size_t> read(std::span<char> into) override
    {
        for (;;) {
            const ssize_t count = ::read(m_fd, into.data(), into.size());
            if (count >= 0)
                return static_cast<std::size_t>(count);
            if (errno != EINTR)
                return domain::failure(Fault::Unavailable,
                                       fmt::format("{} cannot be read further: {}", m_path, std::strerror(errno)));
        }
    }
    std::uint64_t size() const noexcept override { return m_size; }

private:
    int m_fd;
    std::string m_path;
    std::uint64_t m_size;
};

class TextBytes : public ByteSource {
public:
    explicit TextBytes(std::string text) : m_text{std::move(text)} {}

    domain::Result<std::size_t> read(std::span<char> into) override
    {
        const std::size_t count = std::min(into.size(), m_text.size() - m_at);
        std::memcpy(into.data(), m_text.data() + m_at, count);
        m_at += count;
        return count;
    }
    std::uint64_t size() const noexcept override { return m_text.size(); }

private:
    std::string m_text;
    std::size_t m_at = 0;
};

std::uint64_t sizeOf(const struct stat& facts) noexcept
{
    return S_ISREG(facts.st_mode) && facts.st_size > 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
}

} // namespace

domain::Result<std::unique_ptr<ByteSource>> openBytes(const std::string& path)
{
    struct stat facts{};
    if (path == "-") {
        if (::fstat(STDIN_FILENO, &facts) != 0)
            return domain::failure(Fault::Unavailable, "Standard input is closed", "Name a file instead of -");
        return std::make_unique<FileBytes>(STDIN_FILENO, "standard input", sizeOf(facts));
    }
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return domain::failure(errno == ENOENT ? Fault::NotFound : Fault::Unavailable,
                               fmt::format("{} cannot be opened: {}", path, std::strerror(errno)),
                               "Check the name and its permissions");
    }
    const bool known = ::fstat(fd, &facts) == 0;
    auto bytes = std::make_unique<FileBytes>(fd, path, known ? sizeOf(facts) : 0);
    if (known && S_ISDIR(facts.st_mode))
        return domain::failure(Fault::Invalid, fmt::format("{} is a folder", path), "Name a CSV file in it");
    return bytes;
}

std::unique_ptr<ByteSource> bytesOf(std::string text)
{
    return std::make_unique<TextBytes>(std::move(text));
}

} // namespace scr::history
