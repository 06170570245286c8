#pragma once

#include <functional>
#include <string>

#include <QStringList>

#include "photographer.h"

namespace scr::shots {

/// The Audit log page of the demo's first site: verified, and with one decision that was altered after it was sealed. `seal` lets
/// a sealer do its work.
[[nodiscard]] bool shootAudit(Photographer& photographer, const std::string& service, const std::function<bool()>& seal);

} // namespace scr::shots
