#pragma once

#include <cstddef>

namespace scr::domain {

/// Asks the system to back a large, not yet touched block with large pages: filling columns of hundreds of megabytes in 4 kB
/// pages costs a page fault each, and scattered access one more table walk. Where the system will not, nothing is different.
void preferLargePages(void* memory, std::size_t bytes) noexcept;

/// For the start of a program that scans: blocks of megabytes go back to the system when they are freed and are never cut up for
/// small ones. Left alone, glibc keeps them after the first scan, in pieces and in small pages, and the next scan is slower.
void keepLargeBlocksApart() noexcept;

} // namespace scr::domain
