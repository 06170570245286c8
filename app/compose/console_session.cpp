#include "compose/console_session.h"

#include "print/print_report.h"
#include "report/wording.h"
#include "scanning/scanning.h"
#include "settings/log_memory.h"
#include "settings/profile.h"
#include "settings/seen_logs.h"
#include "settings/state_dirs.h"
#include "settings/targets.h"
#include "shell/main_window.h"

namespace scr::compose {

namespace {

constexpr int kThreads = 7; ///< a scan, a decoy audit, a leaderboard, a report, the controls and a verification at a time, while
                            ///< the source is followed

jobs::LogMemory memoryOf(const domain::ConnectionTarget& reader)
{
    return {[reader] { return settings::knownLog(reader); },
            [reader]() -> domain::Result<std::string> {
                const auto profiles = settings::readProfiles(settings::profileFile());
                if (!profiles)
                    return domain::failureOf(profiles);
                return settings::profileOf(*profiles, reader.service).logKey;
            },
            [reader](const audit::KnownLog& log) { return settings::remember(reader, log); }};
}

} // namespace

ConsoleSession::ConsoleSession(const domain::ConnectionTarget& reader, const domain::ConnectionTarget& elevated,
                               domain::Source source) :
    m_flags{reader}, m_votes{reader}, m_voids{reader}, m_audit{reader}, m_leaderboard{reader}, m_scanSource{reader},
    m_voteSource{reader}, m_feed{reader}, m_reportSource{reader},
    m_controlSource{reader, settings::otherTarget(reader).value_or(std::nullopt), [reader] { return settings::keptLog(reader); }},
    m_log{reader}, m_verifying{reader}, m_moderation{elevated, settings::journalDirectory()}, m_review{m_moderation, m_flags},
    m_voiding{m_voids, m_moderation}, m_accepting{m_moderation}, m_scan{m_scanSource, m_pool},
    m_follow{m_voteSource, m_feed, m_pool}, m_decoys{m_voteSource, m_pool}, m_report{m_reportSource, m_pool},
    m_controls{m_controlSource, m_pool}, m_seal{m_log, m_verifying, memoryOf(reader), m_pool}, m_exporting{m_moderation, m_pool},
    m_workspace{std::move(source),
                QString::fromStdString(domain::labelOf(elevated)),
                m_flags,
                m_votes,
                m_voids,
                m_audit,
                m_leaderboard,
                m_moderation,
                m_review,
                m_voiding,
                m_accepting,
                m_scan,
                m_follow,
                m_decoys,
                m_report,
                m_controls,
                m_seal,
                m_exporting,
                m_pool,
                {},
                {},
                {},
                {}}
{
    m_pool.setMaxThreadCount(kThreads);
    const jobs::RulesSource rules = [service = reader.service] { return scanning::rulesOfProfile(service); };
    m_workspace.startScan = [this, rules] { m_scan.start({}, rules); };
    m_workspace.startFollow = [this, rules, elevated] {
        m_follow.start(rules, [elevated](const std::vector<domain::Flag>& flags) -> domain::Result<std::int64_t> {
            const auto recorded = scanning::recordFlags(elevated, flags);
            return recorded ? domain::Result<std::int64_t>{recorded->recorded} : domain::failureOf(recorded);
        });
    };
    m_workspace.startDecoys = [this, rules] { m_decoys.start(rules); };
    m_workspace.startReport = [this](const domain::TimeRange& period, const QString& path) { startReport(period, path); };
    m_window = std::make_unique<shell::MainWindow>(m_workspace);
}

ConsoleSession::~ConsoleSession() = default;

void ConsoleSession::startReport(const domain::TimeRange& period, const QString& path)
{
    m_report.start({period, m_workspace.source, SCRUTINEER_VERSION}, path.toStdString(),
                   [this](const report::Report& report, const std::string& file) -> domain::Status {
                       const domain::Status written = print::writeReport(report, QString::fromStdString(file));
                       if (!written)
                           return written;
                       // The report is there; that the log could not say so must be told, but takes nothing back.
                       auto logged = m_moderation.logExport(report::exportText(report, file)).result();
                       if (!logged)
                           logged.error().detail =
                               "the report was written, but the audit log does not say so: " + logged.error().detail;
                       return logged;
                   });
}

} // namespace scr::compose
