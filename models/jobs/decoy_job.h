#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "detect/decoys.h"
#include "domain/result.h"
#include "jobs/rules_source.h"
#include "ports/scan_source.h"

namespace scr::jobs {

/// Reads all votes and scans them and their decoys in the background.
class DecoyJob : public QObject {
    Q_OBJECT
public:
    /// `source` must outlive the job.
    DecoyJob(ports::ScanSource& source, QThreadPool& pool, QObject* parent = nullptr);
    ~DecoyJob() override;

    void start(RulesSource rulesSource);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void progressed(int percent);
    void finished(const scr::domain::Result<scr::detect::DecoyAudit>& audit);

private:
    using Answer = domain::Result<detect::DecoyAudit>;
    ports::ScanSource& m_source;
    QThreadPool& m_pool;
    QFutureWatcher<Answer> m_watcher;
};

} // namespace scr::jobs
