#pragma once

#include <vector>

#include "detect/rules.h"
#include "detect/site_facts.h"
#include "domain/flag.h"

namespace scr::detect {

/// What a detector may do wrong on the votes of one scan.
struct Budget {
    domain::DetectorId detector{};
    double tests{};         ///< it asks so many questions, at most
    double expectedFalse{}; ///< flags that chance raises, at most: the number of questions times the rule's probability
};

/// Of each detector that infers; those that report facts about rows have none. Whatever the questions have to do with each other
/// (Bonferroni). Rings and groups ask one question a scan, as their probability allows for every group there could be.
[[nodiscard]] std::vector<Budget> budgetsOf(const Rules& rules, const SiteFacts& facts,
                                            const std::vector<domain::DetectorId>& detectors);

/// Sets each flag's falseShare and whether that is above `line`; a flag below the line is medium at most. Two tests at half the
/// share each, whichever is the surer: e-BH (Wang and Ramdas 2022), for which probabilities become e-values (Vovk and Wang 2021)
/// and the surge's contrast is one, and Bonferroni. Each detector that ran has an equal part in the whole, spread evenly over its
/// questions.
void assignFalseShares(std::vector<domain::Flag>& flags, const std::vector<Budget>& budgets, double line);

} // namespace scr::detect
