#pragma once

#include <string>
#include <vector>

#include "detect/rules.h"

namespace scr::detect {

/// A threshold that two sets of rules disagree about, both values in the same unit.
struct RuleChange {
    std::string section; ///< detector's name, or "limits"
    std::string name;
    std::string before;
    std::string after;
    std::string unit; ///< empty where there is none
    friend bool operator==(const RuleChange&, const RuleChange&) = default;
};

/// In the order of the rules file. The version is a name and no threshold, so it is not compared.
[[nodiscard]] std::vector<RuleChange> changesOf(const Rules& before, const Rules& after);

} // namespace scr::detect
