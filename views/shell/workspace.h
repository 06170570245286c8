#pragma once

#include <functional>

#include <QString>
#include <QThreadPool>

#include "actions/accept_action.h"
#include "actions/export_action.h"
#include "actions/review_action.h"
#include "actions/void_action.h"
#include "domain/source.h"
#include "jobs/control_job.h"
#include "jobs/decoy_job.h"
#include "jobs/follow_job.h"
#include "jobs/report_job.h"
#include "jobs/scan_job.h"
#include "jobs/seal_job.h"
#include "ports/audit_source.h"
#include "ports/flag_source.h"
#include "ports/leaderboard_source.h"
#include "ports/moderation.h"
#include "ports/void_source.h"
#include "ports/vote_source.h"

namespace scr::shell {

/// Everything the window works with while it is attached to one source; made and owned by whoever composes the program.
struct Workspace {
    domain::Source source;
    QString elevatedLabel; ///< who decisions are written as
    ports::FlagSource& flags;
    ports::VoteSource& votes;
    ports::VoidSource& voids;
    ports::AuditSource& audit;
    ports::LeaderboardSource& leaderboard;
    ports::Moderation& moderation;
    actions::ReviewAction& review;
    actions::VoidAction& voiding;
    actions::AcceptAction& accepting;
    jobs::ScanJob& scan;
    jobs::FollowJob& follow;
    jobs::DecoyJob& decoys;
    jobs::ReportJob& report;
    jobs::ControlJob& controls;
    jobs::SealJob& seal;
    actions::ExportAction& exporting;
    QThreadPool& pool;
    std::function<void()> startScan; ///< over all votes, with the rules in force
    std::function<void()> startFollow;
    std::function<void()> startDecoys;
    /// Writes the report to a path: .html, .pdf or a folder for everything.
    std::function<void(const domain::TimeRange& period, const QString& path)> startReport;
};

} // namespace scr::shell
