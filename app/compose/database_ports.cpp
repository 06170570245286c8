#include "compose/elevated_moderation.h"
#include "compose/session_ports.h"
#include "packing/pack_request.h"
#include "scanning/scanning.h"
#include "scanning/site_profile.h"
#include "settings/log_memory.h"
#include "settings/profile.h"
#include "settings/seen_logs.h"
#include "settings/state_dirs.h"
#include "settings/targets.h"
#include "store/copy_scan_source.h"
#include "store/sql_audit_source.h"
#include "store/sql_change_feed.h"
#include "store/sql_control_source.h"
#include "store/sql_flag_source.h"
#include "store/sql_leaderboard_source.h"
#include "store/sql_log_source.h"
#include "store/sql_report_source.h"
#include "store/sql_void_source.h"
#include "store/sql_vote_source.h"

namespace scr::compose {

namespace {

jobs::LogMemory memoryOf(const domain::ConnectionTarget& reader)
{
    return {[reader] { return settings::knownLog(reader); },
            [reader]() -> domain::Result<jobs::NamedKeys> {
                const auto profiles = settings::readProfiles(settings::profileFile());
                if (!profiles)
                    return domain::failureOf(profiles);
                const settings::Profile profile = settings::profileOf(*profiles, reader.service);
                return jobs::NamedKeys{profile.logKey, profile.witnessKeys};
            },
            [reader](const audit::KnownLog& log) { return settings::remember(reader, log); }};
}

} // namespace

SessionPorts portsOf(const domain::ConnectionTarget& reader, const domain::ConnectionTarget& elevated, domain::Source source)
{
    SessionPorts all;
    all.source = std::move(source);
    all.elevatedLabel = domain::labelOf(elevated);
    all.flags = std::make_unique<store::SqlFlagSource>(reader);
    all.votes = std::make_unique<store::SqlVoteSource>(reader);
    all.voids = std::make_unique<store::SqlVoidSource>(reader);
    all.audit = std::make_unique<store::SqlAuditSource>(reader);
    all.leaderboard = std::make_unique<store::SqlLeaderboardSource>(reader);
    all.scan = std::make_unique<scanning::SiteScanSource>(reader);
    all.counted = std::make_unique<store::CopyScanSource>(reader);
    all.feed = std::make_unique<store::SqlChangeFeed>(reader);
    all.report = std::make_unique<store::SqlReportSource>(reader);
    all.controls = std::make_unique<store::SqlControlSource>(reader, settings::otherTarget(reader).value_or(std::nullopt),
                                                             [reader] { return settings::keptLog(reader); });
    all.log = std::make_unique<store::SqlLogSource>(reader);
    all.verifying = std::make_unique<store::SqlLogSource>(reader);
    all.moderation = std::make_unique<ElevatedModeration>(elevated, settings::journalDirectory());
    all.memory = memoryOf(reader);
    all.rules = [service = reader.service] { return scanning::rulesOfProfile(service); };
    all.recordLive = [elevated](const std::vector<domain::Flag>& flags) -> domain::Result<std::int64_t> {
        const auto recorded = scanning::recordFlags(elevated, flags);
        return recorded ? domain::Result<std::int64_t>{recorded->recorded} : domain::failureOf(recorded);
    };
    all.makePack = [reader, probed = all.source, moderation = all.moderation.get()](
                       const query::Query& query, const std::string& path, bool isRedacted, const audit::VerifierKey& logKey,
                       const domain::KeepGoing& keepGoing) -> domain::Status {
        packing::PackRequest request{reader,     probed, query,  path, {},
                                     isRedacted, {},     logKey, {},   "scrutineer " SCRUTINEER_VERSION};
        const auto made = packing::makePack(
            std::move(request), [moderation](const std::string& what) { return moderation->logExport(what).result(); },
            keepGoing);
        return made ? domain::Status{domain::Nothing{}} : domain::failureOf(made);
    };
    return all;
}

} // namespace scr::compose
