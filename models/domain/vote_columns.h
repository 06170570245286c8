#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/key_column.h"
#include "domain/site_rule.h"
#include "domain/time.h"
#include "domain/vote.h"

namespace scr::domain {

/// Dense number of a token, post or origin inside one scan, given out by the reader; see numberByKey.
using Index = std::uint32_t;
inline constexpr Index kNoIndex = std::numeric_limits<Index>::max();

/// Counted votes as columns; row i of each column is one vote. 28 bytes a vote, 5 more where addresses are known, and the keys'
/// tables.
struct VoteColumns {
    KeyTable tokens; ///< index -> key; shared with the attempts of the same scan. Authors are among them.
    KeyTable posts;
    KeyTable networks; ///< index -> NetworkCode as a number
    KeyList voteKeys;  ///< row -> key
    std::vector<Index> token;
    std::vector<Index> post;
    std::vector<std::int64_t> castAt; ///< microseconds since the epoch; rows need not be in this order
    std::vector<float> value;
    std::vector<Index> network;      ///< kNoIndex where not known; empty where no vote has an address
    std::vector<std::uint8_t> host;  ///< tells addresses of one network apart, mostly; as long as `network`
    std::vector<Index> authorOfPost; ///< by post, an index into tokens or kNoIndex; may be shorter than posts
    /// By post, the sum of the values of what was counted before the time that was read: without it, ranks would be of that time
    /// only. May be shorter than posts.
    std::vector<double> earlierScore;

    [[nodiscard]] Index authorOf(Index ofPost) const noexcept
    {
        return ofPost < authorOfPost.size() ? authorOfPost[ofPost] : kNoIndex;
    }
    [[nodiscard]] Index networkOf(std::size_t row) const noexcept { return network.empty() ? kNoIndex : network[row]; }
    [[nodiscard]] double earlierScoreOf(Index ofPost) const noexcept
    {
        return ofPost < earlierScore.size() ? earlierScore[ofPost] : 0;
    }
    void setAuthor(Index ofPost, Index author); ///< the last one said counts
    void addEarlierScore(Index ofPost, double score);
    [[nodiscard]] std::size_t size() const noexcept { return token.size(); }
    [[nodiscard]] bool empty() const noexcept { return token.empty(); }
    [[nodiscard]] std::size_t bytes() const noexcept; ///< heap memory held, capacity included
};

/// Attempts as columns; `token` and `post` index the VoteColumns' tables of the same scan.
struct AttemptColumns {
    KeyList keys;
    std::vector<Index> token; ///< kNoIndex where the token was not recognised
    std::vector<Index> post;
    std::vector<std::int64_t> attemptedAt;
    std::vector<std::int64_t> finishedAt; ///< equals attemptedAt where the source does not know
    std::vector<AttemptOutcome> outcome;
    std::vector<std::string> sqlstate;  ///< empty vector: the source has none; else one each row
    std::vector<std::string> origin;    ///< likewise
    std::vector<std::uint64_t> request; ///< likewise; a hash of the request key, 0 where there is none
    KeyList votes;                      ///< empty key where none was stored

    [[nodiscard]] std::size_t size() const noexcept { return token.size(); }
};

inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

/// What a scan needs to know of the posts; row i belongs to posts.key(post[i]).
struct PostColumns {
    std::vector<Index> post;            ///< index into VoteColumns::posts
    std::vector<double> counter;        ///< the site's cached score; NaN where it has none
    std::vector<std::int64_t> openedAt; ///< microseconds since the epoch; kNoTime where not known
    std::vector<std::int64_t> closedAt; ///< kNoTime where it is open or not known
};

/// All a scan reads, from one snapshot.
struct ScanInput {
    VoteColumns votes;
    AttemptColumns attempts;
    PostColumns posts;
    std::int64_t readAt = kNoTime; ///< the source's clock when this was read, microseconds since the epoch
    TimeRange range;               ///< what was asked for; counters are compared only when it is all time
    bool hasAttempts = false;      ///< the source has an attempt log
    bool hasCounters = false;
    SiteRuleResults siteRules{}; ///< what rules of the site's own found
};

/// `keepGoing(done, total)` both reports progress and answers whether to go on; total 0: not known.
using KeepGoing = std::function<bool(std::uint64_t done, std::uint64_t total)>;

} // namespace scr::domain
