#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "detect/detector.h"
#include "detect/gap_law.h"
#include "detect/token_rows.h"

namespace scr::detect {

inline constexpr std::array<std::size_t, 4> kBurstSizes{8, 16, 32, 64};

/// A run of a token's first votes [begin, end) that is too fast for the site's rhythm and for the token's own.
struct Burst {
    domain::Index token{};
    std::uint32_t begin{};
    std::uint32_t end{};
    double siteLog10{};             ///< of the probability under the site's rhythm
    std::optional<double> ownLog10; ///< under the token's own; none with too few pauses outside its bursts
    std::uint32_t ownGaps{};
    double ownMedian{}; ///< microseconds

    [[nodiscard]] std::size_t votes() const noexcept { return end - begin; }
    [[nodiscard]] double log10Probability() const noexcept { return ownLog10 ? std::max(siteLog10, *ownLog10) : siteLog10; }
};

/// The site's rhythm and what it makes of each span.
class SiteRhythm {
public:
    SiteRhythm(const GapCounts& seen, const TokenBurstRule& rule, std::int64_t grain);

    [[nodiscard]] const GapCounts& law() const noexcept { return m_law; }
    [[nodiscard]] double seenGaps() const noexcept { return m_seen; }
    [[nodiscard]] double medianMicros() const noexcept { return m_law.quantile(0.5); }
    /// Longest span of votes of size kBurstSizes[at] that is a burst, less the grain of the times; negative: none is.
    [[nodiscard]] std::int64_t longestSpan(std::size_t at) const noexcept { return m_longest[at]; }
    /// log10 of the bound for so many votes that span so many microseconds; at most 0.
    [[nodiscard]] double log10Span(std::size_t votes, std::int64_t span) const noexcept
    {
        return m_tail.log10Probability(votes - 1, static_cast<double>(span) + m_grain);
    }
    /// All bursts of one token, in the order of time.
    void addBursts(domain::Index token, std::span<const Cast> casts, std::vector<Burst>& bursts) const;

private:
    struct Window {
        std::uint32_t begin;
        std::uint32_t end;
    };
    [[nodiscard]] std::vector<Window> fastWindows(std::span<const Cast> casts) const;
    [[nodiscard]] Window extended(std::span<const Cast> casts, Window window) const;
    [[nodiscard]] double siteLog10(std::span<const Cast> casts, Window window) const;
    [[nodiscard]] double spanOf(std::span<const Cast> casts, Window window) const;
    void askOwnRhythm(std::span<const Cast> casts, const std::vector<Window>& windows, std::vector<Burst>& found) const;

    const TokenBurstRule& m_rule;
    double m_grain;
    double m_seen;
    GapCounts m_law;
    SpanTail m_tail;
    double m_limit; ///< log10 of the rule's probability
    double m_fastGap;
    std::array<std::int64_t, kBurstSizes.size()> m_longest{};
};

} // namespace scr::detect
