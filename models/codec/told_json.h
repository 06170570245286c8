#pragma once

#include <string>
#include <string_view>

#include "domain/result.h"
#include "domain/told_flags.h"

namespace scr::codec {

/// What a follower keeps over a restart, as one JSON document.
[[nodiscard]] std::string toldToJson(const domain::ToldFlags& told);
[[nodiscard]] domain::Result<domain::ToldFlags> toldFromJson(std::string_view text);

} // namespace scr::codec
