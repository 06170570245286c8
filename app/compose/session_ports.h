#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/connection.h"
#include "domain/flag.h"
#include "domain/source.h"
#include "jobs/rules_source.h"
#include "jobs/seal_job.h"
#include "ports/audit_source.h"
#include "ports/change_feed.h"
#include "ports/control_source.h"
#include "ports/flag_source.h"
#include "ports/leaderboard_source.h"
#include "ports/log_source.h"
#include "ports/moderation.h"
#include "ports/report_source.h"
#include "ports/scan_source.h"
#include "ports/void_source.h"
#include "ports/vote_source.h"
#include "shell/workspace.h"

namespace scr::compose {

/// What a session of the console reads from and decides through, whatever is behind it.
struct SessionPorts {
    domain::Source source;
    std::string elevatedLabel; ///< who decisions are written as
    std::unique_ptr<ports::FlagSource> flags;
    std::unique_ptr<ports::VoteSource> votes;
    std::unique_ptr<ports::VoidSource> voids;
    std::unique_ptr<ports::AuditSource> audit;
    std::unique_ptr<ports::LeaderboardSource> leaderboard;
    std::unique_ptr<ports::ScanSource> scan;
    std::unique_ptr<ports::ScanSource> counted; ///< without the site's own rules
    std::unique_ptr<ports::ChangeFeed> feed;
    std::unique_ptr<ports::ReportSource> report; ///< a connection of its own, so that the pages never wait for it
    std::unique_ptr<ports::ControlSource> controls;
    std::unique_ptr<ports::LogSource> log;       ///< looked at every few seconds
    std::unique_ptr<ports::LogSource> verifying; ///< read as a whole
    std::unique_ptr<ports::Moderation> moderation;
    jobs::LogMemory memory;
    jobs::SealJob::Verifier verifier = jobs::verifyTrusted;
    jobs::RulesSource rules;
    /// Records what the following of the source found, and says how much of it is new.
    std::function<domain::Result<std::int64_t>(const std::vector<domain::Flag>&)> recordLive;
    /// Makes an evidence pack; empty where the source is one.
    std::function<domain::Status(const query::Query& query, const std::string& path, bool isRedacted,
                                 const audit::VerifierKey& logKey, const domain::KeepGoing& keepGoing)>
        makePack;
    std::optional<shell::PackNote> pack;
};

/// A database, read by one login and decided through by another.
[[nodiscard]] SessionPorts portsOf(const domain::ConnectionTarget& reader, const domain::ConnectionTarget& elevated,
                                   domain::Source source);

} // namespace scr::compose
