#include "domain/visible_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace scr::domain {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Controls, bidirectional controls, separators and what Unicode 15 calls Default_Ignorable_Code_Point; ascending.
constexpr std::array kHidden{
    Range{0x0000, 0x001F},   Range{0x007F, 0x009F}, Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F},   Range{0x061C, 0x061C},
    Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5}, Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
    Range{0x2060, 0x206F},   Range{0x3164, 0x3164}, Range{0xFDD0, 0xFDEF}, Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},   Range{0xFFF0, 0xFFFB}, Range{0xFFFE, 0xFFFF}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF},
};

bool isHidden(char32_t point) noexcept
{
    const auto after =
        std::upper_bound(kHidden.begin(), kHidden.end(), point, [](char32_t p, const Range& r) { return p < r.first; });
    if (after != kHidden.begin() && point <= std::prev(after)->last)
        return true;
    return (point & 0xFFFEU) == 0xFFFEU; // the last two of every plane are noncharacters
}

struct Decoded {
    char32_t point{};
    std::size_t length{}; ///< 0: the first byte does not begin a character
};

constexpr unsigned byteAt(std::string_view text, std::size_t at) noexcept
{
    return static_cast<unsigned char>(text[at]);
}

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Decoded decode(std::string_view text, std::size_t at) noexcept
{
    const unsigned lead = byteAt(text, at);
    if (lead < 0x80U)
        return {static_cast<char32_t>(lead), 1};
    const std::size_t length = lead >= 0xC2U && lead <= 0xDFU   ? 2
                               : lead >= 0xE0U && lead <= 0xEFU ? 3
                               : lead >= 0xF0U && lead <= 0xF4U ? 4
                                                                : 0;
    if (length == 0 || text.size() - at < length)
        return {};
    char32_t point = lead & (0x7FU >> length);
    for (std::size_t next = 1; next < length; ++next) {
        const unsigned byte = byteAt(text, at + next);
        if ((byte & 0xC0U) != 0x80U)
            return {};
        point = (point << 6U) | (byte & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800U) || (length == 4 && point < 0x10000U);
    const bool surrogate = point >= 0xD800U && point <= 0xDFFFU;
    if (overlong || surrogate || point > 0x10FFFFU)
        return {};
    return {point, length};
}

std::string hexadecimal(char32_t value, int digits)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string text;
    for (int digit = std::max(digits, value > 0xFFFFFU ? 6 : value > 0xFFFFU ? 5 : 0) - 1; digit >= 0; --digit)
        text += kDigits[(value >> (4U * static_cast<unsigned>(digit))) & 0xFU];
    return text;
}

/// Calls `plain(part)` and `code(text)` in the order of the text.
template <class Plain, class Code>
void walk(std::string_view utf8, Plain plain, Code code)
{
    std::size_t begun = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const Decoded here = decode(utf8, at);
        if (here.length != 0 && !isHidden(here.point)) {
            at += here.length;
            continue;
        }
        if (begun < at)
            plain(utf8.substr(begun, at - begun));
        code(here.length != 0 ? "U+" + hexadecimal(here.point, 4)
                              : "0x" + hexadecimal(static_cast<char32_t>(byteAt(utf8, at)), 2));
        at += std::max<std::size_t>(here.length, 1);
        begun = at;
    }
    if (begun < utf8.size())
        plain(utf8.substr(begun));
}

} // namespace

std::vector<TextPiece> visiblePieces(std::string_view utf8)
{
    std::vector<TextPiece> pieces;
    walk(
        utf8, [&](std::string_view part) { pieces.push_back({std::string{part}, false}); },
        [&](std::string code) { pieces.push_back({std::move(code), true}); });
    return pieces;
}

std::string visibleText(std::string_view utf8)
{
    std::string text;
    text.reserve(utf8.size());
    walk(
        utf8, [&](std::string_view part) { text += part; },
        [&](const std::string& code) {
            text += '[';
            text += code;
            text += ']';
        });
    return text;
}

std::string visibleLines(std::string_view utf8)
{
    std::string lines;
    for (std::size_t at = 0; at <= utf8.size();) {
        const auto end = std::min(utf8.find('\n', at), utf8.size());
        lines += (at == 0 ? "" : "\n") + visibleText(utf8.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

bool isUtf8(std::string_view text) noexcept
{
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = decode(text, at).length;
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

} // namespace scr::domain
