#include "domain/large_pages.h"

#include <algorithm>
#include <cstdint>
#include <new>

#include <sys/mman.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace scr::domain {

void preferLargePages(void* memory, std::size_t bytes) noexcept
{
#ifdef __linux__
    constexpr std::uintptr_t kPage = 4096;
    constexpr std::size_t kWorthIt = 8U << 20U;
    if (memory == nullptr || bytes < kWorthIt)
        return;
    const auto begin = (reinterpret_cast<std::uintptr_t>(memory) + kPage - 1) / kPage * kPage;
    const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / kPage * kPage;
    static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
#else
    static_cast<void>(memory);
    static_cast<void>(bytes);
#endif
}

void* zeroedPages(std::size_t bytes)
{
    void* const memory =
        mmap(nullptr, std::max<std::size_t>(bytes, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        throw std::bad_alloc{};
    return memory;
}

void releasePages(void* memory, std::size_t bytes) noexcept
{
    munmap(memory, std::max<std::size_t>(bytes, 1));
}

void keepLargeBlocksApart() noexcept
{
#ifdef __GLIBC__
    constexpr int kLarge = 4 << 20;
    static_cast<void>(mallopt(M_MMAP_THRESHOLD, kLarge));
#endif
}

} // namespace scr::domain
