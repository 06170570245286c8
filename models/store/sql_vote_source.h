#pragma once

#include "ports/vote_source.h"
#include "store/sql_worker.h"

namespace scr::store {

class SqlVoteSource final : public ports::VoteSource {
public:
    explicit SqlVoteSource(const domain::ConnectionTarget& target, const ReadSettings& pages = {});

    [[nodiscard]] QFuture<domain::Result<ports::VotePage>>
    votesAfter(const query::Query& query, const std::optional<ports::VoteCursor>& cursor, int limit) override;
    [[nodiscard]] QFuture<domain::Result<std::int64_t>> countVotes(const query::Query& query) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<domain::Vote>>> votesOf(const std::vector<domain::VoteKey>& keys) override;

private:
    SqlWorker m_pages;
    SqlWorker m_details; ///< the votes of a flag do not wait for a page
    SqlWorker m_counts;  ///< a count of ten million rows holds nobody up
};

} // namespace scr::store
