#include "jobs/file_job.h"

#include <QPromise>
#include <QtConcurrentRun>

#include "domain/guard.h"
#include "jobs/background.h"

namespace scr::jobs {

FileJob::FileJob(QThreadPool& pool, QObject* parent) : QObject{parent}, m_pool{pool}
{
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, &FileJob::progressed);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { emit finished(m_path, *m_outcome); });
}

FileJob::~FileJob()
{
    m_watcher.disconnect(this);
    m_watcher.cancel();
    m_watcher.waitForFinished();
}

void FileJob::start(const QString& path, Work work)
{
    if (isRunning())
        return;
    m_path = path;
    // What stands here before the job has begun is true until then.
    m_outcome =
        std::make_shared<domain::Status>(domain::failure(domain::Fault::Cancelled, "it was stopped; nothing was written"));
    m_watcher.setFuture(QtConcurrent::run(&m_pool, [work = std::move(work), outcome = m_outcome](QPromise<void>& promise) {
        giveWay();
        promise.setProgressRange(0, 100);
        *outcome = domain::guarded([&] {
            return work([&promise](std::uint64_t done, std::uint64_t total) {
                if (total > 0)
                    promise.setProgressValue(static_cast<int>(done * 100 / total));
                return !promise.isCanceled();
            });
        });
    }));
}

} // namespace scr::jobs
