#pragma once

#include <atomic>
#include <memory>

#include <QFuture>

#include "domain/audit_reading.h"
#include "domain/result.h"

namespace scr::ports {

/// Reads everything that an auditor's report says, from one snapshot.
class ReportSource {
public:
    ReportSource() = default;
    ReportSource(const ReportSource&) = delete;
    ReportSource& operator=(const ReportSource&) = delete;
    virtual ~ReportSource() = default;

    /// What happened in the period: flags whose window touches it or about which something was decided in it, requests that were
    /// made, carried out, withdrawn or restored in it, the log, the scores. `percent` tells how far it is, and may be null.
    /// Cancelling the future ends the reading.
    [[nodiscard]] virtual QFuture<domain::Result<domain::AuditReading>>
    read(const domain::TimeRange& period, const std::shared_ptr<std::atomic<int>>& percent) = 0;
};

} // namespace scr::ports
