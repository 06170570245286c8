#pragma once

#include <nlohmann/json_fwd.hpp>

#include "domain/connection.h"
#include "domain/result.h"
#include "elevated/request_journal.h"

namespace scr::elevated {

/// Sends a call until its outcome is known or hope is gone, and keeps the journal. What the function answered with status "done"
/// or "repeated" comes back as JSON; its refusals as Fault::Rejected in words. A request that the journal holds as unfinished is
/// in doubt, and nothing but the function's own answer settles it: a server that is down or says no tells nothing about what it
/// did before. Flags are recorded without the journal: a scan that is made again records the same.
[[nodiscard]] domain::Result<nlohmann::json> send(const domain::ConnectionTarget& target, const RequestJournal& journal,
                                                  const WriteCall& call);

/// Asks what became of a request that is in doubt, and keeps it from being carried out when it was not yet. The
/// answer says `carried_out`, and then what the function had answered. An approval or a withdrawal has the id of its proposal,
/// which others may approve or withdraw, so that it is only asked.
[[nodiscard]] domain::Result<nlohmann::json> giveUp(const domain::ConnectionTarget& target, const RequestJournal& journal,
                                                    const WriteCall& call);

} // namespace scr::elevated
