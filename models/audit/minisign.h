#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace scr::audit {

/// A key that signs files as minisign does (https://jedisct1.github.io/minisign/): its files can be used with that program, and
/// its signatures be checked by it. Memory is overwritten when it goes.
class MinisignKey {
public:
    [[nodiscard]] static MinisignKey make(); ///< a new random one
    /// Of a secret key file, which must not be protected by a password (minisign -G -W).
    [[nodiscard]] static domain::Result<MinisignKey> parse(std::string_view file);
    MinisignKey(MinisignKey&&) = default;
    MinisignKey& operator=(MinisignKey&&) = default;
    MinisignKey(const MinisignKey&) = delete;
    MinisignKey& operator=(const MinisignKey&) = delete;
    ~MinisignKey();

    [[nodiscard]] std::string text() const;      ///< of a secret key file, two lines
    [[nodiscard]] std::string publicKey() const; ///< one line of base64, as minisign -P takes it
    /// The text of a signature file. `trustedComment` is signed as well and has no line feed; `untrusted` is for people.
    [[nodiscard]] std::string sign(std::string_view message, std::string_view untrusted, std::string_view trustedComment) const;

private:
    MinisignKey() = default;
    [[nodiscard]] std::string checksum() const;

    std::array<std::uint8_t, 8> m_id{};
    std::array<std::uint8_t, 64> m_secret{}; ///< seed and public key
};

} // namespace scr::audit
