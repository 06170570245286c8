#pragma once

#include <nlohmann/json_fwd.hpp>

#include "domain/connection.h"
#include "domain/result.h"
#include "elevated/request_journal.h"

namespace scr::elevated {

/// Sends a call until its outcome is known or hope is gone, and keeps the journal. What the function answered with status "done"
/// or "repeated" comes back as JSON; its refusals as Fault::Rejected in words.
[[nodiscard]] domain::Result<nlohmann::json> send(const domain::ConnectionTarget& target, const RequestJournal& journal,
                                                  const WriteCall& call);

} // namespace scr::elevated
