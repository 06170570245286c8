#pragma once

#include <string>
#include <string_view>

#include "domain/audit_reading.h"
#include "domain/flag.h"
#include "domain/result.h"

namespace scr::codec {

/// One line of JSON, keys in the order of the published format. Times are ISO 8601 with microseconds, bytes that are not
/// UTF-8 become U+FFFD, numbers read back as they were.
[[nodiscard]] std::string flagToJson(const domain::Flag& flag);

/// Reads what flagToJson wrote. Keys it does not know are passed over, so that older programs read newer lines; a missing key
/// or a value of the wrong kind is an error that names it.
[[nodiscard]] domain::Result<domain::Flag> flagFromJson(std::string_view json);

/// A recorded flag with its state, who recorded it and what was decided about it: one line of JSON, the flag itself as above.
[[nodiscard]] std::string recordedFlagToJson(const domain::FlagReading& reading);

/// Reads what recordedFlagToJson wrote, as above. The votes' rows are not among it.
[[nodiscard]] domain::Result<domain::FlagReading> recordedFlagFromJson(std::string_view json);

} // namespace scr::codec
