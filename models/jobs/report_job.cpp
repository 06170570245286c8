#include "jobs/report_job.h"

#include <QPromise>
#include <QtConcurrentRun>

#include "jobs/background.h"

namespace scr::jobs {

namespace {

domain::Status collectAndWrite(QPromise<domain::Status>& promise, ports::ReportSource& source, const ReportOrder& order,
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
        return domain::failure(domain::Fault::Cancelled, "the report was stopped; nothing was written");
    return writer(*report, path);
}

} // namespace

ReportJob::ReportJob(ports::ReportSource& source, QThreadPool& pool, QObject* parent) :
    QObject{parent}, m_source{source}, m_pool{pool}
{
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, &ReportJob::progressed);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        if (m_watcher.future().resultCount() > 0)
            emit finished(m_path, m_watcher.result());
        else
            emit finished(m_path, domain::failure(domain::Fault::Cancelled, "the report was stopped; nothing was written"));
    });
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
    m_watcher.setFuture(QtConcurrent::run(
        &m_pool, [&source = m_source, order, path, writer = std::move(writer)](QPromise<domain::Status>& promise) {
            giveWay();
            promise.setProgressRange(0, 100);
            promise.addResult(collectAndWrite(promise, source, order, path, writer));
        }));
}

} // namespace scr::jobs
