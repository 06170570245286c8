#include "jobs/report_job.h"

namespace scr::jobs {

ReportJob::ReportJob(ports::ReportSource& source, QThreadPool& pool, QObject* parent) : FileJob{pool, parent}, m_source{source} {}

void ReportJob::start(const ReportOrder& order, const std::string& path, Writer writer)
{
    FileJob::start(
        QString::fromStdString(path),
        [&source = m_source, order, path, writer = std::move(writer)](const domain::KeepGoing& keepGoing) -> domain::Status {
            const auto report = collectReport(source, order, keepGoing);
            if (!report)
                return domain::failureOf(report);
            if (!keepGoing(0, 0))
                return domain::failure(domain::Fault::Cancelled, "the report was stopped; nothing was written");
            return writer(*report, path);
        });
}

} // namespace scr::jobs
