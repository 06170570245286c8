#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/keys.h"
#include "domain/leaderboard.h"
#include "domain/time.h"

namespace scr::rank {

struct LeaderboardOptions {
    std::uint32_t top = 15;
    bool withFlagged = true; ///< count the votes of open or confirmed flags
    bool withVoided = false; ///< count what is voided now, as it was counted before
};

/// A post's way through the head of the leaderboard. Ranks count from 1 over all posts at the end of each bin, equal scores by
/// post key (rank::keyBefore).
struct BumpLine {
    std::uint32_t index{}; ///< into ScoreHistory::posts
    domain::PostKey post;
    std::string title;              ///< untrusted
    std::vector<std::int32_t> rank; ///< per bin; 0: below the top
    std::vector<double> score;      ///< per bin, at its end
    std::int32_t bestRank{};
    std::int32_t finalRank{}; ///< 0: below the top at the end
    bool enters{};            ///< below the top in the first bin
    bool leaves{};            ///< below the top in the last bin
    /// First bin that votes of open or confirmed flags were cast in or before; nothing: there are none.
    std::optional<std::uint32_t> flaggedFrom;
    friend bool operator==(const BumpLine&, const BumpLine&) = default;
};

/// Every post that is in the top at the end of some bin, by final rank, then those that left by best rank.
struct BumpSeries {
    domain::UtcTime from{};
    domain::Micros binWidth{};
    std::uint32_t bins{};
    std::uint32_t top{};
    std::vector<BumpLine> lines;
    std::vector<domain::ScoreHistory::VoidMark> voids; ///< those within the bins, in time order
    std::size_t posts{};                               ///< how many posts were ranked
    [[nodiscard]] domain::UtcTime endOf(std::uint32_t bin) const noexcept { return from + binWidth * (bin + 1); }
};

[[nodiscard]] BumpSeries bumpSeries(const domain::ScoreHistory& history, const LeaderboardOptions& options);

/// One post through time; all vectors have one entry a bin.
struct PostSeries {
    std::uint32_t index{};
    domain::PostKey post;
    std::string title;
    std::vector<double> scoreWith; ///< with flagged votes, at the end of the bin
    std::vector<double> scoreWithout;
    std::vector<std::int32_t> rankWith;
    std::vector<std::int32_t> rankWithout;
    std::vector<std::int64_t> otherVotes; ///< counted votes cast in the bin and not flagged
    std::vector<std::int64_t> flaggedVotes;
    friend bool operator==(const PostSeries&, const PostSeries&) = default;
};

/// Nothing when the history has no such post.
[[nodiscard]] std::optional<PostSeries> postSeries(const domain::ScoreHistory& history, const domain::PostKey& post);

struct WhatIfRow {
    std::uint32_t index{};
    domain::PostKey post;
    std::string title;
    std::int64_t rankWith{};
    std::int64_t rankWithout{};
    double scoreWith{};
    double scoreWithout{};
    std::int64_t flaggedVotes{};                                                        ///< within the bins shown
    [[nodiscard]] std::int64_t move() const noexcept { return rankWith - rankWithout; } ///< positive: climbs without
    friend bool operator==(const WhatIfRow&, const WhatIfRow&) = default;
};

/// The leaderboard at the end of one bin with and without flagged votes.
struct WhatIf {
    std::uint32_t bin{};
    domain::UtcTime at{};
    std::vector<WhatIfRow> with;    ///< the top, by rank with flagged votes
    std::vector<WhatIfRow> without; ///< the top, by rank without
    std::vector<WhatIfRow>
        moved; ///< posts of either list, and posts with flagged votes, whose rank or score differs; by weight of move
    std::int64_t flaggedVotes{}; ///< of all posts up to this bin
    friend bool operator==(const WhatIf&, const WhatIf&) = default;
};

/// `bin` beyond the last one means the last.
[[nodiscard]] WhatIf whatIf(const domain::ScoreHistory& history, std::uint32_t bin, std::uint32_t top = 15);

} // namespace scr::rank
