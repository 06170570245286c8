#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace scr::audit {

/// Takes the first character off `text`; nothing when it is not well-formed UTF-8 (RFC 3629: no surrogates, no long forms).
[[nodiscard]] std::optional<char32_t> takeCharacter(std::string_view& text) noexcept;
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;
/// Unicode's White_Space.
[[nodiscard]] bool isSpace(char32_t character) noexcept;

} // namespace scr::audit
