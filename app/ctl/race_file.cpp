#include "ctl/race_file.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace scr::ctl {

namespace {

using Json = nlohmann::json;
using domain::failure;
using domain::Fault;
using domain::Nothing;
using domain::Status;

constexpr const char* kRemedy = "Give it what scrutineerctl race --format jsonl wrote";
constexpr std::string_view kNeeded = "same_post"; ///< two requests of one token: the race that the lock decides
// Fewer find a window of microseconds by luck only.
constexpr std::uint64_t kConnections = 32;
constexpr std::uint64_t kRounds = 100;

class Reader {
public:
    explicit Reader(std::string path) : m_path{std::move(path)} {}

    Status take(const std::string& text)
    {
        ++m_line;
        const Json line = Json::parse(text, nullptr, false);
        if (!isOfARace(line))
            return failure(Fault::Invalid, fmt::format("line {} of {} is not of a race", m_line, m_path), kRemedy);
        const auto verdict = line.at("verdict").get<std::string>();
        if (verdict != "violated" && verdict != "no violation")
            return Nothing{};
        if (m_patterns > 0 && (line.at("code") != m_finding.code || line.at("function") != m_finding.function))
            return failure(Fault::Invalid, fmt::format("{} holds races of two different systems", m_path),
                           "Give it the report of one");
        ++m_patterns;
        m_finding.function = line.at("function");
        m_finding.code = line.at("code");
        m_where = fmt::format("{}, begun {}", line.at("environment").get<std::string>(), line.at("begun_at").get<std::string>());
        if (line.at("pattern") == kNeeded) {
            m_rounds = line.at("rounds");
            m_connections = line.at("connections");
        }
        if (verdict == "violated")
            m_finding.broke += fmt::format("{}{} ({} times)", m_finding.broke.empty() ? "" : ", ",
                                           line.at("pattern").get<std::string>(), line.at("violations").size());
        return Nothing{};
    }

    domain::Result<store::RaceFinding> finding() const
    {
        if (m_finding.broke.empty() && (m_connections < kConnections || m_rounds < kRounds))
            return failure(Fault::Invalid,
                           fmt::format("{} proves nothing: it tells of {} rounds over {} connections in the pattern {}", m_path,
                                       m_rounds, m_connections, kNeeded),
                           fmt::format("Race that one at least {} times over {} connections", kRounds, kConnections));
        store::RaceFinding finding = m_finding;
        finding.what = fmt::format("{} pattern{}, {} for {} rounds over {} connections, {}", m_patterns,
                                   m_patterns == 1 ? "" : "s", kNeeded, m_rounds, m_connections, m_where);
        return finding;
    }

private:
    static bool isOfARace(const Json& line)
    {
        const auto isText = [&](const char* name) { return line.contains(name) && line.at(name).is_string(); };
        const auto isNumber = [&](const char* name) { return line.contains(name) && line.at(name).is_number_unsigned(); };
        return line.is_object() && isText("function") && isText("code") && isText("environment") && isText("pattern") &&
               isText("verdict") && isText("begun_at") && isNumber("rounds") && isNumber("connections") &&
               line.contains("violations") && line.at("violations").is_array();
    }

    std::string m_path;
    std::string m_where;
    store::RaceFinding m_finding;
    std::size_t m_line = 0;
    std::size_t m_patterns = 0;
    std::uint64_t m_rounds = 0;
    std::uint64_t m_connections = 0;
};

} // namespace

domain::Result<store::RaceFinding> readRaceFile(const std::string& path)
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) // a device may have no end, and no line either
        return failure(Fault::NotFound, fmt::format("{} cannot be read: it is not there, or no file", path), kRemedy);
    std::ifstream file{path};
    Reader reader{path};
    std::string text;
    while (std::getline(file, text)) {
        if (const Status taken = reader.take(text); !taken)
            return domain::failureOf(taken);
    }
    if (!file.eof() || file.bad()) // closed to us, or lost half way: half a report would be taken for the whole
        return failure(Fault::NotFound, fmt::format("{} cannot be read", path), kRemedy);
    return reader.finding();
}

} // namespace scr::ctl
