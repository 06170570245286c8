#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sodium.h>

#include "verify/sha256.h"

/// Forms of bytes, numbers, times and tables. Whatever reads takes only the one form that FORMAT.md gives.
namespace scr::verify {

inline constexpr std::string_view kDigits = "0123456789abcdef";

inline std::string hexOf(std::string_view bytes)
{
    std::string hex;
    for (const char byte : bytes) {
        hex += kDigits[static_cast<unsigned char>(byte) >> 4U];
        hex += kDigits[static_cast<unsigned char>(byte) & 15U];
    }
    return hex;
}

inline std::string hexOf(const Hash& hash)
{
    return hexOf(std::string_view{reinterpret_cast<const char*>(hash.data()), hash.size()});
}

inline bool isHex(std::string_view text, std::size_t digits)
{
    return text.size() == digits && text.find_first_not_of(kDigits) == std::string_view::npos;
}

inline std::optional<std::string> bytesOfBase64(std::string_view text)
{
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    std::string bytes(text.size(), '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                          &length, &end, kVariant) != 0)
        return std::nullopt;
    bytes.resize(length);
    std::string again(sodium_base64_encoded_len(length, kVariant), '\0'); // stray bits and bytes were dropped
    sodium_bin2base64(again.data(), again.size(), reinterpret_cast<const unsigned char*>(bytes.data()), length, kVariant);
    again.pop_back();
    return again == text ? std::optional{std::move(bytes)} : std::nullopt;
}

/// Without leading zeros, of at most so many digits (at most 19).
inline std::optional<std::uint64_t> decimal(std::string_view text, std::size_t mostDigits)
{
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const bool isGood = !text.empty() && text.size() <= mostDigits && (text.size() == 1 || text.front() != '0') &&
                        std::from_chars(text.data(), end, value).ptr == end;
    return isGood ? std::optional{value} : std::nullopt;
}

/// Takes the text up to the next `end` off, and `end`; nothing when there is none.
inline std::optional<std::string_view> takeUntil(std::string_view& text, char end)
{
    const auto place = text.find(end);
    if (place == std::string_view::npos)
        return std::nullopt;
    const std::string_view taken = text.substr(0, place);
    text.remove_prefix(place + 1);
    return taken;
}

/// Takes the first character off; nothing when it is not well-formed UTF-8 (RFC 3629).
inline std::optional<char32_t> takeCharacter(std::string_view& text)
{
    const auto first = static_cast<unsigned char>(text.empty() ? '\xff' : text.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || text.size() < length)
        return std::nullopt;
    char32_t character = length == 1 ? first : first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0U) != 0x80)
            return std::nullopt;
        character = character << 6U | (byte & 0x3fU);
    }
    constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    if (character < kLeast[length] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
        return std::nullopt;
    text.remove_prefix(length);
    return character;
}

inline std::string isoText(std::int64_t micros)
{
    constexpr std::int64_t kSecond = 1'000'000;
    const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds{micros}};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::int64_t inDay = (time - day).count();
    std::string text = "0000-00-00T00:00:00.000000";
    const auto put = [&text](std::size_t at, std::size_t digits, std::int64_t number) {
        for (; digits > 0; --digits, number /= 10)
            text[at + digits - 1] = static_cast<char>('0' + number % 10);
    };
    put(0, 4, static_cast<int>(date.year()));
    put(5, 2, static_cast<unsigned>(date.month()));
    put(8, 2, static_cast<unsigned>(date.day()));
    put(11, 2, inDay / (3600 * kSecond));
    put(14, 2, inDay / (60 * kSecond) % 60);
    put(17, 2, inDay / kSecond % 60);
    put(20, 6, inDay % kSecond);
    text.resize(inDay % kSecond == 0 ? 19 : text.find_last_not_of('0') + 1);
    return text + 'Z';
}

/// Bytes that are no printable ASCII as %NN, so that no name of a file commands the terminal.
inline std::string printable(std::string_view text)
{
    std::string shown;
    for (const char byte : text)
        shown += byte >= ' ' && byte <= '~' ? std::string{byte} : '%' + hexOf(std::string_view{&byte, 1});
    return shown;
}

inline bool needsQuotes(std::string_view cell)
{
    const auto isSpecial = [](char byte) { return byte == '"' || byte == ',' || byte == '\r' || byte == '\n'; };
    return !cell.empty() && (cell.front() == ' ' || cell.back() == ' ' || std::ranges::any_of(cell, isSpecial));
}

/// A cell of a CSV row, and the comma after it.
inline void appendCell(std::string& row, std::string_view cell)
{
    const bool isQuoted = needsQuotes(cell);
    row += isQuoted ? "\"" : "";
    if (!isQuoted)
        row += cell;
    for (std::size_t i = 0; isQuoted && i < cell.size(); ++i)
        row.append(cell[i] == '"' ? 2 : 1, cell[i]);
    row += isQuoted ? "\"," : ",";
}

/// The cells of a CSV record without its LF; false unless appendCell() would write the same. Views end with `undone`.
inline bool parseCells(std::string_view record, std::vector<std::string_view>& cells, std::string& undone)
{
    cells.clear();
    undone.clear();
    undone.reserve(record.size());
    while (true) {
        std::string_view cell = record.substr(0, record.find(','));
        bool isGood = !needsQuotes(cell);
        if (record.starts_with('"')) {
            const std::size_t start = undone.size();
            record.remove_prefix(1);
            for (isGood = false; !isGood && !record.empty();) {
                const bool isDoubled = record.starts_with("\"\"");
                isGood = record.front() == '"' && !isDoubled;
                if (!isGood)
                    undone += record.front();
                record.remove_prefix(isDoubled ? 2 : 1);
            }
            cell = std::string_view{undone}.substr(start);
            isGood = isGood && needsQuotes(cell);
        } else {
            record.remove_prefix(cell.size());
        }
        cells.push_back(cell);
        if (!isGood || record.empty() || record.front() != ',')
            return isGood && record.empty();
        record.remove_prefix(1);
    }
}

/// Length of the CSV record that `bytes` begin with, its LF included; 0 when it does not end in them.
inline std::size_t recordLength(std::string_view bytes)
{
    std::ptrdiff_t quotes = 0;
    for (std::size_t from = 0; from < bytes.size();) {
        const std::string_view line = bytes.substr(from, bytes.find('\n', from) - from);
        quotes += std::ranges::count(line, '"');
        from += line.size() + 1;
        if (quotes % 2 == 0 && from <= bytes.size())
            return from;
    }
    return 0;
}

} // namespace scr::verify
