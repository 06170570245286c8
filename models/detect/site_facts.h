#pragma once

#include <vector>

#include "detect/progress.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// What is usual on a site, counted over all its votes.
struct SiteFacts {
    double votes = 0;
    double votesWithAuthor = 0;
    double votesWithNetwork = 0;
    std::vector<std::uint32_t> ofToken;   ///< votes by token
    std::vector<std::uint32_t> ofPost;    ///< by post
    std::vector<std::uint32_t> ofAuthor;  ///< by author, an index among the tokens
    std::vector<std::uint32_t> ofNetwork; ///< by network
    std::size_t activeTokens = 0;         ///< with a vote
    std::size_t activePosts = 0;
    double reciprocity = 0; ///< share of the pairs of a voter and an author, both voters, that have votes the other way
};

/// Adds the rows from `from` on to facts that were counted before; reciprocity stays as it was.
void addFacts(const domain::VoteColumns& votes, std::size_t from, SiteFacts& facts);

/// False when stopped.
[[nodiscard]] bool countFacts(const domain::VoteColumns& votes, SiteFacts& facts, Progress& progress);

} // namespace scr::detect
