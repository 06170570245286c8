#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "detect/scan.h"
#include "domain/result.h"
#include "domain/time.h"
#include "jobs/rules_source.h"
#include "ports/scan_source.h"

namespace scr::jobs {

/// One scan in the background: read from one snapshot, run the detectors, reckon the rank impact.
class ScanJob : public QObject {
    Q_OBJECT
public:
    /// `source` must outlive the job.
    ScanJob(ports::ScanSource& source, QThreadPool& pool, QObject* parent = nullptr);
    ~ScanJob() override;

    void start(const domain::TimeRange& range, RulesSource rulesSource);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void progressed(int percent, quint64 votesSoFar); ///< -1 per cent: the total is not known
    void finished(const scr::domain::Result<scr::detect::ScanReport>& report);

private:
    using Answer = domain::Result<detect::ScanReport>;
    QThreadPool& m_pool;
    ports::ScanSource& m_source;
    QFutureWatcher<Answer> m_watcher;
};

} // namespace scr::jobs
