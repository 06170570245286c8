#include "detect/arrivals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace scr::detect {

namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::size_t kDayHours = 24;
constexpr std::size_t kAges = 24;
constexpr std::size_t kBins = 96;

template <class Counts>
double sumOf(const Counts& counts) noexcept
{
    double sum = 0;
    for (const double count : counts)
        sum += count;
    return sum;
}
std::size_t hourOf(std::int64_t at) noexcept
{
    const std::int64_t hour = at / kHour % static_cast<std::int64_t>(kDayHours);
    return static_cast<std::size_t>(hour < 0 ? hour + static_cast<std::int64_t>(kDayHours) : hour);
}
/// Lower edge of a bin in hours: 0, 1/4, then by a factor of 1.5.
double edgeOf(std::size_t bin) noexcept
{
    return bin == 0 ? 0 : 0.25 * std::pow(1.5, static_cast<double>(bin - 1));
}
std::size_t ageOf(std::int64_t age) noexcept
{
    const double hours = static_cast<double>(std::max<std::int64_t>(0, age)) / kHour;
    if (hours < 0.25)
        return 0;
    return std::min(kAges - 1, 1 + static_cast<std::size_t>(std::log(hours / 0.25) / std::log(1.5)));
}

/// A density over the window [from, to) in kBins steps, scaled to 1.
using Density = std::array<double, kBins>;
void scale(Density& density)
{
    double sum = 0;
    for (const double value : density)
        sum += value;
    for (double& value : density)
        value /= std::max(sum, 1e-300);
}

Density usualDensity(const VotingHabits& habits, std::int64_t from, std::int64_t length, std::int64_t first)
{
    Density density{};
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        const std::int64_t middle =
            from + length * (2 * static_cast<std::int64_t>(bin) + 1) / (2 * static_cast<std::int64_t>(kBins));
        density[bin] = habits.byHour(middle) * habits.byAge(middle - first);
    }
    scale(density);
    return density;
}

/// Adds a normal curve: from the bin at its middle on, each value follows from the one before by a factor that itself falls
/// evenly, which takes four exponentials instead of one a bin.
void addNormal(Density& density, double place, double width)
{
    const double step = 1 / (width * width);
    const double shrink = std::exp(-step);
    const auto middle = static_cast<std::size_t>(std::clamp(std::round(place), 0.0, static_cast<double>(kBins - 1)));
    const double off = static_cast<double>(middle) - place;
    const double top = std::exp(-0.5 * step * off * off);
    double value = top;
    double factor = std::exp(-step * (off + 0.5));
    for (std::size_t bin = middle; bin < kBins; ++bin) {
        density[bin] += value;
        value *= factor;
        factor *= shrink;
    }
    value = top;
    factor = std::exp(-step * (0.5 - off));
    for (std::size_t bin = middle; bin-- > 0;) {
        value *= factor;
        factor *= shrink;
        density[bin] += value;
    }
}

/// Of the regular voters in the window, smoothed over a width that their number bears.
Density smoothed(std::span<const std::int64_t> times, std::int64_t from, std::int64_t length)
{
    Density density{};
    std::size_t inside = 0;
    for (const std::int64_t time : times)
        inside += time >= from && time < from + length ? 1U : 0U;
    const double width =
        std::max(1.5, 0.9 * kBins * 0.29 * std::pow(static_cast<double>(std::max<std::size_t>(1, inside)), -0.2));
    for (const std::int64_t time : times) {
        if (time >= from && time < from + length)
            addNormal(density, static_cast<double>(time - from) / static_cast<double>(length) * kBins - 0.5, width);
    }
    scale(density);
    return density;
}

template <class DensityOf>
double likelihood(std::span<const std::int64_t> times, std::int64_t from, std::int64_t length, DensityOf densityOf)
{
    double sum = 0;
    for (const std::int64_t time : times) {
        const auto bin = static_cast<std::size_t>(static_cast<double>(time - from) / static_cast<double>(length) * kBins);
        sum += std::log10(std::max(densityOf(std::min(bin, kBins - 1)), 1e-12));
    }
    return sum;
}

