#include "domain/network.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>

namespace scr::domain {

namespace {

bool isPrefix(std::string_view digits, unsigned longest) noexcept
{
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    return error == std::errc{} && end == digits.data() + digits.size() && bits <= longest;
}

// No address of a network that is routed begins with the bits of these marks: they are multicast in IPv6.
constexpr std::uint64_t kMarkMask = 0xFFFF'0000'0000'0000ULL;
constexpr std::uint64_t kFour24 = 0xFFFF'0000'0000'0000ULL;
constexpr std::uint64_t kFour16 = 0xFFFE'0000'0000'0000ULL;
constexpr std::uint64_t kText = 0xFFFD'0000'0000'0000ULL;
constexpr std::uint64_t kFourHost = 0xFFFB'0000'0000'0000ULL;
constexpr std::uint64_t kSix48 = 0xFFFC'0000'0000'0000ULL;

std::uint64_t hashOf(std::string_view bytes) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325ULL; // FNV-1a, so that a pseudonym is the same on every machine
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
    return hash ^ (hash >> 29U);
}

/// inet_pton of the host part, 4 or 16 bytes.
std::string_view bytesOf(std::string_view text, std::array<char, sizeof(in6_addr)>& address) noexcept
{
    const std::string_view host = text.substr(0, text.find('/'));
    std::array<char, INET6_ADDRSTRLEN + 1> terminated{};
    if (host.empty() || host.size() >= terminated.size())
        return {};
    std::memcpy(terminated.data(), host.data(), host.size());
    const bool isSix = host.find(':') != std::string_view::npos;
    if (inet_pton(isSix ? AF_INET6 : AF_INET, terminated.data(), address.data()) != 1)
        return {};
    return {address.data(), isSix ? std::size_t{16} : std::size_t{4}};
}

/// "a.b.c.d" without a call into the system: most addresses of most sites.
bool isFourFast(std::string_view text, std::array<std::uint8_t, 4>& parts) noexcept
{
    std::size_t part = 0;
    unsigned value = 0;
    unsigned digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            value = value * 10 + static_cast<unsigned>(c - '0');
            if (++digits > 3 || value > 255)
                return false;
        } else if (c == '.' && digits > 0 && part < 3) {
            parts[part++] = static_cast<std::uint8_t>(value);
            value = digits = 0;
        } else {
            return false;
        }
    }
    parts[part] = static_cast<std::uint8_t>(value);
    return part == 3 && digits > 0;
}

Origin originOfFour(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept
{
    return {kFour24 | static_cast<std::uint64_t>(a) << 16U | static_cast<std::uint64_t>(b) << 8U | c, d};
}

} // namespace

Origin originOfBytes(std::string_view address) noexcept
{
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(address[at]); };
    if (address.size() == 4)
        return originOfFour(byte(0), byte(1), byte(2), byte(3));
    if (address.size() != 16)
        return {};
    std::uint64_t upper = 0;
    for (std::size_t at = 0; at < 8; ++at)
        upper = upper << 8U | byte(at);
    return {upper, static_cast<std::uint8_t>(hashOf(address.substr(8)))};
}

Origin originOf(std::string_view text) noexcept
{
    std::array<std::uint8_t, 4> parts{};
    if (isFourFast(text, parts))
        return originOfFour(parts[0], parts[1], parts[2], parts[3]);
    if (text.empty())
        return {};
    std::array<char, sizeof(in6_addr)> address{};
    if (const std::string_view bytes = bytesOf(text, address); !bytes.empty())
        return originOfBytes(bytes);
    return {kText | (hashOf(text) & ~kMarkMask), 0};
}

std::uint64_t householdOf(const Origin& origin) noexcept
{
    return (origin.network & kMarkMask) == kFour24 ? kFourHost | (origin.network & 0xFFFFFFU) << 8U | origin.host
                                                   : origin.network;
}

NetworkCode widerNetwork(NetworkCode network) noexcept
{
    switch (network & kMarkMask) {
    case kFour24: return kFour16 | (network & 0xFFFFFFU) >> 8U;
    case kFour16:
    case kText:
    case kSix48: return 0;
    default: return network == 0 ? 0 : kSix48 | network >> 16U;
    }
}

bool isPseudonym(NetworkCode network) noexcept
{
    return (network & kMarkMask) == kText;
}

std::string networkText(NetworkCode network)
{
    const auto part = [&](unsigned shift) { return std::to_string((network >> shift) & 0xFFU); };
    switch (network & kMarkMask) {
    case kFour24: return part(16) + "." + part(8) + "." + part(0) + ".0/24";
    case kFour16: return part(8) + "." + part(0) + ".0.0/16";
    case kText: {
        std::array<char, 16> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), network & 0xFFFFFFU, 16).ptr;
        return "pseudonym " + std::string{digits.data(), end};
    }
    default: break;
    }
    const bool wide = (network & kMarkMask) == kSix48;
    const std::uint64_t upper = wide ? network << 16U : network;
    std::array<unsigned char, 16> bytes{};
    for (unsigned at = 0; at < 8; ++at)
        bytes[at] = static_cast<unsigned char>(upper >> (56U - 8U * at));
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    return std::string{text.data()} + (wide ? "/48" : "/64");
}

bool isAddressOrNetwork(std::string_view text) noexcept
{
    const std::size_t slash = text.find('/');
    const std::string_view host = text.substr(0, slash);
    std::array<char, INET6_ADDRSTRLEN + 1> terminated{};
    if (host.empty() || host.size() >= terminated.size() || host.find('\0') != std::string_view::npos)
        return false;
    std::memcpy(terminated.data(), host.data(), host.size());
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const bool isSix = host.find(':') != std::string_view::npos;
    if (inet_pton(isSix ? AF_INET6 : AF_INET, terminated.data(), address.data()) != 1)
        return false;
    return slash == std::string_view::npos || isPrefix(text.substr(slash + 1), isSix ? 128 : 32);
}

bool isInside(std::string_view address, std::string_view network) noexcept
{
    if (!isAddressOrNetwork(address) || !isAddressOrNetwork(network))
        return false;
    std::array<char, sizeof(in6_addr)> inner{};
    std::array<char, sizeof(in6_addr)> outer{};
    const std::string_view bytes = bytesOf(address, inner);
    const std::string_view netBytes = bytesOf(network, outer);
    const auto prefixOf = [](std::string_view text, std::size_t longest) {
        std::size_t prefix = longest;
        if (const auto slash = text.find('/'); slash != std::string_view::npos)
            std::from_chars(text.data() + slash + 1, text.data() + text.size(), prefix);
        return prefix;
    };
    const std::size_t prefix = prefixOf(network, 8 * netBytes.size());
    if (bytes.size() != netBytes.size() || prefixOf(address, 8 * bytes.size()) < prefix)
        return false;
    const std::size_t whole = prefix / 8;
    const auto bits = static_cast<unsigned char>(0xFF00U >> (prefix % 8));
    return bytes.substr(0, whole) == netBytes.substr(0, whole) &&
           (prefix % 8 == 0 || ((bytes[whole] ^ netBytes[whole]) & bits) == 0);
}

} // namespace scr::domain
