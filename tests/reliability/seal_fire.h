#pragma once

#include <cstdint>

namespace scr::reliability {

struct SealFire {
    std::uint64_t entries = 10'000'000; ///< attempts that are committed: one half among the crashes, the other beside the long
                                        ///< transaction
    int writers = 64;
    int crashes = 50;
    int pause = 6;             ///< seconds before each of them
    int longTransaction = 600; ///< seconds
};

/// Seals under writers that roll back and two sealers that race: first while backends and sealers are killed and servers are
/// stopped at once, then beside a transaction that stays open with an entry in it, and one of another database, while only the
/// sealers are killed: a crash of the server would end both. Prints what came of it; true when every entry that is there was
/// sealed once and nothing else was, every checkpoint that was ever seen is a beginning of the log at the end, nothing
/// waited for the transactions, which lived as long as asked, and the sealer by the last key skipped something in the same run.
[[nodiscard]] bool sealUnderFire(const SealFire& fire);

} // namespace scr::reliability
