#include "store/sql_text.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace scr::store {

std::string microsSql(std::string_view column)
{
    return fmt::format("(CASE WHEN {0} = 'infinity' THEN 253402300799000000 WHEN {0} = '-infinity' THEN -62135596800000000 "
                       "ELSE (extract(epoch from {0}) * 1000000)::int8 END)",
                       column);
}

std::string keyOrderSql(std::string_view key)
{
    return fmt::format(
        "CASE WHEN {0}::text ~ '^(0|-?[1-9][0-9]*)$' THEN {0}::text::numeric END NULLS LAST, {0}::text COLLATE \"C\"", key);
}

std::string momentText(domain::UtcTime time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}+00", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::string arrayText(const std::vector<std::string>& elements)
{
    std::string text = "{";
    for (const std::string& element : elements) {
        if (text.size() > 1)
            text += ',';
        text += '"';
        for (const char c : element) {
            if (c == '"' || c == '\\')
                text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + '}';
}

std::vector<std::string> arrayElements(std::string_view text)
{
    std::vector<std::string> elements;
    if (text.size() < 2 || text == "{}")
        return elements;
    std::string element;
    bool quoted = false;
    for (std::size_t at = 1; at + 1 < text.size(); ++at) {
        if (text[at] == '\\' && at + 2 < text.size())
            element += text[++at];
        else if (text[at] == '"')
            quoted = !quoted;
        else if (text[at] == ',' && !quoted)
            elements.push_back(std::exchange(element, {}));
        else
            element += text[at];
    }
    elements.push_back(std::move(element));
    return elements;
}

} // namespace scr::store
