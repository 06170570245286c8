#include "audit/entry.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "audit/utf8.h"

namespace scr::audit {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::int64_t kMostExact = 9'007'199'254'740'991; // 2^53 - 1: RFC 8785 writes numbers as IEEE doubles

struct FieldRule {
    std::string_view name;
    bool isNumber{};
    bool mayBeNull{};
};
constexpr std::array kAttempt{FieldRule{"action"},
                              FieldRule{"at", true},
                              FieldRule{"finished", true, true},
                              FieldRule{"key"},
                              FieldRule{"kind"},
                              FieldRule{"origin", false, true},
                              FieldRule{"outcome"},
                              FieldRule{"post", false, true},
                              FieldRule{"request", false, true},
                              FieldRule{"sqlstate", false, true},
                              FieldRule{"token", false, true},
                              FieldRule{"v", true},
                              FieldRule{"value", false, true},
                              FieldRule{"vote", false, true}};
constexpr std::array kDecision{FieldRule{"actor"},  FieldRule{"at", true}, FieldRule{"detail"},  FieldRule{"digest", false, true},
                               FieldRule{"key"},    FieldRule{"kind"},     FieldRule{"outcome"}, FieldRule{"subject"},
                               FieldRule{"v", true}};

tl::unexpected<domain::Error> notAnEntry(std::string_view what)
{
    return failure(Fault::Invalid, fmt::format("that is not an entry of the log: {}", what));
}

/// Reads exactly what appendString() and the number format write.
class Reader {
public:
    explicit Reader(std::string_view bytes) : m_rest{bytes} {}

    [[nodiscard]] bool take(std::string_view token)
    {
        if (!m_rest.starts_with(token))
            return false;
        m_rest.remove_prefix(token.size());
        return true;
    }
    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }

    [[nodiscard]] std::optional<std::string> string()
    {
        if (!take("\""))
            return std::nullopt;
        std::string text;
        while (!m_rest.empty() && m_rest.front() != '"') {
            const std::string_view before = m_rest;
            const auto character = m_rest.front() == '\\' ? escape() : takeCharacter(m_rest);
            if (!character)
                return std::nullopt;
            if (before.front() == '\\')
                text += static_cast<char>(*character);
            else if (*character < 0x20)
                return std::nullopt;
            else
                text += before.substr(0, before.size() - m_rest.size());
        }
        return take("\"") ? std::optional{std::move(text)} : std::nullopt;
    }

    [[nodiscard]] std::optional<EntryValue> value()
    {
        if (m_rest.starts_with('"')) {
            auto text = string();
            return text ? std::optional<EntryValue>{*std::move(text)} : std::nullopt;
        }
        if (take("null"))
            return EntryValue{nullptr};
        return number();
    }

private:
    /// Only the escapes that the canonical form uses.
    [[nodiscard]] std::optional<char32_t> escape()
    {
        constexpr std::array<std::pair<std::string_view, char32_t>, 7> kShort{
            {{"\\\"", '"'}, {"\\\\", '\\'}, {"\\b", '\b'}, {"\\f", '\f'}, {"\\n", '\n'}, {"\\r", '\r'}, {"\\t", '\t'}}};
        for (const auto& [form, character] : kShort) {
            if (take(form))
                return character;
        }
        constexpr std::string_view kHex = "0123456789abcdef";
        if (!take("\\u00") || m_rest.size() < 2)
            return std::nullopt;
        const auto high = kHex.find(m_rest[0]);
        const auto low = kHex.find(m_rest[1]);
        if (high > 1 || low == std::string_view::npos)
            return std::nullopt;
        const auto character = static_cast<char32_t>(high * 16 + low);
        if (character == '\b' || character == '\f' || character == '\n' || character == '\r' || character == '\t')
            return std::nullopt;
        m_rest.remove_prefix(2);
        return character;
    }

    [[nodiscard]] std::optional<EntryValue> number()
    {
        const bool isNegative = take("-");
        std::int64_t number = 0;
        std::size_t digits = 0;
        for (; digits < m_rest.size() && m_rest[digits] >= '0' && m_rest[digits] <= '9' && digits < 17; ++digits)
            number = number * 10 + (m_rest[digits] - '0');
        const bool hasZeros = digits > 1 && m_rest.front() == '0';
        if (digits == 0 || hasZeros || number > kMostExact || (isNegative && number == 0))
            return std::nullopt;
        m_rest.remove_prefix(digits);
        return EntryValue{isNegative ? -number : number};
    }

    std::string_view m_rest;
};

void appendString(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
            else
                out += c;
        }
    }
    out += '"';
}

