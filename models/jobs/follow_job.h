#pragma once

#include <atomic>
#include <functional>

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "jobs/follow.h"
#include "jobs/rules_source.h"

namespace scr::jobs {

/// Following in the background, until it is stopped.
class FollowJob : public QObject {
    Q_OBJECT
public:
    /// Blocking, in a thread of the pool; both must outlive the job.
    FollowJob(ports::ScanSource& source, ports::ChangeFeed& feed, QThreadPool& pool, QObject* parent = nullptr);
    ~FollowJob() override;

    /// `record` puts flags where they belong, in the following thread, and says how many were not there.
    void start(RulesSource rulesSource, std::function<domain::Result<std::int64_t>(const std::vector<domain::Flag>&)> record);
    void stop(); ///< returns at once; ended() follows
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void recorded(quint64 flags); ///< new or graver ones
    void stateChanged(const scr::jobs::FollowState& state);
    void ended(const scr::domain::Status& status);

private:
    ports::ScanSource& m_source;
    ports::ChangeFeed& m_feed;
    QThreadPool& m_pool;
    QFutureWatcher<domain::Status> m_watcher;
    std::atomic<bool> m_stop{false};
    domain::ToldFlags m_told; ///< over stops and starts
};

} // namespace scr::jobs
