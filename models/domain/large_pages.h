#pragma once

#include <cstddef>

namespace scr::domain {

/// Asks the system to back a large, not yet touched block with large pages: filling columns of hundreds of megabytes in 4 kB
/// pages costs a page fault each, and scattered access one more table walk. Where the system will not, nothing is different.
void preferLargePages(void* memory, std::size_t bytes) noexcept;

} // namespace scr::domain
