#include "store/sql_leaderboard_source.h"

#include <algorithm>

#include "store/score_history_reader.h"

namespace scr::store {

using domain::Result;
using domain::ScoreHistory;

SqlLeaderboardSource::SqlLeaderboardSource(const domain::ConnectionTarget& target) : m_worker{target, kStreamSettings} {}

QFuture<Result<ScoreHistory>> SqlLeaderboardSource::scoreHistory(const domain::TimeRange& range, int bins)
{
    return m_worker.run<ScoreHistory>([range, bins](SqlSession& session) {
        return session.inSnapshot<ScoreHistory>(
            [&](SqlSession& snapshot) { return ScoreHistoryReader{snapshot, range, bins}.read(); });
    });
}

} // namespace scr::store
