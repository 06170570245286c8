#include "scanning/scanning.h"

#include <chrono>
#include <thread>
#include <utility>

#include "detect/rules.h"
#include "detect/site_flags.h"
#include "rank/impact.h"
#include "settings/state_dirs.h"
#include "store/copy_scan_source.h"
#include "store/site_rules.h"
#include "store/sql_change_feed.h"

namespace scr::scanning {

using domain::Result;

Result<detect::ScanReport> scanReading(const Reading& reading, const ScanOrder& order, const domain::KeepGoing& keepGoing)
{
    const detect::Rules& rules = order.rules == nullptr ? detect::defaultRules() : *order.rules;
    Result<detect::ScanReport> report = detect::scan(reading.input, rules, order.options, keepGoing);
    if (!report)
        return report;
    detect::addSiteFlags(*report, reading.site, rules);
    rank::addImpacts(report->flags, reading.input);
    return report;
}

domain::Status followSource(const domain::ConnectionTarget& reader, const detect::Rules& rules,
                            const jobs::FollowOptions& options, domain::ToldFlags& told, const jobs::FollowListener& listener,
                            const std::atomic<bool>& stop)
{
    store::CopyScanSource source{reader};
    store::SqlChangeFeed feed{reader};
    const std::jthread watch{[&](const std::stop_token& ended) { // what is being read is not waited for
        while (!ended.stop_requested()) {
            if (stop)
                feed.stop();
            std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
    }};
    return jobs::follow(source, feed, rules, options, told, listener, stop);
}

Result<Reading> readSource(const domain::ConnectionTarget& reader, const ScanOrder& order, const domain::KeepGoing& keepGoing)
{
    Reading reading;
    store::CopyScanOptions options;
    if (order.siteRules != nullptr && !order.siteRules->rules.empty()) {
        options.inSnapshot = [&](const std::string& snapshot) -> domain::Status {
            auto results = store::runSiteRules(reader, {order.siteRules->rules, order.range, snapshot}, keepGoing);
            if (!results)
                return domain::failureOf(results);
            reading.site = std::move(*results);
            return domain::Nothing{};
        };
    }
    store::CopyScanSource source{reader, options};
    auto input = source.read(order.range, keepGoing);
    if (!input)
        return domain::failureOf(input);
    reading.input = std::move(*input);
    if (order.siteRules != nullptr)
        reading.site.skipped.insert(reading.site.skipped.end(), order.siteRules->unreadable.begin(),
                                    order.siteRules->unreadable.end());
    return reading;
}

Result<detect::ScanReport> scanSource(const domain::ConnectionTarget& reader, const ScanOrder& order,
                                      const domain::KeepGoing& keepGoing)
{
    const Result<Reading> reading = readSource(reader, order, keepGoing);
    if (!reading)
        return domain::failureOf(reading);
    return scanReading(*reading, order, keepGoing);
}

Result<elevated::RecordResult> recordFlags(const domain::ConnectionTarget& writer, const std::vector<domain::Flag>& flags)
{
    const elevated::ElevatedSession session{writer, settings::journalDirectory()};
    return session.record(elevated::newRequestId(), flags);
}

domain::Status scanAndRecord(const domain::ConnectionTarget& reader, const domain::ConnectionTarget& elevated)
{
    const auto report = scanSource(reader, {}, [](std::uint64_t, std::uint64_t) { return true; });
    if (!report)
        return domain::failureOf(report);
    const auto recorded = recordFlags(elevated, report->flags);
    if (!recorded)
        return domain::failureOf(recorded);
    return domain::Nothing{};
}

} // namespace scr::scanning
