#include "detect/burst_search.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace scr::detect {

namespace {

using domain::Index;

/// The site's rhythm as a prior of a token's own, in pauses: without it a pause the token never made would be impossible.
constexpr double kPriorGaps = 4;

GapCounts lawOf(const GapCounts& seen, const TokenBurstRule& rule)
{
    GapCounts law = seen;
    law.addLogNormal(rule.assumedGaps, static_cast<double>(rule.assumedMedian.count()), rule.assumedSpread,
                     static_cast<double>(rule.sessionGap.count()));
    return law;
}

} // namespace

SiteRhythm::SiteRhythm(const GapCounts& seen, const TokenBurstRule& rule, std::int64_t grain) :
    m_rule{rule}, m_grain{grain > 1 ? static_cast<double>(grain) : 0.0}, m_seen{seen.total()}, m_law{lawOf(seen, rule)},
    m_tail{m_law, rule.fasterFactor}, m_limit{std::log10(rule.maxProbability)}, m_fastGap{m_law.quantile(0.5) / rule.fasterFactor}
{
    for (std::size_t at = 0; at < kBurstSizes.size(); ++at) {
        const double span = m_tail.longestSpan(kBurstSizes[at] - 1, m_limit) - m_grain;
        m_longest[at] = span < 0 ? -1 : static_cast<std::int64_t>(std::min(span, 1e17));
    }
}

/// Every window of a tested size that is a burst, joined where they share a vote.
std::vector<SiteRhythm::Window> SiteRhythm::fastWindows(std::span<const Cast> casts) const
{
    std::vector<Window> windows;
    for (std::size_t at = 0; at < kBurstSizes.size(); ++at) {
        const std::size_t size = kBurstSizes[at];
        for (std::size_t begin = 0; begin + size <= casts.size(); ++begin) {
            if (casts[begin + size - 1].at - casts[begin].at > m_longest[at])
                continue;
            const auto first = static_cast<std::uint32_t>(begin);
            const auto end = static_cast<std::uint32_t>(begin + size);
            if (!windows.empty() && first >= windows.back().begin && first < windows.back().end)
                windows.back().end = std::max(windows.back().end, end);
            else
                windows.push_back({first, end});
        }
    }
    std::sort(windows.begin(), windows.end(), [](const Window& left, const Window& right) { return left.begin < right.begin; });
    std::vector<Window> joined;
    for (const Window& window : windows) {
        if (!joined.empty() && window.begin < joined.back().end)
            joined.back().end = std::max(joined.back().end, window.end);
        else
            joined.push_back(window);
    }
    return joined;
}

double SiteRhythm::spanOf(std::span<const Cast> casts, Window window) const
{
    return static_cast<double>(casts[window.end - 1].at - casts[window.begin].at) + m_grain;
}

double SiteRhythm::siteLog10(std::span<const Cast> casts, Window window) const
{
    return m_tail.log10Probability(window.end - window.begin - 1, spanOf(casts, window));
}

/// The whole run that the window is part of, unless that is no burst any more.
SiteRhythm::Window SiteRhythm::extended(std::span<const Cast> casts, Window window) const
{
    const double mean = spanOf(casts, window) / static_cast<double>(window.end - window.begin - 1);
    const double longest = std::max(m_fastGap, m_rule.runFactor * mean);
    Window run = window;
    while (run.begin > 0 && static_cast<double>(casts[run.begin].at - casts[run.begin - 1].at) <= longest)
        --run.begin;
    while (run.end < casts.size() && static_cast<double>(casts[run.end].at - casts[run.end - 1].at) <= longest)
        ++run.end;
    return siteLog10(casts, run) <= m_limit ? run : window;
}

/// Pauses inside any of the token's bursts teach nothing: else two bursts would excuse each other.
void SiteRhythm::askOwnRhythm(std::span<const Cast> casts, const std::vector<Window>& windows, std::vector<Burst>& found) const
{
    GapCounts own;
    std::uint32_t count = 0;
    auto window = windows.begin();
    for (std::uint32_t at = 1; at < casts.size(); ++at) {
        while (window != windows.end() && window->end <= at)
            ++window;
        const bool inside = window != windows.end() && window->begin < at;
        const std::int64_t gap = casts[at].at - casts[at - 1].at;
        if (inside || gap > m_rule.sessionGap.count())
            continue;
        own.add(gap);
        ++count;
    }
    const double median = count == 0 ? 0 : own.quantile(0.5);
    GapCounts law = own;
    law.addScaled(m_law, kPriorGaps);
    const SpanTail tail{law, m_rule.fasterFactor};
    for (Burst& burst : found) {
        burst.ownGaps = count;
        burst.ownMedian = median;
        if (count >= m_rule.ownGaps)
            burst.ownLog10 = tail.log10Probability(burst.votes() - 1, spanOf(casts, {burst.begin, burst.end}));
    }
}

void SiteRhythm::addBursts(Index token, std::span<const Cast> casts, std::vector<Burst>& bursts) const
{
    std::vector<Window> windows = fastWindows(casts);
    if (windows.empty())
        return;
    std::vector<Window> runs;
    for (const Window& window : windows) {
        const Window run = extended(casts, window);
        if (!runs.empty() && run.begin < runs.back().end)
            runs.back().end = std::max(runs.back().end, run.end);
        else
            runs.push_back(run);
    }
    std::vector<Burst> found;
    for (const Window& run : runs)
        found.push_back({token, run.begin, run.end, siteLog10(casts, run), std::nullopt, 0, 0});
    askOwnRhythm(casts, runs, found);
    std::copy_if(found.begin(), found.end(), std::back_inserter(bursts),
                 [&](const Burst& burst) { return burst.log10Probability() <= m_limit; });
}

} // namespace scr::detect
