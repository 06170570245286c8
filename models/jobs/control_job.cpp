#include "jobs/control_job.h"

#include <algorithm>

#include <QPromise>
#include <QtConcurrentRun>

#include "domain/guard.h"

namespace scr::jobs {

ControlJob::ControlJob(ports::ControlSource& source, QThreadPool& pool, QObject* parent) :
    QObject{parent}, m_source{source}, m_pool{pool}
{
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, &ControlJob::progressed);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        if (m_watcher.future().resultCount() > 0)
            emit finished(m_watcher.result());
        else
            emit finished(domain::failure(domain::Fault::Cancelled, "the check was stopped"));
    });
}

ControlJob::~ControlJob()
{
    m_watcher.disconnect(this);
    m_watcher.cancel();
    m_watcher.waitForFinished();
}

void ControlJob::start(std::vector<std::string> names)
{
    if (isRunning())
        return;
    m_watcher.setFuture(QtConcurrent::run(&m_pool, [source = &m_source, names = std::move(names)](QPromise<Answer>& promise) {
        promise.setProgressRange(0, 100);
        promise.addResult(domain::guarded([&] {
            return source->check(names, [&promise](std::size_t done, std::size_t total) {
                promise.setProgressValue(static_cast<int>(100 * done / std::max<std::size_t>(total, 1)));
                return !promise.isCanceled();
            });
        }));
    }));
}

void ControlJob::cancel()
{
    m_watcher.cancel();
}

} // namespace scr::jobs
