#pragma once

#include "demo/demo.h"
#include "demo/private_server.h"

namespace scr::demo {

/// Makes the demo's databases on a fresh server: installs the voting systems, loads weeks of simulated votes that end now, has
/// real connections attack them, and has what that left found and recorded.
[[nodiscard]] domain::Status buildDemo(const PrivateServer& server, const DemoOptions& options);

} // namespace scr::demo
