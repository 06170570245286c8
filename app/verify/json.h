#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "verify/text.h"

namespace scr::verify {

struct Value {
    enum class Kind { Null, Number, Text };
    Kind kind = Kind::Null;
    std::int64_t number = 0;
    std::string_view text; ///< empty unless it is one
};

/// A JSON object in the canonical form of RFC 8785 with strings, whole numbers and nulls, used again and again: views end with
/// the next parse() or with the bytes.
class Object {
public:
    static constexpr std::size_t kMostFields = 32;

    /// Whether its names are in order is asked for apart: one that hasFields() has them so.
    [[nodiscard]] bool isOrdered() const
    {
        const auto end = m_names.begin() + static_cast<std::ptrdiff_t>(m_size);
        return std::adjacent_find(m_names.begin(), end, std::greater_equal<>{}) == end;
    }

    [[nodiscard]] bool parse(std::string_view bytes)
    {
        m_rest = bytes;
        m_size = 0;
        m_undone.clear();
        m_undone.reserve(bytes.size()); // views into it must stay: undone strings are no longer than what they were made of
        if (!take("{"))
            return false;
        do {
            if (m_size == kMostFields || !takeString(m_names[m_size]) || !take(":") || !takeValue(m_values[m_size]))
                return false;
            ++m_size;
        } while (take(","));
        return take("}") && m_rest.empty();
    }

    [[nodiscard]] const Value& at(std::size_t index) const { return m_values[index]; }

    [[nodiscard]] const Value* find(std::string_view name) const
    {
        const auto end = m_names.begin() + static_cast<std::ptrdiff_t>(m_size);
        const auto found = std::find(m_names.begin(), end, name);
        return found == end ? nullptr : &m_values[static_cast<std::size_t>(found - m_names.begin())];
    }

    /// Whether it has exactly those fields, with spaces between: "at# finished#? key": numbers have a #, what may be null a ?.
    [[nodiscard]] bool hasFields(std::string_view rules) const
    {
        std::size_t i = 0;
        for (; i < m_size && !rules.empty(); ++i) {
            std::string_view rule = rules.substr(0, rules.find(' '));
            rules.remove_prefix(std::min(rules.size(), rule.size() + 1));
            const bool mayBeNull = rule.ends_with('?');
            rule.remove_suffix(mayBeNull ? 1 : 0);
            const auto kind = rule.ends_with('#') ? Value::Kind::Number : Value::Kind::Text;
            rule.remove_suffix(kind == Value::Kind::Number ? 1 : 0);
            if (m_names[i] != rule || (m_values[i].kind == Value::Kind::Null ? !mayBeNull : m_values[i].kind != kind))
                return false;
        }
        return i == m_size && rules.empty();
    }

private:
    bool take(std::string_view token)
    {
        const bool isThere = m_rest.starts_with(token);
        m_rest.remove_prefix(isThere ? token.size() : 0);
        return isThere;
    }

    bool takeString(std::string_view& text)
    {
        if (!take("\""))
            return false;
        const auto isPlain = [](char c) { // ASCII that stands for itself
            const auto byte = static_cast<unsigned char>(c);
            return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
        };
        const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(m_rest, isPlain) - m_rest.begin());
        if (plain < m_rest.size() && m_rest[plain] == '"') {
            text = m_rest.substr(0, plain);
            m_rest.remove_prefix(plain + 1);
            return true;
        }
        const std::size_t start = m_undone.size();
        while (!m_rest.empty() && m_rest.front() != '"') {
            const std::string_view before = m_rest;
            if (m_rest.front() == '\\') {
                if (!takeEscape())
                    return false;
                continue;
            }
            if (takeCharacter(m_rest).value_or(0) < 0x20)
                return false;
            m_undone += before.substr(0, before.size() - m_rest.size());
        }
        text = std::string_view{m_undone}.substr(start);
        return take("\"");
    }

    /// Only the escapes that the canonical form uses; there is no NUL.
    bool takeEscape()
    {
        constexpr std::string_view kNames = "\"\\bfnrt";
        constexpr std::string_view kMeant = "\"\\\b\f\n\r\t";
        m_rest.remove_prefix(1);
        const std::size_t named = m_rest.empty() ? std::string_view::npos : kNames.find(m_rest.front());
        const std::string_view digits = m_rest.substr(0, 5);
        if (named != std::string_view::npos) {
            m_undone += kMeant[named];
        } else {
            if (!digits.starts_with("u00") || !isHex(digits.substr(3), 2) || digits[3] > '1')
                return false;
            m_undone += static_cast<char>(kDigits.find(digits[3]) * 16 + kDigits.find(digits[4]));
            if (m_undone.back() == '\0' || kMeant.find(m_undone.back()) != std::string_view::npos)
                return false;
        }
        m_rest.remove_prefix(named != std::string_view::npos ? 1 : 5);
        return true;
    }

    bool takeValue(Value& value)
    {
        value = {};
        if (m_rest.starts_with('"')) {
            value.kind = Value::Kind::Text;
            return takeString(value.text);
        }
        if (take("null"))
            return true;
        value.kind = Value::Kind::Number;
        const bool isNegative = take("-");
        const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
        const auto length = static_cast<std::size_t>(std::ranges::find_if_not(m_rest, isDigit) - m_rest.begin());
        const auto number = decimal(m_rest.substr(0, length), 16);
        if (!number || *number >= 1ULL << 53U || (isNegative && *number == 0)) // RFC 8785: as IEEE doubles
            return false;
        m_rest.remove_prefix(length);
        value.number = isNegative ? -static_cast<std::int64_t>(*number) : static_cast<std::int64_t>(*number);
        return true;
    }

    std::string_view m_rest;
    std::string m_undone; ///< strings that had escapes
    std::size_t m_size = 0;
    std::array<std::string_view, kMostFields> m_names;
    std::array<Value, kMostFields> m_values;
};

} // namespace scr::verify
