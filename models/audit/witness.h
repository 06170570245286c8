#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/note.h"

namespace scr::audit {

/// Somebody who signed a checkpoint beside its log (C2SP tlog-cosignature).
struct Witness {
    enum class Standing : std::uint8_t { Good, Bad, Unknown }; ///< the last: no key of that name and id was named

    std::string name;
    Standing standing = Standing::Unknown;
    std::optional<std::int64_t> time; ///< when a good one signed, by its own word: seconds since 1970

    friend bool operator==(const Witness&, const Witness&) = default;
};

/// A signature line that is kept beside a note, and whose it is said to be.
struct KeptSignature {
    std::string name;
    std::string line; ///< with or without its line feed; empty: it is in the note
};

/// Who signed the note or a line beside it, but for its log, by name. A name has one standing, its best: what else stands under
/// the name of a good witness says nothing, since anybody may put it there.
[[nodiscard]] std::vector<Witness> witnessesOf(std::string_view note, const std::vector<KeptSignature>& beside,
                                               const VerifierKey& log, const std::vector<VerifierKey>& witnesses);

} // namespace scr::audit
