#pragma once

#include <cstdint>
#include <map>

#include "domain/flag.h"

namespace scr::domain {

/// What was told of a flag while a source is followed, so that it is told again only when there is more to say.
struct ToldFlag {
    std::int64_t votes{};
    Severity severity{};
    friend bool operator==(const ToldFlag&, const ToldFlag&) = default;
};
using ToldFlags = std::map<FlagKey, ToldFlag>;

} // namespace scr::domain
