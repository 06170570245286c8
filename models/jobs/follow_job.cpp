#include "jobs/follow_job.h"

#include <QPromise>
#include <QtConcurrentRun>

#include "domain/guard.h"
#include "jobs/background.h"

namespace scr::jobs {

FollowJob::FollowJob(ports::ScanSource& source, ports::ChangeFeed& feed, QThreadPool& pool, QObject* parent) :
    QObject{parent}, m_source{source}, m_feed{feed}, m_pool{pool}
{
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { emit ended(m_watcher.result()); });
}

FollowJob::~FollowJob()
{
    m_watcher.disconnect(this);
    stop();
    m_watcher.waitForFinished();
}

void FollowJob::start(RulesSource rulesSource,
                      std::function<domain::Result<std::int64_t>(const std::vector<domain::Flag>&)> record)
{
    if (isRunning())
        return;
    m_stop = false;
    m_watcher.setFuture(QtConcurrent::run(&m_pool, [this, rulesSource = std::move(rulesSource), record = std::move(record)] {
        giveWay();
        const FollowListener listener{[&](const std::vector<domain::Flag>& flags) {
                                          const domain::Result<std::int64_t> done = record(flags);
                                          if (done)
                                              emit recorded(static_cast<quint64>(*done));
                                          return done ? domain::Status{} : domain::failureOf(done);
                                      },
                                      [this](const FollowState& state) { emit stateChanged(state); }};
        return domain::guarded([&]() -> domain::Status {
            const domain::Result<detect::Rules> rules = rulesSource();
            return rules ? follow(m_source, m_feed, *rules, {}, m_told, listener, m_stop) : domain::failureOf(rules);
        });
    }));
}

void FollowJob::stop()
{
    m_stop = true;
    m_feed.stop();
}

} // namespace scr::jobs
