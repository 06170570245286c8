#pragma once

#include <cstdint>
#include <span>

namespace scr::detect {

/// Upper bounds of tail probabilities as log10, at most 0. Each errs on the side of innocence and neither under- nor overflows,
/// however unlikely the event: a finding of 10^-400 is told from one of 10^-40.

/// P(X >= count) for X ~ Poisson(mean): the first term over a geometric series that bounds the rest.
[[nodiscard]] double log10PoissonTail(std::uint64_t count, double mean) noexcept;

/// P(X >= count) for X ~ Binomial(trials, share): likewise.
[[nodiscard]] double log10BinomialTail(std::uint64_t count, std::uint64_t trials, double share) noexcept;

/// P(D >= distance) of the two-sample Kolmogorov-Smirnov statistic (Smirnov 1948), asymptotic.
[[nodiscard]] double log10SmirnovTail(double distance, std::size_t first, std::size_t second) noexcept;

/// Of two ascending samples: the greatest distance between their distribution functions.
[[nodiscard]] double smirnovDistance(std::span<const std::int64_t> first, std::span<const std::int64_t> second) noexcept;

/// log10 of the number of ways to choose so many of so many.
[[nodiscard]] double log10Choose(double of, double chosen) noexcept;

/// ln(n!)
[[nodiscard]] double logFactorial(double n) noexcept;

/// An e-value from a p-value, log10 each: e = 0.5 p^-0.5 (Vovk and Wang 2021).
[[nodiscard]] double log10Evidence(double log10Probability) noexcept;

} // namespace scr::detect
