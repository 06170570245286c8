#pragma once

#include <functional>
#include <optional>
#include <string>

#include <QString>
#include <QStringList>
#include <QThreadPool>

#include "actions/accept_action.h"
#include "actions/export_action.h"
#include "actions/review_action.h"
#include "actions/void_action.h"
#include "domain/source.h"
#include "jobs/control_job.h"
#include "jobs/decoy_job.h"
#include "jobs/file_job.h"
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
#include "query/query.h"

namespace scr::shell {

/// What the window says of the evidence pack that it is open on.
struct PackNote {
    QString about;                      ///< in one line, whose it is and until when
    QStringList remarks;                ///< what could not be read, in sentences
    bool areKeysGiven{};                ///< by a person; else the pack's own keys were believed
    std::function<QString()> verdict{}; ///< what the verifier printed last; empty: it is not through
};

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
    jobs::FileJob* packing{}; ///< null: the source is a pack itself
    /// Makes an evidence pack of what the query asks for: a new folder, or FILE.tar.
    std::function<void(const query::Query& query, const QString& path, bool isRedacted)> startPack{};
    std::optional<PackNote> pack{}; ///< nothing: the source is a database
};

} // namespace scr::shell
