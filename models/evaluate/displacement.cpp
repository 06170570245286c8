#include "evaluate/displacement.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "rank/impact.h"

namespace scr::evaluate {

namespace {

std::vector<std::int64_t> ranksOf(const std::vector<double>& scores)
{
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t left, std::size_t right) { return scores[left] > scores[right]; });
    std::vector<std::int64_t> ranks(scores.size());
    for (std::size_t place = 0; place < order.size(); ++place)
        ranks[order[place]] = static_cast<std::int64_t>(place) + 1;
    return ranks;
}

} // namespace

double displacementBetween(const std::vector<double>& scores, const std::vector<double>& reference)
{
    const std::vector<std::int64_t> ranks = ranksOf(scores);
    const std::vector<std::int64_t> right = ranksOf(reference);
    double sum = 0;
    for (std::size_t post = 0; post < ranks.size(); ++post)
        sum += rank::weightOfMove(ranks[post], right[post]);
    return sum;
}

} // namespace scr::evaluate
