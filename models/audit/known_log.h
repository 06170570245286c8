#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace scr::audit {

/// By name of a witness, the largest checkpoint that it signed, in entries; 0: none.
using Witnessed = std::map<std::string, std::uint64_t>;

/// What is remembered of the sealed log of a database, outside its owner's reach.
struct KnownLog {
    std::string verifier;                         ///< the public key that its checkpoints were verified with
    bool isConfirmed{};                           ///< a person named it; else it is the database's own word
    std::map<std::string, std::string> notes;     ///< of each origin the largest checkpoint that was seen
    std::map<std::string, Witnessed> witnessed{}; ///< of each origin, whose good signatures were seen

    friend bool operator==(const KnownLog&, const KnownLog&) = default;
};

} // namespace scr::audit
