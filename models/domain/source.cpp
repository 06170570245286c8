#include "domain/source.h"

#include <algorithm>
#include <array>

namespace scr::domain {

namespace {

constexpr std::array kEnvironments{Environment::Production, Environment::Staging, Environment::Demo};

} // namespace

std::string_view nameOf(Environment environment) noexcept
{
    switch (environment) {
    case Environment::Production: return "production";
    case Environment::Staging: return "staging";
    case Environment::Demo: return "demo";
    }
    return {};
}

std::optional<Environment> environmentOf(std::string_view name) noexcept
{
    for (const Environment environment : kEnvironments) {
        if (nameOf(environment) == name)
            return environment;
    }
    return std::nullopt;
}

bool Source::can(std::string_view capability) const noexcept
{
    return std::any_of(capabilities.begin(), capabilities.end(),
                       [&](const Capability& one) { return one.available && one.name == capability; });
}

} // namespace scr::domain
