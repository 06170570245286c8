#pragma once

#include <atomic>
#include <functional>

#include "lab/race_plan.h"

namespace scr::lab {

/// Called now and then with the rounds done and all of them.
using RaceProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Carries the plan out over as many real connections as it names, released together at each phase by a barrier, and gives what
/// each client was told. LostConnections: meanwhile backends are terminated and sockets cut; a client that is left without an
/// answer reports that in a following transaction, where the target takes reports, and sends the same request again until it is
/// answered. Setting `stop` ends it after the present round.
[[nodiscard]] domain::Result<race::Journal> runRace(const domain::ConnectionTarget& site, const RaceTarget& target,
                                                    const RacePlan& plan, const RaceProgress& progress,
                                                    const std::atomic<bool>& stop);

} // namespace scr::lab
