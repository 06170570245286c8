#include "elevated/request_journal.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace scr::elevated {

using domain::failure;
using domain::failureOf;
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

constexpr off_t kShortenAbove = 1'000'000;
constexpr std::string_view kUnkept = "record_flags"; // once was; a scan that is made again records the same

/// Bytes that are not UTF-8 must not keep a request from being written down.
std::string dumped(const Json& entry)
{
    return entry.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string lineOf(const UnfinishedRequest& one)
{
    return dumped({{"at", domain::microsOf(one.sentAt)},
                   {"target", one.target},
                   {"request", one.call.request.text},
                   {"function", one.call.function},
                   {"arguments", argumentsOf(one.call)}});
}

UnfinishedRequest requestOf(const Json& entry)
{
    UnfinishedRequest request;
    request.call.request = domain::RequestId{entry.at("request").get<std::string>()};
    request.call.function = entry.at("function").get<std::string>();
    for (const Json& argument : entry.value("arguments", Json::array()))
        request.call.arguments.push_back(argument.is_null() ? std::optional<std::string>{} : argument.get<std::string>());
    request.target = entry.value("target", std::string{}); // outcomes were once written without it
    request.sentAt = domain::timeOf(entry.at("at").get<std::int64_t>());
    return request;
}

void take(std::vector<UnfinishedRequest>& open, const Json& entry)
{
    const UnfinishedRequest one = requestOf(entry);
    std::erase_if(open, [&](const UnfinishedRequest& other) {
        return other.call.request == one.call.request && other.call.function == one.call.function &&
               (other.target == one.target || one.target.empty());
    });
    if (!entry.contains("outcome") && one.call.function != kUnkept)
        open.push_back(one);
}

/// The journal's file, locked against other processes and held open.
class File {
public:
    explicit File(const std::filesystem::path& path)
    {
        while (!m_good && openAndLock(path)) {
            // Another process may have put a shorter file in its place while this one waited for the lock.
            struct stat held{};
            struct stat named{};
            m_good = fstat(m_fd, &held) == 0 && stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino;
            m_size = held.st_size;
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { shut(); }

    [[nodiscard]] bool isGood() const noexcept { return m_good; }
    [[nodiscard]] off_t size() const noexcept { return m_size; } ///< when it was opened

    /// A process that was killed may have left half a line: the next one then starts on a line of its own.
    [[nodiscard]] bool append(std::string line) const
    {
        if (!m_good)
            return false;
        char last = '\n';
        if (m_size > 0 && pread(m_fd, &last, 1, m_size - 1) == 1 && last != '\n')
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
    bool openAndLock(const std::filesystem::path& path)
    {
        shut();
        m_fd = open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        return m_fd >= 0 && flock(m_fd, LOCK_EX) == 0;
    }
    void shut()
    {
        if (m_fd >= 0)
            close(std::exchange(m_fd, -1));
    }

    int m_fd = -1;
    off_t m_size = 0;
    bool m_good = false;
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

std::string wordsOf(const WriteCall& call)
{
    const auto quoted = [&](std::size_t argument) {
        return argument < call.arguments.size() && call.arguments[argument] ? fmt::format(", \"{}\"", *call.arguments[argument])
                                                                            : std::string{};
    };
    if (call.function == "void_votes")
        return "void" + quoted(2);
    if (call.function == "restore_votes")
        return "restore" + quoted(2);
    if (call.function == "propose_void")
        return "proposal of a void" + quoted(2);
    if (call.function == "approve_void")
        return "approval of a void";
    if (call.function == "withdraw_proposal")
        return "withdrawal of a proposal" + quoted(0);
    if (call.function == "review_flag")
        return "decision about a flag" + quoted(1) + quoted(2);
    if (call.function == "accept_control")
        return (quoted(2).empty() ? "end of an acceptance" : "acceptance of a risk") + quoted(0) + quoted(2) + quoted(3);
    if (call.function == "log_export")
        return "entry in the log" + quoted(0);
    return call.function;
}

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

/// A file as it should be takes the place of the long one in one step. Where it cannot be written the long one stays.
void RequestJournal::shorten() const
{
    const File held{file()};
    if (!held.isGood() || held.size() <= kShortenAbove)
        return;
    const Result<std::vector<UnfinishedRequest>> open = unfinished();
    if (!open)
        return;
    std::string text;
    for (const UnfinishedRequest& one : *open)
        text += lineOf(one);
    const std::filesystem::path fresh = file().string() + ".new";
    std::error_code error;
    std::filesystem::remove(fresh, error);
    if (!File{fresh}.append(text))
        return;
    std::filesystem::rename(fresh, file(), error);
    syncFolder(m_directory);
}

Status RequestJournal::sending(const WriteCall& call, const std::string& target) const
{
    return append(lineOf({call, target, domain::timeOf(nowMicros())}));
}

Status RequestJournal::finished(const WriteCall& call, const std::string& target, const std::string& outcome) const
{
    const Status kept = append(dumped({{"at", nowMicros()},
                                       {"target", target},
                                       {"request", call.request.text},
                                       {"function", call.function},
                                       {"outcome", outcome}}));
    if (kept)
        shorten();
    return kept;
}

Result<std::vector<UnfinishedRequest>> RequestJournal::unfinished() const
{
    std::vector<UnfinishedRequest> open;
    std::error_code error;
    if (!std::filesystem::exists(file(), error))
        return open;
    const auto unreadable = [this] {
        return failure(Fault::Unavailable, fmt::format("the journal {} cannot be read", file().string()),
                       "Change the file's rights, and look at the disk");
    };
    std::ifstream in{file()};
    if (!in)
        return unreadable();
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
    if (in.bad()) // else half a journal would be taken for the whole
        return unreadable();
    return open;
}

Result<bool> RequestJournal::isUnfinished(const WriteCall& call, const std::string& target) const
{
    const Result<std::vector<UnfinishedRequest>> open = unfinished();
    if (!open)
        return failureOf(open);
    return std::any_of(open->begin(), open->end(), [&](const UnfinishedRequest& one) {
        return one.call.request == call.request && one.call.function == call.function && one.target == target;
    });
}

} // namespace scr::elevated
