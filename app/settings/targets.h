#pragma once

#include <optional>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::settings {

/// Who may review, void and record for `reader`: the profile's elevated service, else `<service>-elevated`, else `reader` itself.
[[nodiscard]] domain::Result<domain::ConnectionTarget> elevatedTarget(const domain::ConnectionTarget& reader);

/// Who may install and import for `reader`: the profile's owner service, else `<service>-owner`, else `reader` itself.
[[nodiscard]] domain::Result<domain::ConnectionTarget> ownerTarget(const domain::ConnectionTarget& reader);

/// Who reads the other environment of `reader`, to compare the two: the profile's other service; nothing where it names none.
[[nodiscard]] domain::Result<std::optional<domain::ConnectionTarget>> otherTarget(const domain::ConnectionTarget& reader);

} // namespace scr::settings
