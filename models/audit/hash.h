#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scr::audit {

/// A SHA-256. Bytes are passed as std::string_view throughout: they are not text unless it is said.
using Hash = std::array<std::uint8_t, 32>;

[[nodiscard]] Hash sha256(std::string_view bytes);
/// RFC 6962, section 2.1: SHA-256 of 0x00 and the entry.
[[nodiscard]] Hash leafHash(std::string_view entry);
/// RFC 6962, section 2.1: SHA-256 of 0x01, the left and the right subtree's hash.
[[nodiscard]] Hash nodeHash(const Hash& left, const Hash& right);
/// The root of the tree without leaves: SHA-256 of nothing.
[[nodiscard]] Hash emptyRoot();
/// leafHash() by libsodium instead of OpenSSL: what is signed is computed twice, by code that has nothing in common.
[[nodiscard]] Hash leafHashAgain(std::string_view entry);

[[nodiscard]] std::string_view bytesOf(const Hash& hash) noexcept;
[[nodiscard]] std::optional<Hash> hashOf(std::string_view bytes) noexcept; ///< of exactly 32 bytes
[[nodiscard]] std::string hexOf(std::string_view bytes);                   ///< lower case
[[nodiscard]] std::string hexOf(const Hash& hash);
[[nodiscard]] std::optional<std::string> bytesOfHex(std::string_view hex); ///< lower case only, so that one value has one form
[[nodiscard]] std::optional<Hash> hashOfHex(std::string_view hex);

[[nodiscard]] std::string base64Of(std::string_view bytes); ///< RFC 4648, section 4, padded
/// Only what base64Of() would write: no line breaks, no other padding, no stray bits in the last character.
[[nodiscard]] std::optional<std::string> bytesOfBase64(std::string_view text);
[[nodiscard]] std::optional<Hash> hashOfBase64(std::string_view text);

} // namespace scr::audit
