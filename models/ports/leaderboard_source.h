#pragma once

#include <QFuture>

#include "domain/leaderboard.h"
#include "domain/result.h"
#include "domain/time.h"

namespace scr::ports {

class LeaderboardSource {
public:
    LeaderboardSource() = default;
    LeaderboardSource(const LeaderboardSource&) = delete;
    LeaderboardSource& operator=(const LeaderboardSource&) = delete;
    virtual ~LeaderboardSource() = default;

    /// Score changes in `bins` equal bins over the range (an open end is that of the votes themselves), for every post that has
    /// a vote in or before it.
    [[nodiscard]] virtual QFuture<domain::Result<domain::ScoreHistory>> scoreHistory(const domain::TimeRange& range,
                                                                                     int bins) = 0;
};

} // namespace scr::ports
