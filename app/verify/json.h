#pragma once

#include <functional>
#include <numeric>
#include <span>

#include "verify/text.h"

namespace scr::verify {

struct Value {
    char kind = '0'; ///< t: a text; n: a number; 0: null
    std::int64_t number = 0;
    std::string_view text; ///< empty unless it is one
    [[nodiscard]] std::optional<std::int64_t> time() const { return kind == 'n' ? std::optional{number} : std::nullopt; }
};

/// Takes JSON in the canonical form of RFC 8785, with strings, whole numbers and nulls. Views end with the next start().
class Json {
public:
    /// False when the bytes are no UTF-8.
    bool start(std::string_view bytes)
    {
        m_rest = bytes;
        m_undone.clear();
        m_undone.reserve(bytes.size()); // views into it must stay: undone strings are no longer than what they were made of
        const char all = std::accumulate(bytes.begin(), bytes.end(), '\0', std::bit_or{});
        return (all & 0x80) == 0 || isUtf8(bytes); // ASCII, most of the time
    }

    bool take(std::string_view token)
    {
        const bool isThere = std::ranges::mismatch(m_rest, token).in2 == token.end();
        m_rest.remove_prefix(isThere ? token.size() : 0);
        return isThere;
    }

    bool takeString(std::string_view& text)
    {
        if (!take("\""))
            return false;
        text = takePlain();
        if (m_rest.starts_with('\\')) {
            const std::size_t start = m_undone.size();
            for (m_undone += text; m_rest.starts_with('\\'); m_undone += takePlain()) {
                if (!takeEscape())
                    return false;
            }
            text = std::string_view{m_undone}.substr(start);
        }
        return take("\"");
    }

    bool takeValue(Value& value)
    {
        value = {};
        if (take("null"))
            return true;
        value.kind = m_rest.starts_with('"') ? 't' : 'n';
        if (value.kind == 't')
            return takeString(value.text);
        const std::int64_t sign = take("-") ? -1 : 1;
        const std::string_view digits{m_rest.begin(),
                                      std::ranges::find_if_not(m_rest, [](char c) { return c >= '0' && c <= '9'; })};
        const std::uint64_t number = decimal(digits, 16).value_or(UINT64_MAX);
        m_rest.remove_prefix(digits.size());
        value.number = sign * static_cast<std::int64_t>(number);
        return number < 1ULL << 53U && (number > 0 || sign > 0); // RFC 8785: as IEEE doubles
    }

    /// All of an object. A field is what stands before its value, and the kind of this; in upper case, it may be null as well.
    bool takeObject(std::span<const std::string_view> fields, std::span<Value> values)
    {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const char kind = fields[i].back();
            if (!take(fields[i].substr(0, fields[i].size() - 1)) || !takeValue(values[i]) ||
                (values[i].kind != (kind | 0x20) && (values[i].kind != '0' || kind >= 'a')))
                return false;
        }
        return take("}") && m_rest.empty();
    }

private:
    std::string_view takePlain()
    {
        const auto isPlain = [](char c) { return (kSpecial[static_cast<unsigned char>(c)] & 1U) == 0; };
        const std::string_view plain{m_rest.begin(), std::ranges::find_if_not(m_rest, isPlain)};
        m_rest.remove_prefix(plain.size());
        return plain;
    }

    /// Only the escapes that the canonical form uses; there is no NUL.
    bool takeEscape()
    {
        constexpr std::string_view kNames = "\"\\bfnrt";
        constexpr std::string_view kMeant = "\"\\\b\f\n\r\t";
        const std::string_view code = m_rest.substr(1, 5);
        const std::size_t named = code.empty() ? std::string_view::npos : kNames.find(code.front());
        const bool isNamed = named != std::string_view::npos;
        if (!isNamed && !(code.starts_with("u00") && isHex(code.substr(3), 2) && code[3] <= '1'))
            return false;
        m_undone += isNamed ? kMeant[named] : static_cast<char>(kDigits.find(code[3]) * 16 + kDigits.find(code[4]));
        m_rest.remove_prefix(isNamed ? 2 : 6);
        return isNamed || (m_undone.back() != '\0' && kMeant.find(m_undone.back()) == std::string_view::npos);
    }

    std::string_view m_rest;
    std::string m_undone; ///< strings that had escapes
};

/// An entry of the log, used again and again.
class Entry {
public:
    /// Those of an attempt, and those of a decision, in their order.
    enum Field { Action, At, Finished, Key, Kind, Origin, Outcome, Post, Request, Sqlstate, Token, V, Points, Vote };
    enum DecisionField { Actor, DecidedAt, Detail, Digest, DecisionKey, DecisionKind, Result, Subject, DecisionV };

    /// Whether it is one in canonical form.
    [[nodiscard]] bool parse(std::string_view bytes)
    {
        isAttempt = bytes.starts_with(R"({"action")");
        const auto fields = isAttempt ? std::span<const std::string_view>{kAttempt} : kDecision;
        return m_json.start(bytes) && m_json.takeObject(fields, m_values) && at(isAttempt ? +V : +DecisionV).number == 1 &&
               isAttempt == (at(isAttempt ? +Kind : +DecisionKind).text == "attempt");
    }
    [[nodiscard]] const Value& at(std::size_t field) const { return m_values[field]; }

    bool isAttempt = false;
    std::uint64_t leaf = 0, token = 0, origin = 0; ///< the latter by hash of their pseudonyms; for who reads many at a time

private:
    static constexpr std::array<std::string_view, 14> kAttempt{
        R"({"action":t)", R"(,"at":n)",      R"(,"finished":N)", R"(,"key":t)",     R"(,"kind":t)",
        R"(,"origin":T)", R"(,"outcome":t)", R"(,"post":T)",     R"(,"request":T)", R"(,"sqlstate":T)",
        R"(,"token":T)",  R"(,"v":n)",       R"(,"value":T)",    R"(,"vote":T)"};
    static constexpr std::array<std::string_view, 9> kDecision{R"({"actor":t)",   R"(,"at":n)",      R"(,"detail":t)",
                                                               R"(,"digest":T)",  R"(,"key":t)",     R"(,"kind":t)",
                                                               R"(,"outcome":t)", R"(,"subject":t)", R"(,"v":n)"};

    Json m_json;
    std::array<Value, 14> m_values;
};

} // namespace scr::verify
