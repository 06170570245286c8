#include "compose/console_session.h"

#include <fmt/format.h>

#include "print/print_report.h"
#include "report/wording.h"
#include "shell/main_window.h"

namespace scr::compose {

namespace {

constexpr int kThreads = 7; ///< a scan, a decoy audit, a leaderboard, a report, the controls and a verification at a time, while
                            ///< the source is followed

} // namespace

ConsoleSession::ConsoleSession(SessionPorts ports) :
    m_ports{std::move(ports)}, m_review{*m_ports.moderation, *m_ports.flags}, m_voiding{*m_ports.voids, *m_ports.moderation},
    m_accepting{*m_ports.moderation}, m_scan{*m_ports.scan, m_pool}, m_follow{*m_ports.counted, *m_ports.feed, m_pool},
    m_decoys{*m_ports.counted, m_pool}, m_report{*m_ports.report, m_pool}, m_controls{*m_ports.controls, m_pool},
    m_seal{*m_ports.log, *m_ports.verifying, m_ports.memory, m_pool, m_ports.verifier}, m_packing{m_pool},
    m_exporting{*m_ports.moderation, m_pool}, m_workspace{m_ports.source,
                                                          QString::fromStdString(m_ports.elevatedLabel),
                                                          *m_ports.flags,
                                                          *m_ports.votes,
                                                          *m_ports.voids,
                                                          *m_ports.audit,
                                                          *m_ports.leaderboard,
                                                          *m_ports.moderation,
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
                                                          {},
                                                          m_ports.makePack ? &m_packing : nullptr,
                                                          {},
                                                          m_ports.pack}
{
    m_pool.setMaxThreadCount(kThreads);
    m_workspace.startScan = [this] { m_scan.start({}, m_ports.rules); };
    m_workspace.startFollow = [this] { m_follow.start(m_ports.rules, m_ports.recordLive); };
    m_workspace.startDecoys = [this] { m_decoys.start(m_ports.rules); };
    m_workspace.startReport = [this](const domain::TimeRange& period, const QString& path) { startReport(period, path); };
    m_workspace.startPack = [this](const query::Query& query, const QString& path, bool isRedacted) {
        startPack(query, path, isRedacted);
    };
    m_window = std::make_unique<shell::MainWindow>(m_workspace);
}

ConsoleSession::~ConsoleSession() = default;

void ConsoleSession::startPack(const query::Query& query, const QString& path, bool isRedacted)
{
    m_packing.start(path,
                    [this, query, path = path.toStdString(), isRedacted,
                     seal = m_seal.reading()](const domain::KeepGoing& keepGoing) -> domain::Status {
                        if (!seal)
                            return domain::failure(domain::Fault::Unavailable, "the seal of the log was not looked at yet",
                                                   "Try again in a moment");
                        if (!*seal)
                            return domain::failureOf(*seal);
                        return m_ports.makePack(query, path, isRedacted, (*seal)->trust.key, keepGoing);
                    });
}

/// For a report, which goes to people who do not see the window; empty where the source is a database.
std::string ConsoleSession::verdictOfPack() const
{
    if (!m_ports.pack)
        return {};
    const auto& verified = m_seal.verified();
    if (!verified || m_seal.isVerifying())
        return "This report was made from an evidence pack that was not verified.";
    if (!verified->isGood())
        return fmt::format("This report was made from an evidence pack that does NOT verify: {} findings.",
                           verified->findingCount);
    return m_ports.pack->areKeysGiven
               ? "This report was made from an evidence pack that was verified with the keys that its reader gave."
               : "This report was made from an evidence pack that was verified with the keys in it, which are "
                 "its own word.";
}

void ConsoleSession::startReport(const domain::TimeRange& period, const QString& path)
{
    m_report.start({period, m_workspace.source, SCRUTINEER_VERSION}, path.toStdString(),
                   [this, verdict = verdictOfPack()](report::Report report, const std::string& file) -> domain::Status {
                       if (!verdict.empty())
                           report.remarks.insert(report.remarks.begin(), verdict);
                       const domain::Status written = print::writeReport(report, QString::fromStdString(file));
                       if (!written)
                           return written;
                       // The report is there; that the log could not say so must be told, but takes nothing back.
                       auto logged = m_ports.moderation->logExport(report::exportText(report, file)).result();
                       if (!logged)
                           logged.error().detail =
                               "the report was written, but the audit log does not say so: " + logged.error().detail;
                       return logged;
                   });
}

} // namespace scr::compose
