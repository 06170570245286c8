#pragma once

#include <functional>

#include <QStringList>

#include "photographer.h"

namespace scr::shots {

/// The Controls page of the protected site of the demo after two of its safeguards were broken, the flags that this raised, and a
/// risk that is accepted. `control` runs scrutineerctl.
[[nodiscard]] bool shootControls(Photographer& photographer, const std::function<bool(const QStringList&)>& control);

} // namespace scr::shots
