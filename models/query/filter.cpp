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
#include "query/terms.h"

namespace scr::query {

namespace {

using domain::Fault;

constexpr std::array kFields{Field::Token, Field::Post, Field::Author, Field::Vote, Field::Origin, Field::State, Field::Value};
constexpr std::size_t kLongestValue = 512;
constexpr std::size_t kMostTerms = 64;
constexpr std::string_view kRemedy = "A condition is field=value with token, post, author, vote, origin, state or value; for "
                                     "example: token=412 state!=voided value>0";

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
                   : fmt::format(
                         "'{}' is no address or network; origin takes 10.1.2.3, 10.1.0.0/16, 2001:db8::1 or 2001:db8::/32",
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

tl::unexpected<domain::Error> refuse(const RawTerm& raw, std::string_view why)
{
    return domain::failure(Fault::Invalid, fmt::format("The condition {} cannot be used: {}", shown(raw.source), why),
                           std::string{kRemedy});
}

domain::Result<Term> termOf(const RawTerm& raw)
{
    if (raw.name.empty())
        return refuse(raw, "it has no comparison such as = or !=");
    const std::optional<Field> field = fieldOf(raw.name);
    if (!field)
        return refuse(raw, fmt::format("there is no field '{}'", shown(raw.name)));
    Term term{*field, raw.op, raw.value};
    if (const std::string complaint = complaintOf(term); !complaint.empty())
        return refuse(raw, complaint);
    return term;
}

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

domain::Result<Filter> parseFilter(std::string_view text)
{
    const auto words = splitTerms(text);
    if (!words)
        return domain::failureOf(words);
    if (words->size() > kMostTerms)
        return domain::failure(Fault::Invalid, fmt::format("The filter has more than {} conditions", kMostTerms),
                               "Leave some of them out");
    Filter filter;
    for (const RawTerm& word : *words) {
        domain::Result<Term> term = termOf(word);
        if (!term)
            return domain::failureOf(term);
        filter.terms.push_back(std::move(*term));
    }
    return filter;
}

std::string textOf(const Term& term)
{
    return fmt::format("{}{}{}", nameOf(term.field), nameOf(term.op), quotedValue(term.value));
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