Status checkField(const Entry::Field& field, const FieldRule& rule)
{
    if (field.first != rule.name)
        return notAnEntry(fmt::format("the field {} is missing, or {} is one too many", rule.name, field.first));
    if (std::holds_alternative<std::nullptr_t>(field.second)
            ? !rule.mayBeNull
            : std::holds_alternative<std::int64_t>(field.second) != rule.isNumber)
        return notAnEntry(fmt::format("the field {} is of another type", rule.name));
    const auto* text = std::get_if<std::string>(&field.second);
    if (text && (!isUtf8(*text) || text->find('\0') != std::string::npos))
        return notAnEntry(fmt::format("the field {} is not UTF-8", rule.name));
    return Nothing{};
}

Status checkShape(const std::vector<Entry::Field>& fields)
{
    const auto kind = std::ranges::find(fields, "kind", &Entry::Field::first);
    const auto version = std::ranges::find(fields, "v", &Entry::Field::first);
    if (kind == fields.end() || version == fields.end() || version->second != EntryValue{std::int64_t{1}})
        return notAnEntry("it has no kind, or another version than 1");
    const bool isAttempt = kind->second == EntryValue{std::string{"attempt"}};
    const std::span<const FieldRule> rules =
        isAttempt ? std::span<const FieldRule>{kAttempt} : std::span<const FieldRule>{kDecision};
    if (fields.size() != rules.size())
        return notAnEntry("it has not the fields of its kind");
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (const Status good = checkField(fields[i], rules[i]); !good)
            return good;
    }
    return Nothing{};
}

} // namespace

Result<Entry> Entry::decode(std::string_view bytes)
{
    if (bytes.size() > kMostEntryBytes)
        return notAnEntry("it has more than 65535 bytes");
    Reader reader{bytes};
    Entry entry;
    if (!reader.take("{"))
        return notAnEntry("it does not begin with a brace");
    while (!reader.take("}")) {
        if (!entry.m_fields.empty() && !reader.take(","))
            return notAnEntry("a comma is missing");
        auto name = reader.string();
        if (!name || !reader.take(":"))
            return notAnEntry("a name is not in canonical form");
        if (!entry.m_fields.empty() && *name <= entry.m_fields.back().first)
            return notAnEntry("its names are not in order");
        auto value = reader.value();
        if (!value)
            return notAnEntry(fmt::format("the value of a field is not in canonical form (field {})", entry.m_fields.size() + 1));
        entry.m_fields.emplace_back(*std::move(name), *std::move(value));
    }
    if (!reader.atEnd())
        return notAnEntry("something follows it");
    if (const Status shape = checkShape(entry.m_fields); !shape)
        return failureOf(shape);
    return entry;
}

Result<Entry> Entry::of(std::vector<Field> fields)
{
    std::ranges::sort(fields, {}, &Field::first);
    if (const Status shape = checkShape(fields); !shape)
        return failureOf(shape);
    Entry entry;
    entry.m_fields = std::move(fields);
    for (const auto& [name, value] : entry.m_fields) {
        const auto* number = std::get_if<std::int64_t>(&value);
        if (number && (*number > kMostExact || *number < -kMostExact))
            return notAnEntry(fmt::format("the field {} is too large a number", name));
    }
    if (entry.encode().size() > kMostEntryBytes)
        return notAnEntry("it has more than 65535 bytes");
    return entry;
}

std::string Entry::encode() const
{
    std::string out = "{";
    for (const auto& [name, value] : m_fields) {
        if (out.size() > 1)
            out += ',';
        appendString(out, name);
        out += ':';
        if (const auto* text = std::get_if<std::string>(&value))
            appendString(out, *text);
        else if (const auto* number = std::get_if<std::int64_t>(&value))
            out += fmt::format("{}", *number);
        else
            out += "null";
    }
    return out + '}';
}

const EntryValue* Entry::find(std::string_view name) const
{
    const auto field = std::ranges::find(m_fields, name, &Field::first);
    return field == m_fields.end() ? nullptr : &field->second;
}

std::string Entry::text(std::string_view name) const
{
    return optionalText(name).value_or("");
}

std::optional<std::string> Entry::optionalText(std::string_view name) const
{
    const EntryValue* value = find(name);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? std::optional{*text} : std::nullopt;
}

std::optional<std::int64_t> Entry::number(std::string_view name) const
{
    const EntryValue* value = find(name);
    const auto* number = value ? std::get_if<std::int64_t>(value) : nullptr;
    return number ? std::optional{*number} : std::nullopt;
}

} // namespace scr::audit
