#pragma once

#include <cstdint>
#include <string>

namespace scr::test {

/// A pack that is made up, without a database: attempts of a site's people, most of them accepted and with a vote, some decisions
/// at the end, among them a void. Everything about it follows from these numbers but the keys.
struct PackRecipe {
    std::string path; ///< a new folder, or FILE.tar
    std::uint64_t attempts = 20;
    std::uint64_t tokens = 5;
    std::uint64_t earlier = 0; ///< size of an earlier checkpoint; 0: none
    std::uint64_t from = 0;    ///< the period begins with this attempt; before it the log has entries, and the pack not all
    bool isRedacted = false;
    bool isFiltered = false; ///< only the attempts of the first token
    int epoch = 1;
    std::size_t nameBytes = 0;   ///< of the first token's name; 0: a short one
    bool isProposed = false;     ///< the first decision is the proposal of the void, instead of a review
    bool isVoidedBefore = false; ///< the log begins with the decision of the void that it ends with
};

struct PackKeys {
    std::string exporter; ///< minisign's text form
    std::string log;      ///< "name+id+base64"
};

/// Aborts the test when it cannot be made.
PackKeys makePack(const PackRecipe& recipe);

} // namespace scr::test
