#include "jobs/scan_job.h"

#include <QPromise>
#include <QtConcurrentRun>

#include "domain/guard.h"
#include "jobs/background.h"
#include "rank/impact.h"

namespace scr::jobs {

namespace {

// Reading takes most of the time; the detectors get the last fifth of the bar.
constexpr int kReadShare = 80;

using Answer = domain::Result<detect::ScanReport>;

void report(QPromise<Answer>& promise, int percent, std::uint64_t votes)
{
    promise.setProgressValueAndText(percent, QString::number(votes));
}

Answer runScan(QPromise<Answer>& promise, ports::ScanSource& source, const domain::TimeRange& range,
               const RulesSource& rulesSource)
{
    const domain::Result<detect::Rules> rules = rulesSource();
    if (!rules)
        return domain::failureOf(rules);
    std::uint64_t seen = 0;
    const auto input = source.read(range, [&](std::uint64_t done, std::uint64_t total) {
        seen = done;
        const std::uint64_t percent = total == 0 ? 0 : std::min<std::uint64_t>(kReadShare, done * kReadShare / total);
        report(promise, static_cast<int>(percent), done);
        return !promise.isCanceled();
    });
    if (!input)
        return domain::failureOf(input);
    auto scanned = detect::scan(*input, *rules, detect::ScanOptions{}, [&](std::uint64_t done, std::uint64_t total) {
        const std::uint64_t percent = total == 0 ? 0 : (100 - kReadShare) * std::min(done, total) / total;
        report(promise, kReadShare + static_cast<int>(percent), seen);
        return !promise.isCanceled();
    });
    if (!scanned)
        return domain::failureOf(scanned);
    rank::addImpacts(scanned->flags, *input);
    return scanned;
}

} // namespace

ScanJob::ScanJob(ports::ScanSource& source, QThreadPool& pool, QObject* parent) : QObject{parent}, m_pool{pool}, m_source{source}
{
    connect(&m_watcher, &QFutureWatcherBase::progressTextChanged, this,
            [this](const QString& votes) { emit progressed(m_watcher.progressValue(), votes.toULongLong()); });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        if (m_watcher.future().resultCount() > 0)
            emit finished(m_watcher.result());
        else
            emit finished(domain::failure(domain::Fault::Cancelled, "the scan was stopped"));
    });
}

ScanJob::~ScanJob()
{
    m_watcher.disconnect(this);
    m_watcher.cancel();
    m_watcher.waitForFinished();
}

void ScanJob::start(const domain::TimeRange& range, RulesSource rulesSource)
{
    if (isRunning())
        return;
    m_watcher.setFuture(
        QtConcurrent::run(&m_pool, [source = &m_source, range, rules = std::move(rulesSource)](QPromise<Answer>& promise) {
            giveWay();
            promise.setProgressRange(0, 100);
            promise.addResult(domain::guarded([&] { return runScan(promise, *source, range, rules); }));
        }));
}

void ScanJob::cancel()
{
    m_watcher.cancel();
}

} // namespace scr::jobs
