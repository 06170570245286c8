// To be preloaded: the allocation whose number is in SCRUTINEER_FAILING_ALLOC finds no memory, all others do. For glibc.

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
}

namespace {

std::atomic<long> left{-1}; // not known yet

bool isTheOne() noexcept
{
    long now = left.load();
    if (now == -1) {
        const char* text = std::getenv("SCRUTINEER_FAILING_ALLOC"); // allocates nothing
        now = text ? std::atol(text) : 0;
        left = now;
    }
    return now > 0 && --left == 0;
}

} // namespace

extern "C" void* malloc(std::size_t size)
{
    if (!isTheOne())
        return __libc_malloc(size);
    errno = ENOMEM;
    return nullptr;
}

extern "C" void* calloc(std::size_t count, std::size_t size)
{
    if (!isTheOne())
        return __libc_calloc(count, size);
    errno = ENOMEM;
    return nullptr;
}

extern "C" void* realloc(void* memory, std::size_t size)
{
    if (!isTheOne())
        return __libc_realloc(memory, size);
    errno = ENOMEM;
    return nullptr;
}
