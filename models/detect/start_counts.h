#pragma once

#include <array>
#include <cstdint>

namespace scr::detect {

inline constexpr std::int64_t kHourMicros = 3'600'000'000;

/// Microseconds since the last full hour; times before the epoch too.
[[nodiscard]] constexpr std::int64_t intoHour(std::int64_t at) noexcept
{
    const std::int64_t into = at % kHourMicros;
    return into < 0 ? into + kHourMicros : into;
}

/// How far apart two moments of the hour are, the short way round; each in microseconds since the full hour.
[[nodiscard]] constexpr std::int64_t apartInHour(std::int64_t left, std::int64_t right) noexcept
{
    const std::int64_t apart = left > right ? left - right : right - left;
    return apart < kHourMicros - apart ? apart : kHourMicros - apart;
}

/// In which part of the hour a site's tokens begin to vote.
class StartCounts {
public:
    void add(std::int64_t at) noexcept { ++m_bins[static_cast<std::size_t>(intoHour(at) / kBin)], ++m_all; }

    /// Share of the beginnings in the busiest stretch of the hour that is at least so long; on a site with few of them not far
    /// from even.
    [[nodiscard]] double busiestShare(std::int64_t length) const noexcept;

private:
    static constexpr std::size_t kBins = 240;
    static constexpr std::int64_t kBin = kHourMicros / static_cast<std::int64_t>(kBins);

    std::array<std::uint64_t, kBins> m_bins{};
    std::uint64_t m_all = 0;
};

} // namespace scr::detect
