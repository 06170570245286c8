#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cwchar>
#include <locale>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sodium.h>

/// Forms of bytes, numbers, times and tables. Whatever reads takes only the one form that FORMAT.md gives.
namespace scr::verify {

inline constexpr std::string_view kDigits = "0123456789abcdef";

inline const unsigned char* octets(std::string_view text) // as libsodium wants them
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

inline std::string hexOf(std::string_view bytes)
{
    std::string hex(2 * bytes.size(), '\0');
    sodium_bin2hex(hex.data(), hex.size() + 1, octets(bytes), bytes.size()); // with the zero byte that every string ends in
    return hex;
}

inline bool isHex(std::string_view text, std::size_t digits)
{
    return text.size() == digits && text.find_first_not_of(kDigits) == std::string_view::npos;
}

inline std::optional<std::string> bytesOfBase64(std::string_view text)
{
    if (std::ranges::any_of(text, [](char byte) { return (byte & 0x80) != 0; })) // some of these libsodium takes for letters
        return std::nullopt;
    std::string bytes(text.size(), '\0');
    std::size_t length = 0;
    const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(),
                                         nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL);
    return failed == 0 ? std::optional{bytes.substr(0, length)} : std::nullopt;
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

/// Whether the bytes are well-formed UTF-8 (RFC 3629).
inline bool isUtf8(std::string_view bytes)
{
    const auto& codec = std::use_facet<std::codecvt<char32_t, char8_t, std::mbstate_t>>(std::locale::classic());
    const auto* next = reinterpret_cast<const char8_t*>(bytes.data());
    std::mbstate_t state{};
    std::u32string points(bytes.size(), U'\0');
    char32_t* end = nullptr;
    const auto result = codec.in(state, next, next + bytes.size(), next, points.data(), points.data() + points.size(), end);
    const auto isSurrogate = [](char32_t point) { return point >> 11U == 0x1b; }; // which some libraries let pass
    return result == std::codecvt_base::ok && std::ranges::none_of(points, isSurrogate);
}

/// Into the memory of `text`.
inline std::string_view isoText(std::int64_t micros, std::string& text)
{
    const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds{micros}};
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss clock{time - midnight};
    const std::int64_t year = int(date.year()), month = unsigned(date.month()), day = unsigned(date.day());
    const std::int64_t hour = clock.hours().count(), minute = clock.minutes().count(), second = clock.seconds().count();
    const std::int64_t fraction = clock.subseconds().count();
    const std::pair<int, std::int64_t> numbers[]{{4, year},    {7, month},   {10, day},     {13, hour},
                                                 {16, minute}, {19, second}, {26, fraction}}; // and where in the text each ends
    text = "0000-00-00T00:00:00.000000";
    for (auto [end, rest] : numbers) {
        for (auto digit = text.begin() + end; rest > 0; rest /= 10)
            *--digit = static_cast<char>('0' + rest % 10);
    }
    text.resize(fraction == 0 ? 19 : text.find_last_not_of('0') + 1);
    return text += 'Z';
}

/// Bytes that are no printable ASCII as %NN, so that no name of a file commands the terminal.
inline std::string printable(std::string_view text)
{
    std::string shown;
    for (const char byte : text)
        shown += byte >= ' ' && byte <= '~' ? std::string{byte} : '%' + hexOf({&byte, 1});
    return shown;
}

/// Bytes that end what can be read as it is: 1 in JSON strings, 2 in cells. Every byte of an entry is looked up, which a table
/// does in half the time of comparisons.
inline constexpr auto kSpecial = [] {
    std::array<unsigned char, 256> special{};
    std::fill_n(special.begin(), 0x20, 1);
    special['"'] = special['\r'] = special['\n'] = 3;
    special['\\'] = 1;
    special[','] = 2;
    return special;
}();

inline bool needsQuotes(std::string_view cell)
{
    unsigned all = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ') ? 2 : 0;
    for (const char byte : cell)
        all |= kSpecial[static_cast<unsigned char>(byte)];
    return (all & 2U) != 0;
}

/// Adds a row of a table, with its LF.
inline void appendRow(std::string& rows, std::initializer_list<std::string_view> cells)
{
    for (const std::string_view cell : cells) {
        if (needsQuotes(cell)) {
            rows += '"';
            for (const char byte : cell)
                rows.append(byte == '"' ? 2 : 1, byte);
            rows += "\",";
        } else {
            rows += cell;
            rows += ',';
        }
    }
    rows.back() = '\n';
}

/// The cells of a CSV record without its LF; false unless appendRow() would write the same. Views end with `undone`.
inline bool parseCells(std::string_view record, std::vector<std::string_view>& cells, std::string& undone)
{
    cells.clear();
    undone.clear();
    undone.reserve(record.size());
    while (true) {
        std::string_view cell = record.substr(0, record.find(','));
        const bool isQuoted = record.starts_with('"');
        std::size_t end = cell.size();
        if (isQuoted) {
            const std::size_t start = undone.size();
            for (end = 1; end < record.size() && (record[end] != '"' || record.substr(end + 1).starts_with('"')); ++end) {
                undone += record[end];
                end += record[end] == '"' ? 1 : 0;
            }
            if (end++ >= record.size())
                return false;
            cell = std::string_view{undone}.substr(start);
        }
        cells.push_back(cell);
        record.remove_prefix(end);
        if (needsQuotes(cell) != isQuoted || !(record.empty() || record.front() == ','))
            return false;
        if (record.empty())
            return true;
        record.remove_prefix(1);
    }
}

/// Length of the CSV record that `bytes` begin with, its LF included; 0 when it does not end in them.
inline std::size_t recordLength(std::string_view bytes)
{
    std::ptrdiff_t quotes = 0;
    for (std::size_t from = 0, end = 0; (end = bytes.find('\n', from)) != std::string_view::npos; from = end + 1) {
        quotes += std::ranges::count(bytes.substr(from, end - from), '"');
        if (quotes % 2 == 0)
            return end + 1;
    }
    return 0;
}

} // namespace scr::verify
