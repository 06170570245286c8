#pragma once

#include <functional>
#include <optional>
#include <string>

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include "jobs/seal_reading.h"
#include "jobs/verify_log.h"
#include "ports/latest.h"
#include "ports/log_source.h"

namespace scr::jobs {

/// What is kept on this machine of a log, and the keys that a person named for it; called from a job's thread.
struct LogMemory {
    std::function<domain::Result<std::optional<audit::KnownLog>>()> known;
    std::function<domain::Result<NamedKeys>()> named;
    std::function<domain::Status(const audit::KnownLog&)> remember;
};

/// verifyLog(), if it is known whom to believe.
[[nodiscard]] domain::Result<VerifyReport> verifyTrusted(ports::LogSource& source, const domain::Result<VerifyOrder>& order,
                                                         const domain::KeepGoing& keepGoing);

/// Looks at the seal of the log every few seconds, proves single entries, and verifies all of it or a part when asked to.
class SealJob : public QObject {
    Q_OBJECT
public:
    /// Verifies the source; the order is an error where it is not known whom to believe about the log.
    using Verifier = std::function<domain::Result<VerifyReport>(
        ports::LogSource& source, const domain::Result<VerifyOrder>& order, const domain::KeepGoing& keepGoing)>;
    /// The sources must outlive the job: one for looking and proving, which are done one after the other, one for verifying.
    SealJob(ports::LogSource& looking, ports::LogSource& verifying, LogMemory memory, QThreadPool& pool,
            Verifier verifier = verifyTrusted, QObject* parent = nullptr);
    ~SealJob() override;

    void start(); ///< looks now, and from then on by itself
    void look();
    void prove(std::uint64_t leaf);                                      ///< a proof that is still asked for is forgotten
    void compare(const std::string& note, const std::string& otherNote); ///< two checkpoints; likewise
    void verify(std::optional<std::uint64_t> from = {}, std::optional<std::uint64_t> to = {});
    void stopVerifying();
    [[nodiscard]] bool isVerifying() const { return m_verification.isRunning(); }
    [[nodiscard]] const std::optional<domain::Result<SealReading>>& reading() const noexcept { return m_reading; }
    [[nodiscard]] const std::optional<VerifyReport>& verified() const noexcept
    {
        return m_verified;
    } ///< the last that was finished; what a range came to is in it

signals:
    void looked(const scr::domain::Result<scr::jobs::SealReading>& reading);
    void proved(const scr::domain::Result<scr::jobs::LeafProof>& proof);
    void compared(const scr::domain::Result<scr::jobs::ConsistencyProof>& proof);
    void progressed(int percent);
    void verificationBegan();
    void verificationEnded(const scr::domain::Result<scr::jobs::VerifyReport>& report);

private:
    void takeReading(const domain::Result<SealReading>& reading);
    void takeComparison(const domain::Result<ConsistencyProof>& proof);
    void keep(const VerifyReport& report);
    void takeProof(const domain::Result<LeafProof>& proof);

    ports::LogSource& m_looking;
    ports::LogSource& m_verifying;
    LogMemory m_memory;
    QThreadPool& m_pool;
    Verifier m_verifier;
    QThreadPool m_single; ///< the source for looking belongs to one thread at a time
    QTimer m_timer;
    std::optional<domain::Result<SealReading>> m_reading;
    std::optional<VerifyReport> m_verified;
    bool m_isRange = false; ///< what is verified now
    ports::Latest<domain::Result<SealReading>> m_look;
    ports::Latest<domain::Result<LeafProof>> m_proof;
    ports::Latest<domain::Result<ConsistencyProof>> m_comparison;
    QFutureWatcher<domain::Result<VerifyReport>> m_verification;
};

} // namespace scr::jobs
