#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <vector>

#include "detect/live_scan.h"
#include "detect/rules.h"
#include "domain/flag.h"
#include "domain/result.h"
#include "domain/told_flags.h"
#include "ports/change_feed.h"
#include "ports/scan_source.h"

namespace scr::jobs {

struct FollowOptions {
    domain::Micros window = std::chrono::days{7};       ///< votes older than this are not looked at
    std::chrono::milliseconds pause{250};               ///< between two looks; a hint of the source ends it
    std::chrono::seconds thorough{60};                  ///< between two looks at the whole window and its scans
    std::chrono::seconds reload{std::chrono::hours{1}}; ///< the window is read anew: it moves on, and what was voided leaves it
};

/// How far following is, after each look.
struct FollowState {
    std::uint64_t votes = 0;   ///< in the window
    std::uint64_t came = 0;    ///< votes and attempts since the begin
    domain::Micros lastLook{}; ///< what the last look and its judgement took
    domain::Error trouble;     ///< of the last look; no detail when there is none
};

/// What following tells whoever asked for it; from the following thread.
struct FollowListener {
    /// New or graver flags, worst first. An error is told as trouble, and the flags are offered again at the next thorough look.
    std::function<domain::Status(const std::vector<domain::Flag>&)> flags;
    std::function<void(const FollowState&)> state;
};

/// Keeps looking at a source: the window is read and scanned, then what is committed is judged within a second; whole scans of
/// the window follow each minute in a thread of their own. Returns when `stop` is true, or with the error that kept it from
/// beginning; later errors are told, and it goes on. `told` holds what was told before and is kept up to date: with it a restart
/// tells only what is new.
[[nodiscard]] domain::Status follow(ports::ScanSource& source, ports::ChangeFeed& feed, const detect::Rules& rules,
                                    const FollowOptions& options, domain::ToldFlags& told, const FollowListener& listener,
                                    const std::atomic<bool>& stop);

} // namespace scr::jobs
