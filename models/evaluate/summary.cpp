#include "evaluate/summary.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "embedded/embedded.h"

namespace scr::evaluate {

namespace {

/// 97.5 % quantile of Student's t by degrees of freedom.
double studentOf(std::size_t freedom)
{
    constexpr std::array kQuantiles{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                    2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086};
    return freedom == 0 ? 0 : freedom <= kQuantiles.size() ? kQuantiles[freedom - 1] : 1.96;
}

std::string intervalText(const Estimate& estimate)
{
    return fmt::format("{:.4f} ({:.4f} to {:.4f}), worst {:.4f}", estimate.mean, estimate.low, std::min(1.0, estimate.high),
                       estimate.worst);
}

template <class Value>
std::vector<double> valuesOf(const std::vector<SeedResult>& seeds, Value value)
{
    std::vector<double> values;
    for (const SeedResult& seed : seeds)
        values.push_back(value(seed));
    return values;
}

Line lineOf(std::string metric, const Estimate& estimate, double least, double leastWorst)
{
    return {std::move(metric), intervalText(estimate),
            leastWorst > 0 ? fmt::format(">= {:g}, worst >= {:g}", least, leastWorst) : fmt::format(">= {:g}", least),
            estimate.mean >= least && estimate.worst >= leastWorst};
}

void addFamilies(const std::vector<SeedResult>& attacked, std::vector<Line>& lines)
{
    std::map<std::string, FamilyResult> families;
    for (const SeedResult& seed : attacked) {
        for (const auto& [name, one] : seed.families) {
            FamilyResult& sum = families[name];
            sum.campaigns += one.campaigns;
            sum.found += one.found;
            sum.votes += one.votes;
            sum.caught += one.caught;
        }
    }
    for (const auto& [name, sum] : families) {
        const double share = static_cast<double>(sum.found) / static_cast<double>(sum.campaigns);
        const double target = name == "slow_drip" ? 0.95 : name == "hijacked_accounts" ? 0.9 : 0;
        lines.push_back(
            {name,
             fmt::format("{} of {} campaigns, {:.3f} of {} votes", sum.found, sum.campaigns,
                         static_cast<double>(sum.caught) / static_cast<double>(std::max<std::uint64_t>(1, sum.votes)), sum.votes),
             target > 0 ? fmt::format(">= {:g} of the campaigns", target) : std::string{}, share >= target});
    }
}

void addDetectors(const std::vector<SeedResult>& attacked, std::vector<Line>& lines)
{
    std::map<std::string, DetectorResult> detectors;
    for (const SeedResult& seed : attacked) {
        for (const auto& [name, one] : seed.detectors) {
            DetectorResult& sum = detectors[name];
            sum.flags += one.flags;
            sum.wrong += one.wrong;
            sum.votes += one.votes;
            sum.honest += one.honest;
        }
    }
    for (const auto& [name, sum] : detectors)
        lines.push_back({"flags of " + name,
                         fmt::format("{}, {} wrong; {} of {} votes honest", sum.flags, sum.wrong, sum.honest, sum.votes),
                         {},
                         true});
}

/// What is left to who knows the thresholds: reported as it is.
void addEvaders(const std::vector<SeedResult>& attacked, std::vector<Line>& lines)
{
    std::vector<double> places;
    for (const SeedResult& seed : attacked)
        places.insert(places.end(), seed.evaderPlaces.begin(), seed.evaderPlaces.end());
    if (places.empty())
        return;
    std::sort(places.begin(), places.end());
    lines.push_back({"places of rank an evader buys a day",
                     fmt::format("median {:.0f}, most {:.0f}", places[places.size() / 2], places.back()),
                     {},
                     true});
}

void addRecorded(std::vector<Line>& lines)
{
    const toml::table root = toml::parse(embedded::text("rules/recorded.toml"));
    const toml::table* figures = root["figures"].as_table();
    for (Line& line : lines) {
        if (const toml::node* figure = figures == nullptr ? nullptr : figures->get(line.metric))
            line.recorded = figure->value_or(std::string{});
    }
}

} // namespace

Estimate estimateOf(const std::vector<double>& values)
{
    if (values.empty())
        return {};
    const auto count = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values)
        sum += value;
    double squares = 0;
    for (const double value : values)
        squares += (value - sum / count) * (value - sum / count);
    const double error = values.size() < 2 ? 0 : std::sqrt(squares / (count - 1) / count) * studentOf(values.size() - 1);
    return {sum / count, sum / count - error, sum / count + error, *std::min_element(values.begin(), values.end())};
}

/// By bisection: the mean at which so few are seen with a probability of 5 %.
double poissonUpper(std::uint64_t seen)
{
    double low = 0;
    double high = 3.1 + 2.5 * static_cast<double>(seen) + 10;
    for (int i = 0; i < 100; ++i) {
        const double mean = (low + high) / 2;
        double term = std::exp(-mean);
        double below = 0;
        for (std::uint64_t k = 0; k <= seen; ++k) {
            below += term;
            term *= mean / static_cast<double>(k + 1);
        }
        (below > 0.05 ? low : high) = mean;
    }
    return high;
}

std::vector<Line> tableOf(const std::vector<SeedResult>& attacked, const std::vector<SeedResult>& clean)
{
    std::vector<Line> lines;
    if (!attacked.empty()) {
        double votes = 0;
        std::uint64_t wrong = 0;
        std::uint64_t collateral = 0;
        std::uint64_t controls = 0;
        for (const SeedResult& seed : attacked) {
            votes += static_cast<double>(seed.votes - seed.attackVotes) / 1e6;
            wrong += seed.wrongFlags;
            collateral += seed.collateral;
            controls += seed.wrongOnControls;
        }
        lines.push_back(lineOf("average precision of votes",
                               estimateOf(valuesOf(attacked, [](const auto& s) { return s.averagePrecision; })), 0.93, 0.9));
        lines.push_back(
            lineOf("precision of votes", estimateOf(valuesOf(attacked, [](const auto& s) { return s.precision(); })), 0.99, 0));
        lines.push_back(
            lineOf("recall of votes", estimateOf(valuesOf(attacked, [](const auto& s) { return s.recall(); })), 0.93, 0));
        lines.push_back({"false flags a million votes, attacked", fmt::format("{:.2f}", static_cast<double>(wrong) / votes),
                         "<= 1", static_cast<double>(wrong) <= votes});
        lines.push_back({"honest votes taken a million, attacked", fmt::format("{:.1f}", static_cast<double>(collateral) / votes),
                         "<= 100", static_cast<double>(collateral) <= 100 * votes});
        lines.push_back(lineOf("rank displacement restored",
                               estimateOf(valuesOf(attacked, [](const auto& s) { return s.rankRestored; })), 0.92, 0));
        lines.push_back({"flags above low on controls", std::to_string(controls), "0", controls == 0});
        addFamilies(attacked, lines);
        addEvaders(attacked, lines);
        addDetectors(attacked, lines);
    }
    if (!clean.empty()) {
        double votes = 0;
        std::uint64_t wrong = 0;
        for (const SeedResult& seed : clean) {
            votes += static_cast<double>(seed.votes) / 1e6;
            wrong += seed.wrongFlags;
        }
        const double upper = poissonUpper(wrong) / votes;
        lines.push_back(
            {"false flags a million votes, without attacks",
             fmt::format("{:.2f}, upper bound {:.2f} on {:.1f} M votes", static_cast<double>(wrong) / votes, upper, votes),
             "upper bound <= 0.5", upper <= 0.5});
    }
    addRecorded(lines);
    return lines;
}

} // namespace scr::evaluate
