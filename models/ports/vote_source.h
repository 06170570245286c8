#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QFuture>

#include "domain/result.h"
#include "domain/vote.h"
#include "query/query.h"

namespace scr::ports {

/// Where a page ended: the order is newest first by (cast_at, vote_key).
struct VoteCursor {
    domain::UtcTime castAt{};
    domain::VoteKey key;
    friend bool operator==(const VoteCursor&, const VoteCursor&) = default;
};

struct VotePage {
    std::vector<domain::Vote> rows;
    std::optional<VoteCursor> next; ///< empty: this was the last page
};

/// Votes page by page. Each call answers on its own worker; a call made later never waits for one whose future was cancelled.
class VoteSource {
public:
    VoteSource() = default;
    VoteSource(const VoteSource&) = delete;
    VoteSource& operator=(const VoteSource&) = delete;
    virtual ~VoteSource() = default;

    [[nodiscard]] virtual QFuture<domain::Result<VotePage>> votesAfter(const query::Query& query,
                                                                       const std::optional<VoteCursor>& cursor, int limit) = 0;
    /// Exact number of matching votes; may take long, which is why it is asked for by a button.
    [[nodiscard]] virtual QFuture<domain::Result<std::int64_t>> countVotes(const query::Query& query) = 0;
    /// The votes of those keys, oldest first; keys that do not exist (any more) are left out.
    [[nodiscard]] virtual QFuture<domain::Result<std::vector<domain::Vote>>>
    votesOf(const std::vector<domain::VoteKey>& keys) = 0;
};

} // namespace scr::ports
