#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "domain/flag.h"

namespace scr::domain {

/// What was told of a flag while a source is followed, so that it is told again only when there is more to say.
struct ToldFlag {
    std::int64_t votes{};
    Severity severity{};
    bool belowReviewLine{};
    std::string subject; ///< detector and what the flag is about: a finding that only begins at another moment is the same
    UtcTime from{};
    UtcTime to{};
    friend bool operator==(const ToldFlag&, const ToldFlag&) = default;
};
using ToldFlags = std::map<FlagKey, ToldFlag>;

} // namespace scr::domain
