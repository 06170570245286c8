#include "detect/rule_diff.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "detect/rule_fields.h"

namespace scr::detect {

namespace {

struct Field {
    std::string_view section;
    std::string_view name;
    std::string_view unit;
    double value{};
    bool isDuration{};
};

/// Lists all fields of all rules, in the same order for any of them.
class Lister {
public:
    void setSection(std::string_view section) { m_section = section; }

    void duration(std::string_view key, const domain::Micros& value, domain::Micros, domain::Micros)
    {
        m_fields.push_back({m_section, key, {}, static_cast<double>(value.count()), true}); // a day in microseconds is exact
    }
    void count(std::string_view key, const std::uint32_t& value, std::uint32_t, std::uint32_t)
    {
        m_fields.push_back({m_section, key, {}, static_cast<double>(value), false});
    }
    void number(std::string_view key, const double& value, double, double, std::string_view unit)
    {
        m_fields.push_back({m_section, key, unit, value, false});
    }
    void share(std::string_view key, const double& value) { m_fields.push_back({m_section, key, "%", value * 100, false}); }

    [[nodiscard]] std::vector<Field> take() { return std::move(m_fields); }

private:
    std::string_view m_section;
    std::vector<Field> m_fields;
};

std::vector<Field> fieldsOf(const Rules& rules)
{
    Lister lister;
    lister.setSection("limits");
    lister.count("flags_per_detector", rules.flagsPerDetector, 1, kMany);
    visitSections(rules, [&](std::string_view section, const auto& rule) {
        lister.setSection(section);
        visitFields(rule, lister);
    });
    return lister.take();
}

/// Both lengths of time in the largest unit in which both are whole numbers.
void describeDurations(RuleChange& change, double before, double after)
{
    struct Unit {
        std::int64_t micros;
        const char* name;
    };
    constexpr Unit kUnits[] = {{60'000'000, "min"}, {1'000'000, "s"}, {1'000, "ms"}, {1, "us"}};
    const auto first = static_cast<std::int64_t>(before);
    const auto second = static_cast<std::int64_t>(after);
    for (const Unit& unit : kUnits) {
        if (first % unit.micros != 0 || second % unit.micros != 0)
            continue;
        change.before = fmt::to_string(first / unit.micros);
        change.after = fmt::to_string(second / unit.micros);
        change.unit = unit.name;
        return;
    }
}

RuleChange changeOf(const Field& before, const Field& after)
{
    RuleChange change{std::string{before.section}, std::string{before.name}, {}, {}, std::string{before.unit}};
    if (before.isDuration) {
        describeDurations(change, before.value, after.value);
        return change;
    }
    change.before = fmt::format("{:g}", before.value);
    change.after = fmt::format("{:g}", after.value);
    if (change.before == change.after) { // they differ beyond the sixth digit
        change.before = fmt::format("{}", before.value);
        change.after = fmt::format("{}", after.value);
    }
    return change;
}

} // namespace

std::vector<RuleChange> changesOf(const Rules& before, const Rules& after)
{
    const std::vector<Field> old = fieldsOf(before);
    const std::vector<Field> now = fieldsOf(after);
    std::vector<RuleChange> changes;
    for (std::size_t at = 0; at < old.size(); ++at) {
        if (old[at].value != now[at].value)
            changes.push_back(changeOf(old[at], now[at]));
    }
    return changes;
}

} // namespace scr::detect
