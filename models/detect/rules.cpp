#include "detect/rules.h"

#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "detect/rule_fields.h"
#include "domain/visible_text.h"
#include "embedded/embedded.h"

namespace scr::detect {

namespace {

using domain::Error;
using domain::failure;
using domain::Fault;

struct Unit {
    std::string_view name;
    double factor;
};
constexpr std::array kTimeUnits{Unit{"us", 1},    Unit{"ms", 1e3},  Unit{"s", 1e6},
                                Unit{"min", 6e7}, Unit{"h", 3.6e9}, Unit{"d", 8.64e10}};
constexpr std::array kShareUnits{Unit{"%", 0.01}};

/// "250 ms" in the unit whose factor is 1; nothing when the number or the unit is not right.
template <std::size_t N>
std::optional<double> quantity(std::string_view text, const std::array<Unit, N>& units)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{})
        return std::nullopt;
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    for (const Unit& known : units) {
        if (known.name == unit)
            return value * known.factor;
    }
    return std::nullopt;
}

/// Reads one table; the first thing that is wrong is kept and the rest passed over.
class TableReader {
public:
    TableReader(const toml::table& table, std::string name, bool complete) :
        m_table{table}, m_name{std::move(name)}, m_complete{complete}
    {
    }

    void duration(std::string_view key, domain::Micros& value, domain::Micros least, domain::Micros most)
    {
        const std::string range = fmt::format("from {} to {}", domain::durationText(least), domain::durationText(most));
        if (const auto text = take<std::string>(key, "a length of time with its unit, such as \"250 ms\"")) {
            const auto micros = quantity(*text, kTimeUnits);
            if (!micros || !(*micros >= static_cast<double>(least.count()) &&
                             *micros <= static_cast<double>(most.count()))) // NaN is neither
                return refuse(key, "a length of time " + range + ", with one of the units us, ms, s, min, h, d");
            value = domain::Micros{static_cast<std::int64_t>(*micros + 0.5)};
        }
    }

    void count(std::string_view key, std::uint32_t& value, std::uint32_t least, std::uint32_t most)
    {
        if (const auto number = take<std::int64_t>(key, "a whole number")) {
            if (*number < least || *number > most)
                return refuse(key, fmt::format("a whole number from {} to {}", least, most));
            value = static_cast<std::uint32_t>(*number);
        }
    }

    void number(std::string_view key, double& value, double least, double most, std::string_view /*unit*/)
    {
        if (const auto number = take<double>(key, "a number")) {
            if (!(*number >= least && *number <= most))
                return refuse(key, fmt::format("a number from {} to {}", least, most));
            value = *number;
        }
    }

    void share(std::string_view key, double& value)
    {
        if (const auto text = take<std::string>(key, "a share such as \"5 %\"")) {
            const auto share = quantity(*text, kShareUnits);
            if (!share || !(*share >= 0 && *share <= 1))
                return refuse(key, "a share from \"0 %\" to \"100 %\"");
            value = *share;
        }
    }

    void ascending(std::string_view key, bool holds, std::string_view than)
    {
        if (!holds)
            refuse(key, fmt::format("no less than {}", than));
    }

    /// What went wrong, unknown keys included.
    std::optional<Error> finish()
    {
        for (const auto& [key, node] : m_table) {
            if (!m_error && !m_known.contains(key.str()))
                m_error =
                    Error{Fault::Invalid,
                          fmt::format("Rules, line {}: {} has no \"{}\"", lineOf(node), m_name, domain::visibleText(key.str())),
                          "Known are: " + knownKeys(),
                          {}};
        }
        return m_error;
    }

private:
    static unsigned lineOf(const toml::node& node) { return static_cast<unsigned>(node.source().begin.line); }

    [[nodiscard]] std::string knownKeys() const
    {
        std::string text;
        for (const auto& key : m_known)
            text += (text.empty() ? "" : ", ") + key;
        return text;
    }

    template <class T>
    std::optional<T> take(std::string_view key, std::string_view wanted)
    {
        m_known.emplace(key);
        const toml::node* node = m_table.get(key);
        if (node == nullptr) {
            if (m_complete)
                refuse(key, wanted);
            return std::nullopt;
        }
        std::optional<T> value = node->value_exact<T>();
        if constexpr (std::is_same_v<T, double>) {
            if (const auto whole = node->value_exact<std::int64_t>())
                value = static_cast<double>(*whole);
        }
        if (!value)
            refuse(key, wanted);
        return value;
    }

