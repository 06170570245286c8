#pragma once

#include "ports/leaderboard_source.h"
#include "store/sql_worker.h"

namespace scr::store {

/// Sums in the database. When posts times bins exceed a million cells, only posts are given that are among the first 200 at the
/// end, without flagged votes, before voids, or at one of seven moments spread over the range.
class SqlLeaderboardSource final : public ports::LeaderboardSource {
public:
    explicit SqlLeaderboardSource(const domain::ConnectionTarget& target);

    [[nodiscard]] QFuture<domain::Result<domain::ScoreHistory>> scoreHistory(const domain::TimeRange& range, int bins) override;

private:
    SqlWorker m_worker;
};

} // namespace scr::store
