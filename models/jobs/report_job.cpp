#include "jobs/report_job.h"

#include <QPromise>
#include <QtConcurrentRun>

#include "domain/guard.h"
#include "jobs/background.h"

namespace scr::jobs {

namespace {

constexpr const char* kStopped = "the report was stopped; nothing was written";

domain::Status collectAndWrite(QPromise<void>& promise, ports::ReportSource& source, const ReportOrder& order,
                               const std::string& path, const ReportJob::Writer& writer)
{
    const auto report = collectReport(source, order, [&](std::uint64_t done, std::uint64_t total) {
        if (total > 0)
            promise.setProgressValue(static_cast<int>(done * 100 / total));
        return !promise.isCanceled();
    });
    if (!report)
        return domain::failureOf(report);
    if (promise.isCanceled())
        return domain::failure(domain::Fault::Cancelled, kStopped);
    return writer(*report, path);
}

} // namespace

ReportJob::ReportJob(ports::ReportSource& source, QThreadPool& pool, QObject* parent) :
    QObject{parent}, m_source{source}, m_pool{pool}
{
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, &ReportJob::progressed);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { emit finished(m_path, *m_outcome); });
}

ReportJob::~ReportJob()
{
    m_watcher.disconnect(this);
    m_watcher.cancel();
    m_watcher.waitForFinished();
}

void ReportJob::start(const ReportOrder& order, const std::string& path, Writer writer)
{
    if (isRunning())
        return;
    m_path = QString::fromStdString(path);
    // What stands here before the job has begun is true until then.
    m_outcome = std::make_shared<domain::Status>(domain::failure(domain::Fault::Cancelled, kStopped));
    m_watcher.setFuture(QtConcurrent::run(
        &m_pool, [&source = m_source, order, path, writer = std::move(writer), outcome = m_outcome](QPromise<void>& promise) {
            giveWay();
            promise.setProgressRange(0, 100);
            *outcome = domain::guarded([&] { return collectAndWrite(promise, source, order, path, writer); });
        }));
}

} // namespace scr::jobs