    void refuse(std::string_view key, std::string_view wanted)
    {
        if (m_error)
            return;
        const toml::node* node = m_table.get(key);
        m_error = Error{Fault::Invalid,
                        fmt::format("Rules, line {}: \"{}\" of {} must be {}", lineOf(node == nullptr ? m_table : *node), key,
                                    m_name, wanted),
                        "Correct that line; the rules the program carries show every key",
                        {}};
    }

    const toml::table& m_table;
    std::string m_name;
    bool m_complete;
    std::set<std::string, std::less<>> m_known;
    std::optional<Error> m_error;
};

template <class Rule>
void checkOrder(const Rule& /*any*/, TableReader& /*reader*/)
{
}

void checkOrder(const CounterDriftRule& rule, TableReader& reader)
{
    reader.ascending("critical_points", rule.criticalPoints >= rule.highPoints, "high_points");
    reader.ascending("critical_share", rule.criticalShare >= rule.highShare, "high_share");
}

void checkOrder(const TokenBurstRule& rule, TableReader& reader)
{
    reader.ascending("high_votes", rule.highVotes >= rule.mediumVotes, "medium_votes");
    reader.ascending("critical_votes", rule.criticalVotes >= rule.highVotes, "high_votes");
}

/// Reads each section of the file with `read`; a section left out keeps what it has.
class FileReader {
public:
    FileReader(const toml::table& root, bool complete) : m_root{root}, m_complete{complete} {}

    template <class Read>
    void section(std::string_view name, Read read)
    {
        m_known.emplace(name);
        const toml::node* node = m_root.get(name);
        if (m_error || (node == nullptr && !m_complete))
            return;
        const toml::table* table = node == nullptr ? nullptr : node->as_table();
        if (table == nullptr) {
            m_error = Error{Fault::Invalid, fmt::format("Rules: [{}] must be a section of its own", name), {}, {}};
            return;
        }
        TableReader reader{*table, fmt::format("[{}]", name), m_complete};
        read(reader);
        m_error = reader.finish();
    }

    std::optional<Error> finish(std::string& version)
    {
        m_known.emplace("version");
        for (const auto& [key, node] : m_root) {
            if (!m_error && !m_known.contains(key.str()))
                m_error = Error{Fault::Invalid,
                                fmt::format("Rules, line {}: there is no section or key \"{}\"", node.source().begin.line,
                                            domain::visibleText(key.str())),
                                "Sections are limits and the names of the detectors, as in the rules the program carries",
                                {}};
        }
        const auto text = m_root["version"].value_exact<std::string>();
        const bool fits = text && !text->empty() && text->size() <= 40 && domain::visibleText(*text) == *text;
        if (!m_error && !fits)
            m_error = Error{Fault::Invalid,
                            "Rules: \"version\" must be a text of 1 to 40 characters",
                            "Write version = \"mine-1\" at the top; every flag names it",
                            {}};
        version = text.value_or(std::string{});
        return m_error;
    }

private:
    const toml::table& m_root;
    bool m_complete;
    std::set<std::string, std::less<>> m_known;
    std::optional<Error> m_error;
};

domain::Result<Rules> readRules(const toml::table& root, Rules rules, bool complete)
{
    FileReader file{root, complete};
    file.section("limits", [&](TableReader& reader) {
        reader.share("false_discovery", rules.falseDiscovery);
        reader.count("flags_per_detector", rules.flagsPerDetector, 1, kMany);
    });
    visitSections(rules, [&](std::string_view name, auto& rule) {
        file.section(name, [&](TableReader& reader) {
            visitFields(rule, reader);
            checkOrder(rule, reader);
        });
    });
    if (auto error = file.finish(rules.version))
        return tl::unexpected<Error>{std::move(*error)};
    return rules;
}

domain::Result<Rules> readText(std::string_view text, const Rules& base, bool complete)
try {
    if (!domain::isUtf8(text))
        return failure(Fault::Invalid, "The rules are not UTF-8 text");
    return readRules(toml::parse(text), base, complete);
} catch (const toml::parse_error& error) {
    return failure(Fault::Invalid,
                   fmt::format("Rules, line {}: {}", error.source().begin.line, domain::visibleText(error.description())),
                   "Rules are written in TOML");
}

} // namespace

domain::Result<Rules> parseRules(std::string_view toml)
{
    return readText(toml, defaultRules(), false);
}

std::string_view defaultRulesText() noexcept
{
    return embedded::text("rules/default.toml");
}

const Rules& defaultRules()
{
    static const Rules rules = [] {
        auto read = readText(defaultRulesText(), Rules{}, true);
        if (!read)
            throw std::logic_error{domain::sentenceOf(read.error())}; // the program was built with a broken rules file
        return *read;
    }();
    return rules;
}

} // namespace scr::detect
