#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "domain/flag.h"

namespace scr::domain {

/// Which flags belong together: those that share two tokens, or a token and a post, be it through others. For each flag the place
/// of the first one of its case.
[[nodiscard]] std::vector<std::size_t> casesOf(std::span<const Flag* const> flags);

} // namespace scr::domain
