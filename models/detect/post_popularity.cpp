#include "detect/post_popularity.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace scr::detect {

PostPopularity::PostPopularity(const SiteFacts& facts) : m_votes{facts.votes}
{
    std::map<int, Class> classes;
    for (const std::uint32_t votes : facts.ofPost) {
        if (votes == 0)
            continue;
        Class& one = classes[static_cast<int>(4 * std::log2(static_cast<double>(votes)))];
        one.votes += votes;
        one.posts += 1;
    }
    for (const auto& [size, one] : classes)
        m_classes.push_back(one);
}

double PostPopularity::commonByChance(std::size_t needed, double groupVotes) const
{
    double sum = 0;
    for (const Class& one : m_classes) {
        const double expected = groupVotes * one.votes / one.posts / m_votes;
        // E[X; X >= n] of a Poisson number is its mean times P(X >= n - 1)
        double term = std::exp(-expected);
        double less = 0;
        for (std::size_t count = 0; count + 1 < needed; ++count) {
            less += term;
            term *= expected / static_cast<double>(count + 1);
        }
        sum += one.posts * expected * std::max(0.0, 1 - less);
    }
    return sum;
}

} // namespace scr::detect
