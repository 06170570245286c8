#pragma once

#include <map>
#include <string>
#include <vector>

#include "evaluate/evaluate.h"

namespace scr::evaluate {

/// A mean over seeds with its 95 % confidence interval (Student's t), and the worst seed.
struct Estimate {
    double mean = 0;
    double low = 0;
    double high = 0;
    double worst = 0; ///< the smallest
};

/// A line of the table: what was measured beside what is aimed at.
struct Line {
    std::string metric;
    std::string measured;
    std::string target; ///< empty: reported as it is
    bool holds = true;
    std::string recorded{}; ///< the last figure on record for the rules that the program carries; empty: none
};

[[nodiscard]] Estimate estimateOf(const std::vector<double>& values);

/// Upper end of the 95 % confidence interval (one-sided, exact) of a Poisson mean of which so many were seen.
[[nodiscard]] double poissonUpper(std::uint64_t seen);

/// Seeds with attacks, and seeds without any.
[[nodiscard]] std::vector<Line> tableOf(const std::vector<SeedResult>& attacked, const std::vector<SeedResult>& clean);

} // namespace scr::evaluate
