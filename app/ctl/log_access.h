#pragma once

#include <optional>
#include <string>

#include "audit/known_log.h"
#include "domain/connection.h"
#include "domain/result.h"
#include "jobs/log_trust.h"
#include "ports/log_source.h"

namespace scr::ctl {

/// Whom the command line believes about a log, and what is remembered of it here.
struct LogAccess {
    domain::ConnectionTarget target;
    std::optional<audit::KnownLog> known;
    jobs::LogTrust trust;
};

/// `key`: the log's public key or a file with it; empty: that of the profile, else the remembered one, else the database's own,
/// of which standard error warns.
[[nodiscard]] domain::Result<LogAccess> accessLog(const std::string& service, const std::string& key,
                                                  const std::string& checkpoint, ports::LogSource& source);

/// Remembers what was verified, and who had signed it.
[[nodiscard]] domain::Status rememberVerified(const LogAccess& access, const audit::SignedCheckpoint& seen,
                                              const audit::Witnessed& witnessed);

} // namespace scr::ctl
