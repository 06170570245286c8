#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/flag.h"
#include "simulate/scenario.h"

namespace scr::bench {

/// What one would write in SQL in a detector's place. Each row is a finding's name and a vote of it; the rows of a finding follow
/// one another.
struct RivalQuery {
    std::string name;
    std::string text; ///< settings before it included
    domain::DetectorId ours{};
    std::vector<simulate::Family> families; ///< that it is meant to find
};
[[nodiscard]] std::span<const RivalQuery> rivalQueries();

} // namespace scr::bench
