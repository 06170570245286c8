#pragma once

#include <string>

#include "detect/flag_diff.h"
#include "detect/scan.h"

namespace scr::ctl {

/// The same votes scanned with two sets of rules.
struct Backtest {
    detect::ScanReport before;
    detect::ScanReport after;
};

[[nodiscard]] std::string tableOf(const Backtest& backtest, const detect::FlagDiff& difference);

/// One line a flag that differs, {"change": …, "flag": …}, and one with the totals at the end.
[[nodiscard]] std::string jsonLinesOf(const Backtest& backtest, const detect::FlagDiff& difference);

} // namespace scr::ctl
