#pragma once

#include <memory>

#include <QThreadPool>

#include "compose/elevated_moderation.h"
#include "domain/connection.h"
#include "domain/source.h"
#include "scanning/site_profile.h"
#include "shell/workspace.h"
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

namespace scr::shell {
class MainWindow;
}

namespace scr::compose {

/// Everything that lives while the console is attached to one source, from connections to window; the order of the members is
/// the order of their lives.
class ConsoleSession {
public:
    ConsoleSession(const domain::ConnectionTarget& reader, const domain::ConnectionTarget& elevated, domain::Source source);
    ConsoleSession(const ConsoleSession&) = delete;
    ConsoleSession& operator=(const ConsoleSession&) = delete;
    ~ConsoleSession();

    [[nodiscard]] shell::MainWindow& window() { return *m_window; }

private:
    void startReport(const domain::TimeRange& period, const QString& path);

    QThreadPool m_pool;
    store::SqlFlagSource m_flags;
    store::SqlVoteSource m_votes;
    store::SqlVoidSource m_voids;
    store::SqlAuditSource m_audit;
    store::SqlLeaderboardSource m_leaderboard;
    scanning::SiteScanSource m_scanSource;
    store::CopyScanSource m_voteSource; ///< without the site's own rules
    store::SqlChangeFeed m_feed;
    // A report reads through a connection of its own, so that the pages never wait for it.
    store::SqlReportSource m_reportSource;
    store::SqlControlSource m_controlSource;
    store::SqlLogSource m_log;       ///< looked at every few seconds
    store::SqlLogSource m_verifying; ///< read as a whole
    ElevatedModeration m_moderation;
    actions::ReviewAction m_review;
    actions::VoidAction m_voiding;
    actions::AcceptAction m_accepting;
    jobs::ScanJob m_scan;
    jobs::FollowJob m_follow;
    jobs::DecoyJob m_decoys;
    jobs::ReportJob m_report;
    jobs::ControlJob m_controls;
    jobs::SealJob m_seal;
    actions::ExportAction m_exporting;
    shell::Workspace m_workspace;
    std::unique_ptr<shell::MainWindow> m_window;
};

} // namespace scr::compose
