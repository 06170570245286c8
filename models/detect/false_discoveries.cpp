#include "detect/false_discoveries.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "detect/burst_search.h"
#include "detect/tails.h"

namespace scr::detect {

namespace {

using domain::DetectorId;

std::optional<Budget> budgetOf(DetectorId detector, const Rules& rules, const SiteFacts& facts)
{
    const auto of = [&](double tests, double probability) { return Budget{detector, std::max(1.0, tests), tests * probability}; };
    switch (detector) {
    case DetectorId::DuplicateVotes:
    case DetectorId::ImpossibleVotes:
    case DetectorId::CounterDrift:
    case DetectorId::AttemptFanOut:
    case DetectorId::ConcurrentAttempts:
    case DetectorId::SiteRule:
    case DetectorId::Control: return std::nullopt;
    case DetectorId::UnloggedVotes: return of(static_cast<double>(facts.activePosts), rules.unloggedVotes.maxProbability);
    case DetectorId::Probing: // tokens, and addresses with unknown ones, of which there are hardly more
        return of(2 * static_cast<double>(facts.ofToken.size()), rules.probing.maxProbability);
    case DetectorId::TokenBurst:
        return of(static_cast<double>(kBurstSizes.size()) * facts.votes, rules.tokenBurst.maxProbability);
    case DetectorId::Metronome: return of(facts.votes, rules.metronome.maxProbability);
    case DetectorId::Timetable: return of(facts.votes, rules.timetable.maxProbability);
    case DetectorId::SerialVoter: return of(facts.votesWithAuthor, rules.serialVoter.maxProbability);
    case DetectorId::VoteRing: return of(1, rules.voteRing.maxProbability);
    case DetectorId::SubnetSocks: return of(2 * facts.votesWithNetwork, rules.subnetSocks.maxProbability);
    case DetectorId::TokenMint: return of(static_cast<double>(facts.activeTokens), rules.tokenMint.maxProbability);
    case DetectorId::TokenHopping: return of(1, rules.tokenHopping.maxProbability);
    case DetectorId::Lockstep: return of(1, rules.lockstep.maxProbability);
    case DetectorId::DenseBlock: return of(1, rules.denseBlock.maxProbability);
    case DetectorId::PostSurge: return of(static_cast<double>(facts.activePosts), 1 / rules.postSurge.minEvidence);
    }
    return std::nullopt;
}

/// log10 of how unlikely a flag's own finding is; 1/e bounds it where an e-value is all there is (Markov).
double probabilityOf(const domain::Flag& flag)
{
    return -flag.score;
}

/// log10 e-value of it.
double evidenceOf(const domain::Flag& flag)
{
    return flag.detector == DetectorId::PostSurge ? flag.score : log10Evidence(-flag.score);
}

} // namespace

std::vector<Budget> budgetsOf(const Rules& rules, const SiteFacts& facts, const std::vector<DetectorId>& detectors)
{
    std::vector<Budget> budgets;
    for (const DetectorId detector : detectors) {
        if (const std::optional<Budget> budget = budgetOf(detector, rules, facts))
            budgets.push_back(*budget);
    }
    return budgets;
}

void assignFalseShares(std::vector<domain::Flag>& flags, const std::vector<Budget>& budgets, double line)
{
    struct Weighed {
        domain::Flag* flag;
        double log10;      ///< e-value by the part of the whole that its question has
        double bonferroni; ///< log10 of its probability, all that was asked considered
    };
    constexpr double kFact = std::numeric_limits<double>::infinity();
    std::vector<Weighed> all;
    for (domain::Flag& flag : flags) {
        const auto budget =
            std::find_if(budgets.begin(), budgets.end(), [&](const Budget& one) { return one.detector == flag.detector; });
        if (budget == budgets.end()) {
            all.push_back({&flag, kFact, -kFact});
            continue;
        }
        const double parts = std::log10(budget->tests * static_cast<double>(budgets.size()));
        all.push_back({&flag, evidenceOf(flag) - parts, probabilityOf(flag) + parts});
    }
    std::sort(all.begin(), all.end(), [](const Weighed& left, const Weighed& right) {
        return left.log10 != right.log10 ? left.log10 > right.log10 : left.flag->key < right.flag->key;
    });
    double least = 0; // log10 of the smallest share that this flag or a less sure one allows
    for (std::size_t at = all.size(); at-- > 0;) {
        least = std::min(least, -all[at].log10 - std::log10(static_cast<double>(at + 1)));
        domain::Flag& flag = *all[at].flag;
        // whole powers of ten: else every flag on record would look changed whenever another one comes up
        const double share = std::ceil(std::min(least, all[at].bonferroni) + std::log10(2.0) - 1e-9);
        flag.falseShare = all[at].log10 == kFact ? 0 : std::pow(10, std::clamp(share, -300.0, 0.0));
        flag.belowReviewLine = *flag.falseShare > line;
        if (flag.belowReviewLine)
            flag.severity = std::min(flag.severity, domain::Severity::Medium);
    }
}

} // namespace scr::detect
