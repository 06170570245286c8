#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace scr::domain {

/// Microseconds since 1970-01-01 UTC, timestamptz's own grain. Time zones are the views' matter.
using UtcTime = std::chrono::sys_time<std::chrono::microseconds>;
using Micros = std::chrono::microseconds;

[[nodiscard]] constexpr std::int64_t microsOf(UtcTime time) noexcept
{
    return time.time_since_epoch().count();
}
[[nodiscard]] constexpr UtcTime timeOf(std::int64_t micros) noexcept
{
    return UtcTime{Micros{micros}};
}

/// Half-open [from, to); an absent end is open.
struct TimeRange {
    std::optional<UtcTime> from;
    std::optional<UtcTime> to;

    [[nodiscard]] bool contains(UtcTime time) const noexcept { return (!from || time >= *from) && (!to || time < *to); }
    [[nodiscard]] bool isAll() const noexcept { return !from && !to; }
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// Reads "2026-03-12", "2026-03-12T14:20:07.123456Z", "2026-03-12 14:20:07+05:30" or epoch seconds ("1447844749",
/// "1289241911.72836"). Without a zone it is UTC. Finer than a microsecond is cut off. Years 1900 to 2199.
[[nodiscard]] Result<UtcTime> parseTime(std::string_view text);

/// "2026-03-12T14:20:07.123456Z"; trailing zeros of the fraction are left out.
[[nodiscard]] std::string isoText(UtcTime time);

/// A length of time in the unit a person would choose: "340 ms", "18.2 s", "4 min 10 s", "3 h 5 min", "2 d 4 h".
[[nodiscard]] std::string durationText(Micros length);

} // namespace scr::domain
