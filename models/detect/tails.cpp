#include "detect/tails.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace scr::detect {

namespace {

constexpr double kLn10 = std::numbers::ln10;

} // namespace

/// Stirling's series; std::lgamma writes a global and may not be called from several threads.
double logFactorial(double n) noexcept
{
    if (n < 16) {
        double sum = 0;
        for (double k = 2; k <= n; ++k)
            sum += std::log(k);
        return sum;
    }
    return (n + 0.5) * std::log(n) - n + 0.5 * std::log(2 * std::numbers::pi) + 1 / (12 * n) - 1 / (360 * n * n * n);
}

double log10PoissonTail(std::uint64_t count, double mean) noexcept
{
    const auto c = static_cast<double>(count);
    if (count == 0 || !(mean < c))
        return 0;
    if (mean <= 0)
        return -400;
    const double first = c * std::log(mean) - mean - logFactorial(c);
    const double rest = -std::log1p(-mean / (c + 1));
    return std::min(0.0, (first + rest) / kLn10);
}

double log10BinomialTail(std::uint64_t count, std::uint64_t trials, double share) noexcept
{
    const auto k = static_cast<double>(count);
    const auto n = static_cast<double>(trials);
    if (count == 0 || k <= n * share || share >= 1)
        return 0;
    if (share <= 0)
        return -400;
    const double first =
        logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * std::log(share) + (n - k) * std::log1p(-share);
    const double ratio = (n - k) / (k + 1) * share / (1 - share);
    const double rest = ratio < 1 ? -std::log1p(-ratio) : 0;
    return std::min(0.0, (first + rest) / kLn10);
}

double log10SmirnovTail(double distance, std::size_t first, std::size_t second) noexcept
{
    if (first == 0 || second == 0)
        return 0;
    const double n = static_cast<double>(first) * static_cast<double>(second) / static_cast<double>(first + second);
    return std::min(0.0, (std::log(2.0) - 2 * n * distance * distance) / kLn10);
}

double smirnovDistance(std::span<const std::int64_t> first, std::span<const std::int64_t> second) noexcept
{
    double worst = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < first.size() && j < second.size()) {
        const std::int64_t at = std::min(first[i], second[j]);
        while (i < first.size() && first[i] == at)
            ++i;
        while (j < second.size() && second[j] == at)
            ++j;
        const double left = static_cast<double>(i) / static_cast<double>(first.size());
        const double right = static_cast<double>(j) / static_cast<double>(second.size());
        worst = std::max(worst, std::abs(left - right));
    }
    return worst;
}

double log10Choose(double of, double chosen) noexcept
{
    if (chosen <= 0 || chosen >= of)
        return 0;
    return (logFactorial(of) - logFactorial(chosen) - logFactorial(of - chosen)) / kLn10;
}

double log10Evidence(double log10Probability) noexcept
{
    return std::log10(0.5) - 0.5 * log10Probability;
}

} // namespace scr::detect
