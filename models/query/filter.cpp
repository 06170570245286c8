#include "query/query.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "domain/network.h"
#include "domain/visible_text.h"
#include "domain/vote.h"

namespace scr::query {

namespace {

using domain::Fault;

constexpr std::array kFields{Field::Token, Field::Post, Field::Author, Field::Vote, Field::Origin, Field::State, Field::Value};
constexpr std::size_t kLongestValue = 512;
constexpr std::size_t kMostTerms = 64;
constexpr std::string_view kRemedy =
    "A condition is field=value with token, post, author, vote, origin, state or value; for example: token=412 state!=voided value>0";

bool isSpace(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isLetter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::optional<Field> fieldOf(std::string_view name) noexcept
{
    std::string lower;
    for (const char c : name)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const Field field : kFields) {
        if (nameOf(field) == lower)
            return field;
    }
    return std::nullopt;
}

/// What stands in an error: short, and nothing in it that could act on a terminal.
std::string shown(std::string_view text)
{
    constexpr std::size_t kShown = 60;
    return domain::visibleText(text.size() > kShown ? text.substr(0, kShown) : text) + (text.size() > kShown ? "…" : "");
}

bool isNumber(std::string_view text) noexcept
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && std::abs(number) <= std::numeric_limits<float>::max();
}

/// Empty when the term can be asked; else what is wrong with it.
std::string complaintOf(const Term& term)
{
    const std::string_view field = nameOf(term.field);
    if (term.value.empty())
        return fmt::format("{}{} needs a value", field, nameOf(term.op));
    if (term.value.size() > kLongestValue)
        return fmt::format("the value of {} is longer than {} bytes", field, kLongestValue);
    if (!domain::isUtf8(term.value) || term.value.find('\0') != std::string::npos)
        return fmt::format("the value of {} is not text in UTF-8", field);
    if (term.field != Field::Value && term.op != Op::Equal && term.op != Op::NotEqual)
        return fmt::format("{} can only be compared with = or !=, not with {}", field, nameOf(term.op));
    switch (term.field) {
    case Field::Token:
    case Field::Post:
    case Field::Author:
    case Field::Vote: return {};
    case Field::Origin:
        return domain::isAddressOrNetwork(term.value)
                   ? std::string{}
                   : fmt::format("'{}' is no address or network; origin takes 10.1.2.3, 10.1.0.0/16, 2001:db8::1 or 2001:db8::/32",
                                 shown(term.value));
    case Field::State:
        return domain::voteStateOf(term.value)
                   ? std::string{}
                   : fmt::format("'{}' is no state; state takes counted, voided or withdrawn", shown(term.value));
    case Field::Value:
        return isNumber(term.value) ? std::string{}
                                    : fmt::format("'{}' is not a number; value takes 1, -1, 0.5 or 1e3", shown(term.value));
    }
    return {};
}

/// Reads the terms of one line, left to right.
class Parser {
public:
    explicit Parser(std::string_view text) : m_text{text} {}

    domain::Result<Filter> run()
    {
        Filter filter;
        for (skipSpace(); m_at < m_text.size(); skipSpace()) {
            domain::Result<Term> term = readTerm();
            if (!term)
                return domain::failureOf(term);
            filter.terms.push_back(std::move(*term));
            if (filter.terms.size() > kMostTerms)
                return domain::failure(Fault::Invalid, fmt::format("The filter has more than {} conditions", kMostTerms));
        }
        return filter;
    }

private:
    void skipSpace() noexcept
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }

    /// The term as it was written, for the error.
    [[nodiscard]] std::string_view written() const noexcept
    {
        std::size_t end = m_termBegin;
        while (end < m_text.size() && !isSpace(m_text[end]))
            ++end;
        return m_text.substr(m_termBegin, std::max(end, m_at) - m_termBegin);
    }

    [[nodiscard]] tl::unexpected<domain::Error> refuse(std::string_view why) const
    {
        return domain::failure(Fault::Invalid, fmt::format("The condition {} cannot be used: {}", shown(written()), why),
                               std::string{kRemedy});
    }

    domain::Result<Term> readTerm()
    {
        m_termBegin = m_at;
        while (m_at < m_text.size() && isLetter(m_text[m_at]))
            ++m_at;
        const std::string_view name = m_text.substr(m_termBegin, m_at - m_termBegin);
        const std::optional<Op> op = readOp();
        if (!op)
            return refuse("it has no comparison such as = or !=");
        const std::optional<Field> field = fieldOf(name);
        if (!field)
            return refuse(fmt::format("there is no field '{}'", shown(name)));
        domain::Result<std::string> value = readValue();
        if (!value)
            return domain::failureOf(value);
        Term term{*field, *op, std::move(*value)};
        if (const std::string complaint = complaintOf(term); !complaint.empty())
            return refuse(complaint);
        return term;
    }

    std::optional<Op> readOp() noexcept
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
            if (m_text.substr(m_at).starts_with(spelling.text)) {
                m_at += spelling.text.size();
                return spelling.op;
            }
        }
        return std::nullopt;
    }

    domain::Result<std::string> readValue()
    {
        if (m_at < m_text.size() && m_text[m_at] == '"')
            return readQuoted();
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && !isSpace(m_text[m_at])) {
            if (m_text[m_at] == '"')
                return refuse("a quote can only stand at the beginning of a value; inside one it is written \\\"");
            ++m_at;
        }
        return std::string{m_text.substr(begin, m_at - begin)};
    }

    domain::Result<std::string> readQuoted()
    {
        std::string value;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            value += m_text[m_at];
        }
        if (m_at >= m_text.size())
            return refuse("its closing quote is missing");
        ++m_at;
        if (m_at < m_text.size() && !isSpace(m_text[m_at]))
            return refuse("a space has to follow the closing quote");
        return value;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_termBegin = 0;
};

} // namespace

std::string_view nameOf(Field field) noexcept
{
    switch (field) {
    case Field::Token: return "token";
    case Field::Post: return "post";
    case Field::Author: return "author";
    case Field::Vote: return "vote";
    case Field::Origin: return "origin";
    case Field::State: return "state";
    case Field::Value: return "value";
    }
    return {};
}

std::string_view nameOf(Op op) noexcept
{
    switch (op) {
    case Op::Equal: return "=";
    case Op::NotEqual: return "!=";
    case Op::Less: return "<";
    case Op::LessOrEqual: return "<=";
    case Op::Greater: return ">";
    case Op::GreaterOrEqual: return ">=";
    }
    return {};
}

domain::Result<Filter> parseFilter(std::string_view text) { return Parser{text}.run(); }

std::string textOf(const Term& term)
{
    std::string text = fmt::format("{}{}", nameOf(term.field), nameOf(term.op));
    // "<" followed by "=…" would be read as "<="
    const bool plain = !term.value.empty() && term.value.front() != '=' && term.value.find_first_of(" \t\r\n\"\\") == std::string::npos;
    if (plain)
        return text + term.value;
    text += '"';
    for (const char c : term.value) {
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + '"';
}

std::string textOf(const Filter& filter)
{
    std::string text;
    for (const Term& term : filter.terms) {
        if (!text.empty())
            text += ' ';
        text += textOf(term);
    }
    return text;
}

} // namespace scr::query
