#pragma once

#include "ports/report_source.h"
#include "store/sql_worker.h"

namespace scr::store {

/// The reading of a report, in the session's snapshot. `percent` may be null.
[[nodiscard]] domain::Result<domain::AuditReading> readAudit(SqlSession& session, const domain::TimeRange& period,
                                                             std::atomic<int>* percent);

class SqlReportSource : public ports::ReportSource {
public:
    explicit SqlReportSource(const domain::ConnectionTarget& target);

    [[nodiscard]] QFuture<domain::Result<domain::AuditReading>> read(const domain::TimeRange& period,
                                                                     const std::shared_ptr<std::atomic<int>>& percent) override;

private:
    SqlWorker m_worker;
};

} // namespace scr::store
