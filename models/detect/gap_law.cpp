#include "detect/gap_law.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace scr::detect {

namespace {

/// Share of a log-normal law below `gap`.
double logNormalBelow(double gap, double median, double spread)
{
    return gap <= 0 ? 0 : 0.5 * std::erfc(-std::log(gap / median) / (spread * std::sqrt(2.0)));
}

} // namespace

void GapCounts::add(const GapCounts& other) noexcept
{
    for (std::size_t bin = 0; bin < kBins; ++bin)
        m_counts[bin] += other.m_counts[bin];
}

double GapCounts::total() const noexcept
{
    return std::accumulate(m_counts.begin(), m_counts.end(), 0.0);
}

void GapCounts::addLogNormal(double weight, double medianMicros, double spread, double longestMicros)
{
    const double whole = logNormalBelow(longestMicros, medianMicros, spread);
    if (whole <= 0)
        return;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        const double upper = bin + 1 < kBins ? static_cast<double>(lowerEdge(bin + 1)) : longestMicros;
        const double from = std::min(longestMicros, static_cast<double>(lowerEdge(bin)));
        const double share =
            logNormalBelow(std::min(longestMicros, upper), medianMicros, spread) - logNormalBelow(from, medianMicros, spread);
        m_counts[bin] += weight * std::max(0.0, share) / whole;
    }
}

void GapCounts::addScaled(const GapCounts& other, double weight) noexcept
{
    const double whole = other.total();
    if (whole <= 0)
        return;
    for (std::size_t bin = 0; bin < kBins; ++bin)
        m_counts[bin] += other.m_counts[bin] * weight / whole;
}

double GapCounts::quantile(double share) const noexcept
{
    double left = share * total();
    for (std::size_t bin = 0; bin + 1 < kBins; ++bin) {
        if (left < m_counts[bin]) {
            const auto low = static_cast<double>(lowerEdge(bin));
            const auto high = static_cast<double>(lowerEdge(bin + 1));
            return low + (high - low) * left / m_counts[bin];
        }
        left -= m_counts[bin];
    }
    return static_cast<double>(lowerEdge(kBins - 1));
}

SpanTail::SpanTail(const GapCounts& law, double fasterFactor)
{
    constexpr double kSlowest = 1e-9; // per microsecond: pauses of a quarter of an hour
    constexpr double kFastest = 1e-1; // pauses of ten microseconds
    const double whole = law.total();
    std::size_t shortest = 0;
    while (shortest + 1 < GapCounts::kBins && law.at(shortest) <= 0)
        ++shortest;
    // The shortest pause seen is taken out of the sum: for a large theta every term alone would be rounded to zero, and zero
    // would make anything impossible.
    const auto nearest = static_cast<double>(GapCounts::lowerEdge(shortest)) / fasterFactor;
    for (std::size_t at = 0; at < kThetas; ++at) {
        m_theta[at] = kSlowest * std::pow(kFastest / kSlowest, static_cast<double>(at) / (kThetas - 1));
        double mean = 0;
        for (std::size_t bin = shortest; bin < GapCounts::kBins; ++bin)
            mean +=
                law.at(bin) * std::exp(-m_theta[at] * (static_cast<double>(GapCounts::lowerEdge(bin)) / fasterFactor - nearest));
        m_logMean[at] = whole > 0 ? std::log(mean / whole) - m_theta[at] * nearest : 0;
    }
}

double SpanTail::log10Probability(std::size_t gaps, double spanMicros) const noexcept
{
    double best = 0;
    for (std::size_t at = 0; at < kThetas; ++at)
        best = std::min(best, m_theta[at] * spanMicros + static_cast<double>(gaps) * m_logMean[at]);
    return best / std::log(10.0);
}

double SpanTail::longestSpan(std::size_t gaps, double log10Probability) const noexcept
{
    double longest = -1;
    for (std::size_t at = 0; at < kThetas; ++at)
        longest =
            std::max(longest, (log10Probability * std::log(10.0) - static_cast<double>(gaps) * m_logMean[at]) / m_theta[at]);
    return longest;
}

std::int64_t timeGrainOf(const std::vector<std::int64_t>& times)
{
    constexpr std::array<std::int64_t, 6> kGrains{86'400'000'000, 3'600'000'000, 60'000'000, 1'000'000, 1'000, 1};
    constexpr std::size_t kSampled = 4096;
    if (times.empty())
        return 1;
    std::array<std::size_t, kGrains.size()> multiples{};
    const std::size_t sampled = std::min(kSampled, times.size());
    for (std::size_t sample = 0; sample < sampled; ++sample) {
        const std::int64_t time = times[sample * times.size() / sampled];
        for (std::size_t grain = 0; grain < kGrains.size(); ++grain)
            multiples[grain] += time % kGrains[grain] == 0 ? 1U : 0U;
    }
    const auto fits =
        std::find_if(multiples.begin(), multiples.end(), [&](std::size_t count) { return count * 100 >= sampled * 99; });
    return kGrains[static_cast<std::size_t>(fits - multiples.begin())];
}

} // namespace scr::detect
