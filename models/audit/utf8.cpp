#include "audit/utf8.h"

namespace scr::audit {

std::optional<char32_t> takeCharacter(std::string_view& text) noexcept
{
    if (text.empty())
        return std::nullopt;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xc2 && first < 0xe0 ? 2
                               : first >= 0xe0 && first < 0xf0 ? 3
                               : first >= 0xf0 && first < 0xf5 ? 4
                                                               : 0;
    if (length == 0 || text.size() < length)
        return std::nullopt;
    char32_t character = length == 1 ? first : first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80)
            return std::nullopt;
        character = (character << 6) | (byte(i) & 0x3fU);
    }
    const bool isLongForm = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
    if (isLongForm || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
        return std::nullopt;
    text.remove_prefix(length);
    return character;
}

bool isUtf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        if (!takeCharacter(text))
            return false;
    }
    return true;
}

bool isSpace(char32_t character) noexcept
{
    return (character >= 0x09 && character <= 0x0d) || character == 0x20 || character == 0x85 || character == 0xa0 ||
           character == 0x1680 || (character >= 0x2000 && character <= 0x200a) || character == 0x2028 || character == 0x2029 ||
           character == 0x202f || character == 0x205f || character == 0x3000;
}

} // namespace scr::audit
