#include "detect/nulls.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "detect/tails.h"

namespace scr::detect {

namespace {

/// Two tokens of one taste and one time zone meet so many times as often as their activity says.
constexpr double kMeetingsFactor = 1.5;

/// A pair is asked about because something was seen of it: the probability is that of seeing so much more.
double givenOne(std::uint64_t count, double mean) noexcept
{
    return count <= 1 ? 0 : std::min(0.0, log10PoissonTail(count, mean) - std::log10(-std::expm1(-mean)));
}

} // namespace

double log10EvenPauses(std::span<const double> pauses, const MetronomeRule& rule)
{
    std::array<double, kMostPauses> sorted{};
    const auto end = std::copy(pauses.begin(), pauses.end(), sorted.begin());
    const auto middle = sorted.begin() + (end - sorted.begin()) / 2;
    std::nth_element(sorted.begin(), middle, end);
    const double median = *middle;
    if (median < static_cast<double>(rule.shortestPeriod.count()))
        return 0;
    const auto even = std::count_if(pauses.begin(), pauses.end(),
                                    [&](double pause) { return std::abs(pause - median) <= rule.tolerance * median; });
    return log10BinomialTail(static_cast<std::uint64_t>(even), pauses.size(), rule.evenShare);
}

double likelyShare(double share, const SerialVoterRule& rule) noexcept
{
    return rule.factor * share / (1 + (rule.factor - 1) * share); // a star's stays below 1
}

double log10SerialVotes(std::uint64_t ofAuthor, std::uint64_t votes, double share, double ownShare,
                        const SerialVoterRule& rule) noexcept
{
    if (ofAuthor <= 1)
        return 0;
    const double likely = std::min(0.95, std::max(likelyShare(share, rule), 2 * ownShare));
    const double one = -std::expm1(static_cast<double>(votes) * std::log1p(-likely));
    return std::min(0.0, log10BinomialTail(ofAuthor, votes, likely) - std::log10(one));
}

double expectedSupport(double given, double share, const VoteRingRule& rule) noexcept
{
    return rule.factor * given * share;
}

double log10Support(std::uint64_t votes, double given, double share, const VoteRingRule& rule) noexcept
{
    return log10PoissonTail(votes, expectedSupport(given, share, rule));
}

double expectedCrowd(double ofPost, double share, const SubnetSocksRule& rule) noexcept
{
    return rule.factor * ofPost * share;
}

double log10Crowd(std::uint64_t tokens, double expected) noexcept
{
    return givenOne(tokens, expected);
}

double log10Crowd(std::uint64_t tokens, double ofPost, double share, const SubnetSocksRule& rule) noexcept
{
    return log10Crowd(tokens, expectedCrowd(ofPost, share, rule));
}

double log10Meetings(std::uint64_t count, const Exposure& one, const Exposure& other, double all) noexcept
{
    const double expected = static_cast<double>(one.met) * other.votes + static_cast<double>(other.met) * one.votes;
    return log10PoissonTail(count, kMeetingsFactor * expected / all);
}

} // namespace scr::detect
