#include "jobs/seal_job.h"

#include <algorithm>

#include <QPromise>
#include <QtConcurrentRun>

#include "domain/guard.h"

namespace scr::jobs {

using domain::failureOf;
using domain::Result;

namespace {

constexpr int kLookMillis = 3000;

Result<SealReading> lookAt(ports::LogSource& source, const LogMemory& memory)
{
    const auto known = memory.known();
    if (!known)
        return failureOf(known);
    const auto named = memory.named();
    if (!named)
        return failureOf(named);
    auto reading = readSeal(source, *known, *named);
    if (reading && reading->learned) {
        if (const domain::Status kept = memory.remember(*reading->learned); !kept)
            return failureOf(kept);
    }
    return reading;
}

/// A verification looks at every checkpoint, and so may know of signatures that the looks between never saw. The memory is read
/// anew: a verification takes its time.
domain::Status keepSeen(const LogMemory& memory, const Result<LogTrust>& trust, const Result<VerifyReport>& report)
{
    if (!trust || !report || !report->isAsSigned())
        return domain::Nothing{};
    const auto known = memory.known();
    if (!known)
        return failureOf(known);
    const auto log = learned(*known, *trust, *report->newest, report->witnessed);
    return log ? memory.remember(*log) : domain::Status{domain::Nothing{}};
}

Result<LogTrust> trustOf(ports::LogSource& source, const LogMemory& memory)
{
    const auto known = memory.known();
    const auto named = known ? memory.named() : Result<NamedKeys>{failureOf(known)};
    const auto epochs = named ? source.epochs() : Result<std::vector<ports::LogEpoch>>{failureOf(named)};
    return epochs ? trustIn(*epochs, *known, *named) : Result<LogTrust>{failureOf(epochs)};
}

} // namespace

Result<VerifyReport> verifyTrusted(ports::LogSource& source, const Result<VerifyOrder>& order, const domain::KeepGoing& keepGoing)
{
    return order ? verifyLog(source, *order, keepGoing) : failureOf(order);
}

SealJob::SealJob(ports::LogSource& looking, ports::LogSource& verifying, LogMemory memory, QThreadPool& pool, Verifier verifier,
                 QObject* parent) :
    QObject{parent}, m_looking{looking}, m_verifying{verifying}, m_memory{std::move(memory)}, m_pool{pool},
    m_verifier{std::move(verifier)}, m_look{this, &SealJob::takeReading}, m_proof{this, &SealJob::takeProof},
    m_comparison{this, &SealJob::takeComparison}
{
    m_single.setMaxThreadCount(1);
    m_timer.setInterval(kLookMillis);
    connect(&m_timer, &QTimer::timeout, this, &SealJob::look);
    connect(&m_verification, &QFutureWatcherBase::progressValueChanged, this, &SealJob::progressed);
    connect(&m_verification, &QFutureWatcherBase::finished, this, [this] {
        if (m_verification.future().resultCount() == 0) {
            emit verificationEnded(domain::failure(domain::Fault::Cancelled, "the verification was stopped"));
            return;
        }
        const auto report = m_verification.result();
        if (report)
            keep(*report);
        emit verificationEnded(report);
    });
}

SealJob::~SealJob()
{
    m_look.forget();
    m_proof.forget();
    m_comparison.forget();
    m_verification.disconnect(this);
    m_verification.cancel();
    m_verification.waitForFinished();
    m_single.waitForDone();
}

void SealJob::start()
{
    m_timer.start();
    look();
}

void SealJob::look()
{
    if (m_look.isWaiting()) // a slow server is not asked again meanwhile
        return;
    m_look.ask(QtConcurrent::run(&m_single, [source = &m_looking, memory = m_memory] {
        return domain::guarded([&] { return lookAt(*source, memory); });
    }));
}

void SealJob::prove(std::uint64_t leaf)
{
    m_proof.ask(QtConcurrent::run(&m_single, [source = &m_looking, memory = m_memory, leaf] {
        return domain::guarded([&]() -> Result<LeafProof> {
            const auto trust = trustOf(*source, memory);
            return trust ? proveLeaf(*source, trust->key, leaf) : failureOf(trust);
        });
    }));
}

void SealJob::compare(const std::string& note, const std::string& otherNote)
{
    m_comparison.ask(QtConcurrent::run(&m_single, [source = &m_looking, memory = m_memory, note, otherNote] {
        return domain::guarded([&]() -> Result<ConsistencyProof> {
            const auto trust = trustOf(*source, memory);
            return trust ? proveConsistency(*source, trust->key, note, otherNote) : failureOf(trust);
        });
    }));
}

void SealJob::verify(std::optional<std::uint64_t> from, std::optional<std::uint64_t> to)
{
    if (isVerifying())
        return;
    m_isRange = from || to;
    m_verification.setFuture(QtConcurrent::run(&m_pool, [source = &m_verifying, memory = m_memory, verifier = m_verifier, from,
                                                         to](QPromise<Result<VerifyReport>>& promise) {
        promise.setProgressRange(0, 100);
        promise.addResult(domain::guarded([&]() -> Result<VerifyReport> {
            const auto trust = trustOf(*source, memory);
            const auto order = trust ? Result<VerifyOrder>{VerifyOrder{trust->key, trust->remembered, from, to, trust->witnesses,
                                                                       trust->witnessed}}
                                     : failureOf(trust);
            auto report = verifier(*source, order, [&promise](std::uint64_t done, std::uint64_t total) {
                promise.setProgressValue(static_cast<int>(100 * done / std::max<std::uint64_t>(total, 1)));
                return !promise.isCanceled();
            });
            if (const domain::Status kept = keepSeen(memory, trust, report); !kept)
                return failureOf(kept);
            return report;
        }));
    }));
    emit verificationBegan();
}

/// What a range came to says nothing of what was found elsewhere before.
void SealJob::keep(const VerifyReport& report)
{
    if (!m_isRange || !m_verified) {
        m_verified = report;
        return;
    }
    const auto before = m_verified->findings.size();
    std::erase_if(m_verified->findings, [&report](const audit::LogFinding& finding) {
        return isAboutLeaves(finding.mismatch) && finding.first >= report.from && finding.last < report.to;
    });
    m_verified->findingCount -= before - m_verified->findings.size();
    m_verified->findings.insert(m_verified->findings.end(), report.findings.begin(), report.findings.end());
    m_verified->findingCount += report.findingCount;
}

void SealJob::stopVerifying()
{
    m_verification.cancel();
}

void SealJob::takeReading(const Result<SealReading>& reading)
{
    m_reading = reading;
    emit looked(reading);
}

void SealJob::takeComparison(const Result<ConsistencyProof>& proof)
{
    emit compared(proof);
}

void SealJob::takeProof(const Result<LeafProof>& proof)
{
    emit proved(proof);
}

} // namespace scr::jobs
