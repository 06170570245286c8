#pragma once

#include <string>

#include "ctl/flag_output.h"
#include "detect/rules.h"
#include "domain/result.h"

namespace scr::ctl {

struct FollowOrder {
    std::string service;
    detect::Rules rules;
    FlagFormat format{};
    bool record = false;
    std::string state; ///< file that remembers what was told; empty: nothing is remembered
    int days = 7;      ///< length of the window
};

/// Prints flags as they come up, until it is interrupted.
[[nodiscard]] domain::Result<int> followAndPrint(const FollowOrder& order);

} // namespace scr::ctl
