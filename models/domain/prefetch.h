#pragma once

namespace scr::domain {

/// Asks for the cache line of an address that will be read soon. GCC takes a function or a loop that only prefetches for one
/// without effect and leaves it out; the empty statement keeps it.
inline void prefetch(const void* address) noexcept
{
    __builtin_prefetch(address);
    asm volatile("" : : "r"(address));
}

} // namespace scr::domain
