#include "query/terms.h"

#include <array>
#include <optional>

#include "domain/visible_text.h"

namespace scr::query {

namespace {

using domain::Fault;

bool isSpace(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Length of the operator that begins there, and which it is.
std::optional<std::pair<std::size_t, Op>> operatorAt(std::string_view text) noexcept
{
    struct Spelling {
        std::string_view text;
        Op op;
    };
    static constexpr std::array<Spelling, 7> kSpellings{{{"!=", Op::NotEqual},
                                                         {"<=", Op::LessOrEqual},
                                                         {">=", Op::GreaterOrEqual},
                                                         {"=", Op::Equal},
                                                         {":", Op::Equal},
                                                         {"<", Op::Less},
                                                         {">", Op::Greater}}};
    for (const Spelling& spelling : kSpellings) {
        if (text.starts_with(spelling.text))
            return std::pair{spelling.text.size(), spelling.op};
    }
    return std::nullopt;
}

/// End of the word that begins at `at`: the first space outside quotes; npos when a quote stays open.
std::size_t endOfWord(std::string_view text, std::size_t at) noexcept
{
    bool quoted = false;
    for (; at < text.size(); ++at) {
        if (quoted && text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            quoted = !quoted;
        else if (!quoted && isSpace(text[at]))
            return at;
    }
    return quoted ? std::string_view::npos : text.size();
}

/// Takes the quotes off; nothing when a quote stands anywhere but around the whole value.
std::optional<std::string> unquoted(std::string_view value)
{
    if (!value.starts_with('"'))
        return value.find('"') == std::string_view::npos ? std::optional{std::string{value}} : std::nullopt;
    std::string plain;
    std::size_t i = 1;
    for (; i < value.size() && value[i] != '"'; ++i) {
        if (value[i] == '\\' && i + 1 < value.size())
            ++i;
        plain += value[i];
    }
    return i + 1 == value.size() ? std::optional{plain} : std::nullopt;
}

bool isLetter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

domain::Result<RawTerm> termOf(std::string_view word)
{
    RawTerm term;
    term.source = domain::visibleText(word);
    std::size_t nameEnd = 0;
    while (nameEnd < word.size() && isLetter(word[nameEnd]))
        ++nameEnd;
    const auto op = operatorAt(word.substr(nameEnd));
    const std::optional<std::string> value = unquoted(op ? word.substr(nameEnd + op->first) : word);
    if (!value)
        return domain::failure(Fault::Invalid, "\"" + term.source + "\" has a quote that is not around the whole value",
                               "Put the value in double quotes, and a backslash before a quote inside it");
    term.value = *value;
    if (!op)
        return term;
    term.name = std::string{word.substr(0, nameEnd)};
    term.op = op->second;
    if (term.name.empty() || term.value.empty())
        return domain::failure(Fault::Invalid, "\"" + term.source + "\" lacks a " + (term.name.empty() ? "name" : "value"),
                               "Write name=value, with the value in double quotes when it holds a space");
    return term;
}

} // namespace

domain::Result<std::vector<RawTerm>> splitTerms(std::string_view text)
{
    std::vector<RawTerm> terms;
    for (std::size_t at = 0; at < text.size();) {
        if (isSpace(text[at])) {
            ++at;
            continue;
        }
        const std::size_t end = endOfWord(text, at);
        if (end == std::string_view::npos)
            return domain::failure(Fault::Invalid, "\"" + domain::visibleText(text.substr(at)) + "\" has an open quote",
                                   "Close it with another double quote");
        auto term = termOf(text.substr(at, end - at));
        if (!term)
            return domain::failureOf(term);
        terms.push_back(std::move(*term));
        at = end;
    }
    return terms;
}

std::string quotedValue(std::string_view value)
{
    const bool plain = !value.empty() && value.front() != '=' && value.find_first_of(" \t\r\n\"\\") == std::string_view::npos;
    if (plain)
        return std::string{value};
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

} // namespace scr::query
