#pragma once

#include <string>

#include "domain/result.h"
#include "report/report.h"

namespace scr::report {

/// One self-contained page: no script, nothing loaded from elsewhere, text from the site escaped and made visible.
[[nodiscard]] std::string htmlOf(const Report& report);
[[nodiscard]] domain::Status writeHtml(const Report& report, const std::string& path);

/// report.html, and flags.csv, votes.csv, voids.csv, leaderboard.csv, decisions.csv and log.csv: exact ones, and in the
/// sub-folder `spreadsheet` the same made safe for spreadsheets, not for verification. The folder is new or empty, and there
/// complete or not at all.
[[nodiscard]] domain::Status writeFolder(const Report& report, const std::string& folder);

} // namespace scr::report
