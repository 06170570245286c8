#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace scr::store {

/// Numbers as the wire has them: big endian, at any address.
[[nodiscard]] inline std::uint16_t wire16(const char* at) noexcept
{
    std::uint16_t value;
    std::memcpy(&value, at, sizeof value);
    return std::endian::native == std::endian::little ? __builtin_bswap16(value) : value;
}

[[nodiscard]] inline std::uint32_t wire32(const char* at) noexcept
{
    std::uint32_t value;
    std::memcpy(&value, at, sizeof value);
    return std::endian::native == std::endian::little ? __builtin_bswap32(value) : value;
}

[[nodiscard]] inline std::uint64_t wire64(const char* at) noexcept
{
    std::uint64_t value;
    std::memcpy(&value, at, sizeof value);
    return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

} // namespace scr::store
