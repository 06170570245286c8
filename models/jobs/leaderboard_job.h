#pragma once

#include <memory>
#include <optional>

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "domain/leaderboard.h"
#include "domain/result.h"
#include "ports/leaderboard_source.h"
#include "rank/leaderboard.h"

namespace scr::jobs {

/// What the leaderboard page asks for. The history is read again only when `range` or `bins` differ from the last answer's.
struct LeaderboardQuestion {
    domain::TimeRange range;
    int bins = 240;
    std::uint32_t top = 15;
    bool withFlagged = true;
    std::optional<std::uint32_t> bin; ///< the moment compared with and without flagged votes; empty: the last
    domain::PostKey lit;              ///< the post drawn through time; empty: the one that moves most, else the first

    friend bool operator==(const LeaderboardQuestion&, const LeaderboardQuestion&) = default;
};

struct LeaderboardAnswer {
    std::shared_ptr<const domain::ScoreHistory> history;
    rank::BumpSeries series;
    rank::WhatIf whatIf;
    std::optional<rank::PostSeries> lit;
};

/// Reads the score history and ranks it, off the window's thread. A newer question makes the answer to an older one void.
class LeaderboardJob : public QObject {
    Q_OBJECT
public:
    LeaderboardJob(ports::LeaderboardSource& source, QThreadPool& pool, QObject* parent = nullptr);
    ~LeaderboardJob() override;

    void ask(const LeaderboardQuestion& question);
    void forgetHistory() { m_history.reset(); } ///< the next question reads anew
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_read.isRunning() || m_ranked.isRunning(); }

signals:
    void answered(const std::shared_ptr<const scr::jobs::LeaderboardAnswer>& answer);
    void failed(const scr::domain::Error& error);

private:
    void rank();

    ports::LeaderboardSource& m_source;
    QThreadPool& m_pool;
    LeaderboardQuestion m_question;
    LeaderboardQuestion m_readFor;
    std::shared_ptr<const domain::ScoreHistory> m_history;
    QFutureWatcher<domain::Result<domain::ScoreHistory>> m_read;
    QFutureWatcher<domain::Result<std::shared_ptr<const LeaderboardAnswer>>> m_ranked;
};

} // namespace scr::jobs
