#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace scr::domain {

/// True for what PostgreSQL's inet takes as an address or a network: "10.1.2.3", "10.1.0.0/16", "2001:db8::1", "2001:db8::/32".
[[nodiscard]] bool isAddressOrNetwork(std::string_view text) noexcept;

/// As PostgreSQL's <<= has it: the address or network lies in the network, or is it. False where one of them is neither.
[[nodiscard]] bool isInside(std::string_view address, std::string_view network) noexcept;

/// A network as one number: an IPv4 /24 or /16, an IPv6 /64 or /48, or a hash of a text that is no address, as the pseudonym of
/// an address is. 0: not known.
using NetworkCode = std::uint64_t;

/// An address as detectors see it.
struct Origin {
    NetworkCode network = 0; ///< /24, /64 or the hash of a text
    std::uint8_t host = 0;   ///< the last byte of an IPv4 address, 8 bits of hash otherwise

    friend bool operator==(const Origin&, const Origin&) = default;
};
[[nodiscard]] Origin originOf(std::string_view text) noexcept;
/// Of 4 or 16 bytes in the order of the wire; anything else is not known.
[[nodiscard]] Origin originOfBytes(std::string_view address) noexcept;

/// What one household has: an IPv4 address, an IPv6 /64, a pseudonym.
[[nodiscard]] std::uint64_t householdOf(const Origin& origin) noexcept;

/// The /16 of a /24, the /48 of a /64; 0 for anything else.
[[nodiscard]] NetworkCode widerNetwork(NetworkCode network) noexcept;

/// Whether it is the hash of a text.
[[nodiscard]] bool isPseudonym(NetworkCode network) noexcept;

/// "10.1.2.0/24", "2001:db8:1:2::/64", "pseudonym 4f03a1" for the hash of a text.
[[nodiscard]] std::string networkText(NetworkCode network);

} // namespace scr::domain
