#pragma once

#include <functional>
#include <memory>

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "domain/result.h"
#include "jobs/collect_report.h"

namespace scr::jobs {

/// Collects a report and writes it, in the background. The writer is given: this folder knows no document formats.
class ReportJob : public QObject {
    Q_OBJECT
public:
    using Writer = std::function<domain::Status(const report::Report& report, const std::string& path)>;
    /// The source must outlive the job.
    ReportJob(ports::ReportSource& source, QThreadPool& pool, QObject* parent = nullptr);
    ~ReportJob() override;

    void start(const ReportOrder& order, const std::string& path, Writer writer);
    /// Ends the collecting; a document that is being written already is finished.
    void cancel() { m_watcher.cancel(); }
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void progressed(int percent);
    void finished(const QString& path, const scr::domain::Status& status);

private:
    ports::ReportSource& m_source;
    QThreadPool& m_pool;
    QString m_path;
    std::shared_ptr<domain::Status> m_outcome; ///< kept apart: a cancelled future drops what it is given
    QFutureWatcher<void> m_watcher;
};

} // namespace scr::jobs
