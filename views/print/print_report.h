#pragma once

#include <QString>

#include "domain/result.h"
#include "report/report.h"

namespace scr::print {

/// The report as PDF on A4. Needs a QGuiApplication (offscreen will do) for its fonts; may run on any thread. The file is there
/// complete or not at all.
[[nodiscard]] domain::Status printReport(const report::Report& report, const QString& path);

/// The report in the form that the path's suffix names: FILE.html, FILE.pdf, or without a suffix a new folder with the page and
/// all tables as CSV. Another suffix is refused. What is written is there complete or not at all.
[[nodiscard]] domain::Status writeReport(const report::Report& report, const QString& path);

} // namespace scr::print
