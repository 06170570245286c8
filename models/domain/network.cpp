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

} // namespace

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

} // namespace scr::domain
