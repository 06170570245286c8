#include "detect/words.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "detect/rule_fields.h"
#include "domain/visible_text.h"

namespace scr::detect {

namespace {

/// Lists the fields of a rule as a flag carries them.
class Lister {
public:
    void duration(std::string_view key, const domain::Micros& value, domain::Micros, domain::Micros)
    {
        struct Unit {
            std::int64_t micros;
            const char* name;
        };
        constexpr Unit kUnits[] = {{60'000'000, "min"}, {1'000'000, "s"}, {1'000, "ms"}, {1, "us"}};
        for (const Unit& unit : kUnits) {
            if (value.count() % unit.micros == 0)
                return add(key, fmt::to_string(value.count() / unit.micros), unit.name);
        }
    }
    void count(std::string_view key, const std::uint32_t& value, std::uint32_t, std::uint32_t)
    {
        add(key, fmt::to_string(value), "");
    }
    void number(std::string_view key, const double& value, double, double, std::string_view unit)
    {
        add(key, fmt::format("{:g}", value), unit);
    }
    void share(std::string_view key, const double& value) { add(key, fmt::format("{:g}", value * 100), "%"); }

    [[nodiscard]] std::vector<domain::RuleParameter> take() { return std::move(m_parameters); }

private:
    void add(std::string_view key, std::string value, std::string_view unit)
    {
        m_parameters.push_back({std::string{key}, std::move(value), std::string{unit}});
    }

    std::vector<domain::RuleParameter> m_parameters;
};

} // namespace

std::string countText(std::uint64_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3)
        text.insert(at - 3, 1, ',');
    return text;
}

std::string countOf(std::uint64_t number, std::string_view one, std::string_view many)
{
    return countText(number) + ' ' + std::string{number == 1 ? one : many};
}

std::string pointsText(double points)
{
    const double size = std::abs(points);
    if (size >= 1e15 || !std::isfinite(points))
        return fmt::format("{:g}", points);
    const std::string sign = points < 0 ? "-" : "";
    if (size == std::floor(size))
        return sign + countText(static_cast<std::uint64_t>(size));
    std::string text = fmt::format("{:.3f}", points);
    text.erase(text.find_last_not_of('0') + 1);
    return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
}

std::string tryText(double log10Probability)
{
    const double size = -log10Probability;
    return size > 40 ? "less than once in 10^40 tries" : fmt::format("once in 10^{} tries", static_cast<int>(size));
}

std::string oddsText(double log10Probability)
{
    return fmt::format("less likely than 1 in 10^{:.0f}", std::min(40.0, std::floor(-log10Probability)));
}

std::string keyText(std::string_view key)
{
    constexpr std::size_t kShown = 60;
    return key.size() <= kShown ? domain::visibleText(key) : domain::visibleText(key.substr(0, kShown)) + "…";
}

template <class Rule>
std::vector<domain::RuleParameter> parametersOf(const Rule& rule)
{
    Lister lister;
    visitFields(rule, lister);
    return lister.take();
}

template std::vector<domain::RuleParameter> parametersOf(const DuplicateVotesRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const ImpossibleVotesRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const CounterDriftRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const ConcurrentAttemptsRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const AttemptFanOutRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const UnloggedVotesRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const ProbingRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const TokenBurstRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const MetronomeRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const TimetableRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const SerialVoterRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const VoteRingRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const SubnetSocksRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const TokenMintRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const TokenHoppingRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const LockstepRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const DenseBlockRule& rule);
template std::vector<domain::RuleParameter> parametersOf(const PostSurgeRule& rule);

} // namespace scr::detect
