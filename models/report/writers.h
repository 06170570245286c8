#pragma once

#include <string>

#include "domain/result.h"
#include "report/report.h"

namespace scr::report {

/// One self-contained page: no script, nothing loaded from elsewhere, text from the site escaped and made visible.
[[nodiscard]] std::string htmlOf(const Report& report);
[[nodiscard]] domain::Status writeHtml(const Report& report, const std::string& path);

/// flags.csv, votes.csv, voids.csv, leaderboard.csv and decisions.csv in a folder, which is made if need be: exact ones, and in
/// the sub-folder `spreadsheet` the same made safe for spreadsheets, not for verification.
[[nodiscard]] domain::Status writeCsvFiles(const Report& report, const std::string& folder);

/// report.html and the CSV files.
[[nodiscard]] domain::Status writeFolder(const Report& report, const std::string& folder);

} // namespace scr::report
