#include "detect/start_counts.h"

#include <algorithm>

namespace scr::detect {

double StartCounts::busiestShare(std::int64_t length) const noexcept
{
    constexpr double kPrior = 2; ///< beginnings assumed in each bin
    // a stretch that begins inside a bin reaches into one more
    const auto bins = std::min(kBins, static_cast<std::size_t>((length + kBin - 1) / kBin) + 1);
    std::uint64_t most = 0;
    for (std::size_t first = 0; first < kBins; ++first) {
        std::uint64_t sum = 0;
        for (std::size_t at = first; at < first + bins; ++at)
            sum += m_bins[at % kBins];
        most = std::max(most, sum);
    }
    return (static_cast<double>(most) + kPrior * static_cast<double>(bins)) /
           (static_cast<double>(m_all) + kPrior * static_cast<double>(kBins));
}

} // namespace scr::detect
