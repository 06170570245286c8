#pragma once

#include <span>
#include <vector>

#include "detect/detector.h"

namespace scr::detect {

/// A flag with everything that follows from its votes: keys, window, tokens and posts in the order they first occur. All its
/// votes are to be taken out. `rows` in the order of time, at least one.
[[nodiscard]] domain::Flag flagOver(const Scene& scene, domain::DetectorId detector, domain::Subject subject,
                                    std::span<const std::uint32_t> rows);

/// Medium below the first threshold, critical from the second on.
[[nodiscard]] domain::Severity severityBy(std::size_t size, std::uint32_t high, std::uint32_t critical) noexcept;

/// Sorts rows by time, then row.
void sortByTime(const domain::VoteColumns& votes, std::vector<std::uint32_t>& rows);

/// "21 up, 3 down"
[[nodiscard]] std::string directionText(const domain::VoteColumns& votes, std::span<const std::uint32_t> rows);

} // namespace scr::detect
