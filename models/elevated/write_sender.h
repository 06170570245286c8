#pragma once

#include <nlohmann/json_fwd.hpp>

#include "domain/connection.h"
#include "domain/result.h"
#include "elevated/request_journal.h"

namespace scr::elevated {

/// Whether the same request was sent before without an answer.
enum class Sent { First, InDoubt };

/// Sends a call until its outcome is known or hope is gone, and keeps the journal. What the function answered with status "done"
/// or "repeated" comes back as JSON; its refusals as Fault::Rejected in words. Once a request is in doubt nothing but the
/// function's own answer settles it: a server that is down or says no tells nothing about what it did before.
[[nodiscard]] domain::Result<nlohmann::json> send(const domain::ConnectionTarget& target, const RequestJournal& journal,
                                                  const WriteCall& call, Sent sent);

} // namespace scr::elevated
