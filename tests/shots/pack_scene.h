#pragma once

#include <functional>
#include <string>

#include <QStringList>

#include "photographer.h"

namespace scr::shots {

/// The console on an evidence pack of the service: every page, and the Audit log page of a pack with an altered entry. `control`
/// runs scrutineerctl.
[[nodiscard]] bool shootPack(Photographer& photographer, const std::string& service,
                             const std::function<bool(const QStringList&)>& control);

} // namespace scr::shots
