#include "jobs/decoy_job.h"

#include <QPromise>
#include <QtConcurrentRun>

#include "domain/guard.h"
#include "jobs/background.h"

namespace scr::jobs {

namespace {

constexpr std::uint64_t kReadShare = 40; ///< per cent of the bar
constexpr std::uint64_t kSeed = 1;       ///< the same audit of the same votes says the same

using Answer = domain::Result<detect::DecoyAudit>;

int percentOf(std::uint64_t done, std::uint64_t total, std::uint64_t share)
{
    return total == 0 ? 0 : static_cast<int>(share * std::min(done, total) / total);
}

Answer runAudit(QPromise<Answer>& promise, ports::ScanSource& source, const RulesSource& rulesSource)
{
    const domain::Result<detect::Rules> rules = rulesSource();
    if (!rules)
        return domain::failureOf(rules);
    auto input = source.read({}, [&](std::uint64_t done, std::uint64_t total) {
        promise.setProgressValue(percentOf(done, total, kReadShare));
        return !promise.isCanceled();
    });
    if (!input)
        return domain::failureOf(input);
    return detect::auditDecoys(std::move(*input), *rules, 1, kSeed, [&](std::uint64_t done, std::uint64_t total) {
        promise.setProgressValue(static_cast<int>(kReadShare) + percentOf(done, total, 100 - kReadShare));
        return !promise.isCanceled();
    });
}

} // namespace

DecoyJob::DecoyJob(ports::ScanSource& source, QThreadPool& pool, QObject* parent) :
    QObject{parent}, m_source{source}, m_pool{pool}
{
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this, &DecoyJob::progressed);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        if (m_watcher.future().resultCount() > 0)
            emit finished(m_watcher.result());
        else
            emit finished(domain::failure(domain::Fault::Cancelled, "the audit was stopped"));
    });
}

DecoyJob::~DecoyJob()
{
    m_watcher.disconnect(this);
    m_watcher.cancel();
    m_watcher.waitForFinished();
}

void DecoyJob::start(RulesSource rulesSource)
{
    if (isRunning())
        return;
    m_watcher.setFuture(
        QtConcurrent::run(&m_pool, [source = &m_source, rules = std::move(rulesSource)](QPromise<Answer>& promise) {
            giveWay();
            promise.setProgressRange(0, 100);
            promise.addResult(domain::guarded([&] { return runAudit(promise, *source, rules); }));
        }));
}

void DecoyJob::cancel()
{
    m_watcher.cancel();
}

} // namespace scr::jobs
