#pragma once

#include <cstdint>

namespace scr::reliability {

struct SealFire {
    std::uint64_t entries = 10'000'000; ///< attempts that are sent; those of transactions that are lost or rolled back among them
    int writers = 64;
    int crashes = 50;
    int longTransaction = 600; ///< seconds
};

/// Seals under writers that roll back, two sealers that race, backends and sealers that are killed and servers that are stopped
/// at once. Prints what came of it; true when every entry that is there was sealed once and nothing else was, every checkpoint
/// that was ever seen is a beginning of the log at the end, and the sealer by the last key skipped something in the same run.
[[nodiscard]] bool sealUnderFire(const SealFire& fire);

} // namespace scr::reliability
