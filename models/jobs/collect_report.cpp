#include "jobs/collect_report.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

namespace scr::jobs {

namespace {

constexpr auto kAskEvery = std::chrono::milliseconds{20};

domain::Result<domain::AuditReading> readAll(ports::ReportSource& source, const domain::TimeRange& period,
                                             const domain::KeepGoing& keepGoing)
{
    const auto percent = std::make_shared<std::atomic<int>>(0);
    QFuture<domain::Result<domain::AuditReading>> reading = source.read(period, percent);
    while (!reading.isFinished()) {
        if (keepGoing && !keepGoing(static_cast<std::uint64_t>(percent->load()), 100))
            reading.cancel();
        std::this_thread::sleep_for(kAskEvery);
    }
    if (reading.isCanceled() || reading.resultCount() == 0)
        return domain::failure(domain::Fault::Cancelled, "The report was stopped, and nothing was written");
    return reading.takeResult();
}

} // namespace

domain::Result<report::Report> collectReport(ports::ReportSource& source, const ReportOrder& order,
                                             const domain::KeepGoing& keepGoing)
{
    auto reading = readAll(source, order.period, keepGoing);
    if (!reading)
        return domain::failureOf(reading);
    return report::reportOf(std::move(*reading), order.period, order.source, order.toolVersion);
}

} // namespace scr::jobs
