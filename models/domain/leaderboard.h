#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/keys.h"
#include "domain/time.h"

namespace scr::domain {

/// What a leaderboard's history is made from: for each post the change of its score in each bin of time. The store sums it in
/// the database, `rank` turns it into ranks.
struct ScoreHistory {
    struct PostLine {
        PostKey post;
        std::string title;      ///< untrusted
        double scoreBefore{};   ///< sum of the counted votes cast before the first bin
        double flaggedBefore{}; ///< of these the part by votes of open or confirmed flags
    };
    struct Cell {
        std::uint32_t post{}; ///< index into `posts`
        std::uint32_t bin{};
        double counted{};     ///< sum of votes counted now
        double flagged{};     ///< of these by votes of open or confirmed flags
        double voided{};      ///< sum of votes cast in the bin that are voided now; not part of `counted`
        std::int64_t votes{}; ///< number of counted votes
        std::int64_t flaggedVotes{};
    };
    struct VoidMark {
        UtcTime at{};
        std::int64_t number{}; ///< V-number
        std::int64_t votes{};
        bool restore{};
    };
    UtcTime from{};
    Micros binWidth{};
    std::uint32_t bins{};
    std::vector<PostLine> posts;
    std::vector<Cell> cells;
    std::vector<VoidMark> voids;
};

} // namespace scr::domain
