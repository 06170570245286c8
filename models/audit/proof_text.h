#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/proof.h"
#include "domain/result.h"

namespace scr::audit {

/// C2SP tlog-proof: that an entry is in a log, in a file of its own. The extra data is the entry itself, so that the file is all
/// that is needed beside the key.
struct EntryProof {
    std::string entry; ///< bytes; empty when the file has none
    std::uint64_t index{};
    Proof proof;
    std::string note; ///< the signed checkpoint
};

[[nodiscard]] std::string textOf(const EntryProof& proof);
[[nodiscard]] domain::Result<EntryProof> parseProof(std::string_view text);

} // namespace scr::audit
