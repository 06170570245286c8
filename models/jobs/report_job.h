#pragma once

#include <functional>
#include <string>

#include "jobs/collect_report.h"
#include "jobs/file_job.h"

namespace scr::jobs {

/// Collects a report and writes it. The collecting can be stopped; a document that is being written already is finished.
class ReportJob : public FileJob {
    Q_OBJECT
public:
    using Writer = std::function<domain::Status(const report::Report& report, const std::string& path)>;
    /// The source must outlive the job.
    ReportJob(ports::ReportSource& source, QThreadPool& pool, QObject* parent = nullptr);

    void start(const ReportOrder& order, const std::string& path, Writer writer);

private:
    ports::ReportSource& m_source;
};

} // namespace scr::jobs
