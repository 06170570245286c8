#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scr::domain {

/// A piece of an untrusted text: either plain text, or the code ("U+202E") of a character that would otherwise hide or
/// rearrange what stands around it.
struct TextPiece {
    std::string text;
    bool isCode{};

    friend bool operator==(const TextPiece&, const TextPiece&) = default;
};

/// The one gate that untrusted text passes before it is shown. Control characters, bidirectional controls, zero-width and
/// other default-ignorable characters, line and paragraph separators, tags and bytes that are not UTF-8 become codes.
/// Everything else stays as it is; markup is not interpreted, so whoever shows it must show plain text.
[[nodiscard]] std::vector<TextPiece> visiblePieces(std::string_view utf8);

/// The same as one string with the codes in brackets: "lucky[U+202E]rebmun".
[[nodiscard]] std::string visibleText(std::string_view utf8);

/// The same line by line, with the line breaks kept: for texts that are meant to have lines.
[[nodiscard]] std::string visibleLines(std::string_view utf8);

/// True when the text is well-formed UTF-8 (RFC 3629).
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;

} // namespace scr::domain
