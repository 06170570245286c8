#pragma once

#include <cstdint>
#include <vector>

#include "domain/keys.h"
#include "domain/result.h"
#include "simulate/scenario.h"

namespace scr::evaluate {

/// Truth by the row of a simulated site: the label and the campaign.
struct Truth {
    std::vector<simulate::Label> label;
    std::vector<std::uint32_t> campaign; ///< of rows that have one
    std::vector<bool> marked;
};

[[nodiscard]] domain::Result<Truth> truthOf(const simulate::Site& site);

/// The site's row of a vote: its key is the number of the row.
[[nodiscard]] std::size_t rowOf(const domain::VoteKey& key);

} // namespace scr::evaluate
