#pragma once

#include "codec/json_fields.h"
#include "domain/flag.h"

namespace scr::codec {

[[nodiscard]] Json evidenceToJson(const domain::Evidence& evidence);
/// Throws std::invalid_argument where `json`, a flag, has no evidence that can be read.
[[nodiscard]] domain::Evidence evidenceFromJson(const Json& json);

} // namespace scr::codec
