#include "scanning/scanning.h"

#include <chrono>
#include <thread>
#include <utility>

#include "detect/rules.h"
#include "rank/impact.h"
#include "settings/state_dirs.h"
#include "store/copy_scan_source.h"
#include "store/site_rules.h"
#include "store/sql_change_feed.h"

namespace scr::scanning {

using domain::Result;

Result<detect::ScanReport> scanInput(const domain::ScanInput& input, const ScanOrder& order, const domain::KeepGoing& keepGoing)
{
    const detect::Rules& rules = order.rules == nullptr ? detect::defaultRules() : *order.rules;
    Result<detect::ScanReport> report = detect::scan(input, rules, order.options, keepGoing);
    if (report)
        rank::addImpacts(report->flags, input);
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

Result<domain::ScanInput> readSource(const domain::ConnectionTarget& reader, const ScanOrder& order,
                                     const domain::KeepGoing& keepGoing)
{
    domain::SiteRuleResults site;
    store::CopyScanOptions options;
    if (order.siteRules != nullptr && !order.siteRules->rules.empty()) {
        options.inSnapshot = [&](const std::string& snapshot) -> domain::Status {
            auto results = store::runSiteRules(reader, {order.siteRules->rules, order.range, snapshot}, keepGoing);
            if (!results)
                return domain::failureOf(results);
            site = std::move(*results);
            return domain::Nothing{};
        };
    }
    store::CopyScanSource source{reader, options};
    Result<domain::ScanInput> input = source.read(order.range, keepGoing);
    if (!input)
        return input;
    input->siteRules = std::move(site);
    if (order.siteRules != nullptr)
        input->siteRules.skipped.insert(input->siteRules.skipped.end(), order.siteRules->unreadable.begin(),
                                        order.siteRules->unreadable.end());
    return input;
}

Result<detect::ScanReport> scanSource(const domain::ConnectionTarget& reader, const ScanOrder& order,
                                      const domain::KeepGoing& keepGoing)
{
    const Result<domain::ScanInput> input = readSource(reader, order, keepGoing);
    if (!input)
        return domain::failureOf(input);
    return scanInput(*input, order, keepGoing);
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
