#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "detect/detector.h"

namespace scr::detect {

/// Attempts of one token on one post that follow each other within the window or overlap; rows [begin, end) of the list they
/// were found in.
struct Storm {
    domain::Index token{};
    domain::Index post{};
    std::size_t begin{};
    std::size_t end{};
    std::uint32_t inWindow{}; ///< most attempts begun within one window
    std::uint32_t depth{};    ///< most attempts under way at one moment
    std::uint32_t accepted{}; ///< accepted, each stored vote once
};

/// The storms among repeatedPairs of the attempts that the rule calls a race.
[[nodiscard]] std::vector<Storm> stormsOf(const Scene& scene, const std::vector<std::uint32_t>& rows);

} // namespace scr::detect