/// Likelihood of the best of the ways in which a crowd thins out that has heard of something: exponentially, or by a power of
/// the time as after a viral onset (Crane and Sornette 2008), with and without the site's day.
double decaying(std::span<const std::int64_t> suspects, std::int64_t from, std::int64_t length, const Density& day)
{
    double best = -1e300;
    const auto consider = [&](auto shape) {
        for (const bool daily : {false, true}) {
            Density density{};
            for (std::size_t bin = 0; bin < kBins; ++bin)
                density[bin] = shape((static_cast<double>(bin) + 0.5) / kBins) * (daily ? day[bin] : 1.0);
            scale(density);
            best = std::max(
                best, likelihood(suspects, from, length, [&](std::size_t bin) { return 0.95 * density[bin] + 0.05 / kBins; }));
        }
    };
    for (const double scaleOf : {0.5, 0.35, 0.25, 0.15, 0.08})
        consider([&](double t) { return std::exp(-t / scaleOf); });
    for (const double bend : {0.12, 0.06, 0.03, 0.01}) {
        for (const double power : {1.2, 1.5, 2.0})
            consider([&](double t) { return std::pow(1 + t / bend, -power); });
    }
    return best;
}

} // namespace

VotingHabits::VotingHabits(const domain::VoteColumns& votes)
{
    std::vector<std::int64_t> first(votes.posts.size(), std::numeric_limits<std::int64_t>::max());
    for (std::size_t row = 0; row < votes.size(); ++row)
        first[votes.post[row]] = std::min(first[votes.post[row]], votes.castAt[row]);
    const std::size_t stride = votes.size() / 1'000'000 + 1;
    for (std::size_t row = 0; row < votes.size(); row += stride) {
        m_hour[hourOf(votes.castAt[row])] += 1;
        m_age[ageOf(votes.castAt[row] - first[votes.post[row]])] += 1;
    }
    const double hours = std::max(1.0, sumOf(m_hour));
    for (double& hour : m_hour)
        hour = (hour + 1) / (hours / kDayHours + 1);
    // votes an hour of age, so that bins of different length compare
    for (std::size_t bin = 0; bin < m_age.size(); ++bin)
        m_age[bin] = (m_age[bin] + 1) / (edgeOf(bin + 1) - edgeOf(bin));
}

double VotingHabits::byHour(std::int64_t at) const noexcept
{
    return m_hour[hourOf(at)];
}

double VotingHabits::byAge(std::int64_t age) const noexcept
{
    return m_age[ageOf(age)];
}

double log10Evenness(const VotingHabits& habits, std::span<const std::int64_t> suspects, std::span<const std::int64_t> regular,
                     bool regularsAreEnough)
{
    const std::int64_t from = suspects.front();
    const std::int64_t length = suspects.back() - from + 1;
    const std::int64_t first = std::min(from, regular.empty() ? from : regular.front());
    const Density usual = usualDensity(habits, from, length, first);
    const Density own = regularsAreEnough ? smoothed(regular, from, length) : usual;
    Density day{};
    for (std::size_t bin = 0; bin < kBins; ++bin)
        day[bin] = habits.byHour(from + length * static_cast<std::int64_t>(bin) / static_cast<std::int64_t>(kBins));
    scale(day);
    double natural = decaying(suspects, from, length, day);
    for (const double weight : {0.1, 0.3, 0.5, 0.7, 0.9})
        natural = std::max(natural, likelihood(suspects, from, length, [&](std::size_t bin) {
                               return 0.95 * (weight * own[bin] + (1 - weight) * usual[bin]) + 0.05 / kBins;
                           }));
    const double even = likelihood(suspects, from, length, [](std::size_t) { return 1.0 / kBins; });
    const double daily = likelihood(suspects, from, length, [&](std::size_t bin) { return day[bin]; });
    const double most = std::max(even, daily);
    return most + std::log10((std::pow(10, even - most) + std::pow(10, daily - most)) / 2) - natural;
}

} // namespace scr::detect
