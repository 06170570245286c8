#include "domain/site_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "domain/visible_text.h"

namespace scr::domain {

namespace {

constexpr std::size_t kLongestName = 40;
constexpr std::size_t kLongestText = 300; ///< of a title or of what clears a flag
constexpr std::string_view kKeys = "name, title, subject, severity, time_limit and clears_if";

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r";
    const auto begin = std::min(text.find_first_not_of(kSpace), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

bool isName(std::string_view text)
{
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && text.size() <= kLongestName && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(), fits);
}

/// "500 ms", "10 s", "2 min".
std::optional<std::chrono::milliseconds> lengthOf(std::string_view text)
{
    struct Unit {
        std::string_view name;
        std::int64_t millis;
    };
    constexpr std::array kUnits{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"min", 60'000}};
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number <= 0 || number > kLongestSiteRule.count())
        return std::nullopt;
    const std::string_view name = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
    for (const Unit& unit : kUnits) {
        if (unit.name == name && number * unit.millis <= kLongestSiteRule.count())
            return std::chrono::milliseconds{number * unit.millis};
    }
    return std::nullopt;
}

/// FNV-1a over 64 bits: it tells two texts apart, it is no seal.
std::string versionOf(std::string_view text)
{
    std::uint64_t state = 0xcbf29ce484222325ULL;
    for (const char c : text)
        state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string version = "sql-";
    for (int shift = 44; shift >= 0; shift -= 4)
        version += kDigits[(state >> static_cast<unsigned>(shift)) & 0xfU];
    return version;
}

/// Reads the comments; the first thing that is wrong is kept.
class Header {
public:
    explicit Header(SiteRule& rule) : m_rule{rule} {}

    /// Returns where the SQL begins.
    std::size_t read(std::string_view text)
    {
        std::size_t at = 0;
        while (at < text.size()) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string_view line = trimmed(text.substr(at, end - at));
            if (!line.empty() && !line.starts_with("--"))
                break;
            ++m_line;
            if (line.starts_with("--"))
                comment(trimmed(line.substr(2)));
            at = std::min(end + 1, text.size());
        }
        return at;
    }

    [[nodiscard]] const std::string& wrong() const noexcept { return m_wrong; }

private:
    /// "key: value" with a word for the key; prose with a colon in it has spaces before that.
    void comment(std::string_view text)
    {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos || !isName(text.substr(0, colon)))
            return;
        const std::string key{text.substr(0, colon)};
        const std::string_view value = trimmed(text.substr(colon + 1));
        if (std::find(m_seen.begin(), m_seen.end(), key) != m_seen.end())
            return refuse("\"" + key + "\" is there twice");
        m_seen.push_back(key);
        take(key, value);
    }

    void take(const std::string& key, std::string_view value)
    {
        if (key == "name")
            takeName(value);
        else if (key == "title")
            takeText(key, value, m_rule.title);
        else if (key == "clears_if")
            takeText(key, value, m_rule.clearsIf);
        else if (key == "subject")
            takeSubject(value);
        else if (key == "severity")
            takeSeverity(value);
        else if (key == "time_limit")
            takeLimit(value);
        else
            refuse("there is no \"" + key + "\"; known are " + std::string{kKeys});
    }

    void takeName(std::string_view value)
    {
        if (!isName(value))
            return refuse("\"name\" must be 1 to 40 small letters, digits and underscores and begin with a letter");
        if (detectorOf(value))
            return refuse("\"" + std::string{value} + "\" is the name of a detector of ours");
        m_rule.name = value;
    }

    void takeText(const std::string& key, std::string_view value, std::string& to)
    {
        if (value.size() > kLongestText || visibleText(value) != value)
            return refuse("\"" + key + "\" must be a text of at most 300 bytes without hidden characters");
        to = value;
    }

    void takeSubject(std::string_view value)
    {
        const auto kind = subjectKindOf(value);
        if (kind != SubjectKind::Token && kind != SubjectKind::Post && kind != SubjectKind::Group)
            return refuse("\"subject\" must be token, post or group");
        m_rule.subject = *kind;
    }

    void takeSeverity(std::string_view value)
    {
        const auto severity = severityOf(value);
        if (!severity)
            return refuse("\"severity\" must be low, medium, high or critical");
        m_rule.severity = *severity;
    }

    void takeLimit(std::string_view value)
    {
        const auto length = lengthOf(value);
        if (!length)
            return refuse("\"time_limit\" must be a length of time up to 5 min with its unit, such as \"10 s\"");
        m_rule.timeLimit = *length;
    }

    void refuse(const std::string& why)
    {
        if (m_wrong.empty())
            m_wrong = "line " + std::to_string(m_line) + ": " + why;
    }

    SiteRule& m_rule;
    std::vector<std::string> m_seen;
    std::size_t m_line = 0;
    std::string m_wrong;
};

} // namespace

Result<SiteRule> parseSiteRule(const std::string& file, std::string_view text)
{
    constexpr auto kRemedy = "Correct the comments at the head of the file";
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (!isUtf8(text) || text.find('\0') != std::string_view::npos)
        return failure(Fault::Invalid, file + " is not a text in UTF-8", "Write it anew with a text editor");
    SiteRule rule;
    rule.file = file;
    rule.version = versionOf(text);
    Header header{rule};
    const std::size_t begin = header.read(text);
    if (!header.wrong().empty())
        return failure(Fault::Invalid, file + ", " + header.wrong(), kRemedy);
    if (rule.name.empty())
        return failure(Fault::Invalid, file + " does not say the rule's name",
                       "Write \"-- name: my_rule\" into a line of its own above the SQL");
    if (begin == text.size())
        return failure(Fault::Invalid, file + " holds no SQL", "Write one SELECT below the comments");
    rule.sql = text;
    return rule;
}

} // namespace scr::domain
