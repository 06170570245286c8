#include "elevated/request_journal.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace scr::elevated {

using domain::failure;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;
using Json = nlohmann::json;

namespace {

constexpr const char* kRemedy = "Free space or change the folder's rights; nothing was sent to the database";

std::int64_t nowMicros()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Json argumentsOf(const WriteCall& call)
{
    Json arguments = Json::array();
    for (const std::optional<std::string>& argument : call.arguments)
        arguments.push_back(argument ? Json(*argument) : Json(nullptr));
    return arguments;
}

/// Bytes that are not UTF-8 must not keep a request from being written down.
std::string lineOf(const Json& entry)
{
    return entry.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

UnfinishedRequest requestOf(const Json& entry)
{
    UnfinishedRequest request;
    request.call.request = domain::RequestId{entry.at("request").get<std::string>()};
    request.call.function = entry.at("function").get<std::string>();
    for (const Json& argument : entry.at("arguments"))
        request.call.arguments.push_back(argument.is_null() ? std::optional<std::string>{} : argument.get<std::string>());
    request.target = entry.at("target").get<std::string>();
    request.sentAt = domain::timeOf(entry.at("at").get<std::int64_t>());
    return request;
}

void take(std::vector<UnfinishedRequest>& open, const Json& entry)
{
    const auto isSame = [&](const UnfinishedRequest& one) {
        return one.call.request.text == entry.at("request").get<std::string>() &&
               one.call.function == entry.at("function").get<std::string>();
    };
    std::erase_if(open, isSame);
    if (!entry.contains("outcome"))
        open.push_back(requestOf(entry));
}

class File {
public:
    explicit File(const std::filesystem::path& path) :
        m_fd{open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)},
        m_good{m_fd >= 0 && flock(m_fd, LOCK_EX) == 0}
    {
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File()
    {
        if (m_fd >= 0)
            close(m_fd);
    }

    /// A process that was killed may have left half a line: the next one then starts on a line of its own.
    [[nodiscard]] bool append(std::string line) const
    {
        if (!m_good)
            return false;
        const off_t size = lseek(m_fd, 0, SEEK_END);
        char last = '\n';
        if (size > 0 && pread(m_fd, &last, 1, size - 1) == 1 && last != '\n')
            line.insert(line.begin(), '\n');
        for (std::size_t written = 0; written < line.size();) {
            const ssize_t now = write(m_fd, line.data() + written, line.size() - written);
            if (now < 0 && errno != EINTR)
                return false;
            written += now > 0 ? static_cast<std::size_t>(now) : 0;
        }
        return fsync(m_fd) == 0;
    }

private:
    int m_fd;
    bool m_good;
};

void syncFolder(const std::filesystem::path& directory)
{
    const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

} // namespace

RequestJournal::RequestJournal(std::filesystem::path directory) : m_directory{std::move(directory)} {}

Status RequestJournal::append(const std::string& line) const
{
    std::error_code error;
    const bool isNew = !std::filesystem::exists(file(), error);
    if (std::filesystem::create_directories(m_directory, error))
        chmod(m_directory.c_str(), 0700);
    if (error || !File{file()}.append(line))
        return failure(
            Fault::Unavailable,
            fmt::format("the journal {} cannot be written: {}", file().string(), error ? error.message() : std::strerror(errno)),
            kRemedy);
    if (isNew)
        syncFolder(m_directory);
    return Nothing{};
}

Status RequestJournal::sending(const WriteCall& call, const std::string& target) const
{
    return append(lineOf({{"at", nowMicros()},
                          {"target", target},
                          {"request", call.request.text},
                          {"function", call.function},
                          {"arguments", argumentsOf(call)}}));
}

Status RequestJournal::finished(const domain::RequestId& request, const std::string& function, const std::string& outcome) const
{
    return append(lineOf({{"at", nowMicros()}, {"request", request.text}, {"function", function}, {"outcome", outcome}}));
}

Result<std::vector<UnfinishedRequest>> RequestJournal::unfinished() const
{
    std::vector<UnfinishedRequest> open;
    std::error_code error;
    if (!std::filesystem::exists(file(), error))
        return open;
    std::ifstream in{file()};
    if (!in)
        return failure(Fault::Unavailable, fmt::format("the journal {} cannot be read", file().string()),
                       "Change the file's rights");
    for (std::string line; std::getline(in, line);) {
        const Json entry = Json::parse(line, nullptr, false);
        if (!entry.is_object())
            continue; // torn by a crash
        try {
            take(open, entry);
        } catch (const Json::exception& malformed) {
            return failure(Fault::Corrupt,
                           fmt::format("the journal {} holds a line that is not ours: {}", file().string(), malformed.what()),
                           "Move the file away and look at it");
        }
    }
    return open;
}

} // namespace scr::elevated
