#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace scr::domain {

/// Asks the system to back a large, not yet touched block with large pages: filling columns of hundreds of megabytes in 4 kB
/// pages costs a page fault each, and scattered access one more table walk. Where the system will not, nothing is different.
void preferLargePages(void* memory, std::size_t bytes) noexcept;

/// Zeroed memory that begins at a page and takes none before it is touched. Throws std::bad_alloc.
[[nodiscard]] void* zeroedPages(std::size_t bytes);
void releasePages(void* memory, std::size_t bytes) noexcept;

/// A fixed number of elements, all bytes zero at first, in large pages from the first touch on: a table of megabytes that is
/// looked up all over waits for the page tables as long as for the memory itself.
template <class T>
class LargeArray {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
                  "its elements come and go with the memory");

public:
    explicit LargeArray(std::size_t size) :
        m_elements{static_cast<T*>(zeroedPages(size * sizeof(T))), Release{size * sizeof(T)}}, m_size{size}
    {
        preferLargePages(m_elements.get(), bytes());
    }

    [[nodiscard]] T& operator[](std::size_t at) noexcept { return m_elements.get()[at]; }
    [[nodiscard]] const T& operator[](std::size_t at) const noexcept { return m_elements.get()[at]; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_size * sizeof(T); }

private:
    struct Release {
        std::size_t bytes;
        void operator()(T* memory) const noexcept { releasePages(memory, bytes); }
    };

    std::unique_ptr<T, Release> m_elements;
    std::size_t m_size;
};

/// For the start of a program that scans: blocks of megabytes go back to the system when they are freed and are never cut up for
/// small ones. Left alone, glibc keeps them after the first scan, in pieces and in small pages, and the next scan is slower.
void keepLargeBlocksApart() noexcept;

} // namespace scr::domain
