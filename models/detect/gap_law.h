#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "detect/rules.h"

namespace scr::detect {

/// How often pauses of each length occur: four logarithmic bins an octave, from a millisecond to two hours. The first bin takes
/// everything shorter, the last everything longer.
class GapCounts {
public:
    static constexpr std::size_t kBins = 96;

    void add(std::int64_t gapMicros) noexcept { m_counts[binOf(gapMicros)] += 1; }
    void add(const GapCounts& other) noexcept;
    [[nodiscard]] double total() const noexcept;
    [[nodiscard]] double at(std::size_t bin) const noexcept { return m_counts[bin]; }
    /// Adds `weight` times a log-normal law, cut off at `longest`.
    void addLogNormal(double weight, double medianMicros, double spread, double longestMicros);
    /// Adds another law scaled to `weight`.
    void addScaled(const GapCounts& other, double weight) noexcept;
    /// The pause that a share of all pauses does not exceed, in microseconds.
    [[nodiscard]] double quantile(double share) const noexcept;

    [[nodiscard]] static constexpr std::size_t binOf(std::int64_t gapMicros) noexcept
    {
        if (gapMicros < kFirstEdge)
            return 0;
        const auto gap = static_cast<std::uint64_t>(gapMicros);
        const unsigned octave = static_cast<unsigned>(std::bit_width(gap)) - 1U;
        const std::size_t bin = (octave - kFirstOctave) * 4U + static_cast<std::size_t>((gap >> (octave - 2U)) & 3U) + 1U;
        return bin < kBins ? bin : kBins - 1;
    }
    [[nodiscard]] static constexpr std::int64_t lowerEdge(std::size_t bin) noexcept
    {
        if (bin == 0)
            return 0;
        const std::size_t step = bin - 1;
        return static_cast<std::int64_t>(4U + step % 4U) << (step / 4U + kFirstOctave - 2U);
    }

private:
    static constexpr unsigned kFirstOctave = 10;
    static constexpr std::int64_t kFirstEdge = 1 << kFirstOctave;
    std::array<double, kBins> m_counts{};
};

/// Bounds how likely it is that pauses drawn from a law, sped up by a factor, add up to no more than a span (Chernoff). Each
/// pause counts with the lower edge of its bin, so the bound errs on the side of innocence.
class SpanTail {
public:
    SpanTail(const GapCounts& law, double fasterFactor);

    /// log10 of the bound for `gaps` pauses within `spanMicros`; at most 0.
    [[nodiscard]] double log10Probability(std::size_t gaps, double spanMicros) const noexcept;
    /// The longest span of so many pauses whose bound is not above 10^log10Probability; negative when there is none.
    [[nodiscard]] double longestSpan(std::size_t gaps, double log10Probability) const noexcept;

private:
    static constexpr std::size_t kThetas = 48;
    std::array<double, kThetas> m_theta{};   ///< per microsecond
    std::array<double, kThetas> m_logMean{}; ///< ln E[exp(-theta gap / factor)]
};

/// The unit in which a source writes its times: the coarsest of 1 us, 1 ms, 1 s, 1 min, 1 h and 1 d that 99 of 100 sampled
/// times are multiples of, in microseconds.
[[nodiscard]] std::int64_t timeGrainOf(const std::vector<std::int64_t>& times);

} // namespace scr::detect
