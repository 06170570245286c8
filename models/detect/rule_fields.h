#pragma once

#include <concepts>
#include <limits>
#include <type_traits>

#include "detect/rules.h"

namespace scr::detect {

/// The one list of what a rules file may say: `visitor` gets each field with its name and its bounds. Reading a file, listing
/// the thresholds in a flag and checking them all go through here, so that they cannot differ.
inline constexpr domain::Micros kShortest{1};
inline constexpr domain::Micros kDay = std::chrono::hours{24};
inline constexpr std::uint32_t kMany = 100'000'000;

/// One type of rule, to be read or to be written.
template <class Rule, class Wanted>
concept RuleFor = std::same_as<std::remove_const_t<Rule>, Wanted>;

template <RuleFor<DuplicateVotesRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.duration("race_window", rule.raceWindow, kShortest, kDay);
    visitor.count("critical_votes", rule.criticalVotes, 2, kMany);
    visitor.count("many_votes", rule.manyVotes, 2, kMany);
}

template <RuleFor<ImpossibleVotesRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.duration("clock_skew", rule.clockSkew, kShortest, kDay);
    visitor.share("trusted_share", rule.trustedShare);
    visitor.duration("late_entry", rule.lateEntry, kShortest, kDay);
    visitor.count("late_votes", rule.lateVotes, 1, kMany);
    visitor.count("high_votes", rule.highVotes, 1, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 1, kMany);
}

template <RuleFor<CounterDriftRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    constexpr double kEndless = 1e15;
    visitor.number("tolerance_points", rule.tolerancePoints, 0, kEndless, "points");
    visitor.share("tolerance_share", rule.toleranceShare);
    visitor.number("high_points", rule.highPoints, 0, kEndless, "points");
    visitor.share("high_share", rule.highShare);
    visitor.number("critical_points", rule.criticalPoints, 0, kEndless, "points");
    visitor.share("critical_share", rule.criticalShare);
    visitor.number("share_from_points", rule.shareFromPoints, 0, kEndless, "points");
}

template <RuleFor<ConcurrentAttemptsRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.duration("window", rule.window, kShortest, kDay);
    visitor.count("attempts", rule.attempts, 2, kMany);
    visitor.count("overlap_depth", rule.overlapDepth, 2, kMany);
    visitor.count("accepted_votes", rule.acceptedVotes, 2, kMany);
    visitor.count("many_attempts", rule.manyAttempts, 2, kMany);
}

template <RuleFor<AttemptFanOutRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.duration("window", rule.window, kShortest, kDay);
    visitor.count("posts", rule.posts, 2, 16);
    visitor.count("tokens", rule.tokens, 2, 16);
    visitor.duration("late", rule.late, kShortest, kDay);
    visitor.share("usual_share", rule.usualShare);
    visitor.count("high_votes", rule.highVotes, 1, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 1, kMany);
}

template <RuleFor<UnloggedVotesRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.share("coverage", rule.coverage);
    visitor.count("votes", rule.votes, 1, kMany);
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.count("high_votes", rule.highVotes, 1, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 1, kMany);
}

template <RuleFor<ProbingRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.count("refusals", rule.refusals, 2, kMany);
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.share("in_order", rule.inOrder);
    visitor.count("high_refusals", rule.highRefusals, 2, kMany);
    visitor.count("critical_refusals", rule.criticalRefusals, 2, kMany);
}

template <RuleFor<TokenBurstRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.number("faster_factor", rule.fasterFactor, 1, 1000, "times");
    visitor.duration("session_gap", rule.sessionGap, std::chrono::seconds{1}, kDay);
    visitor.count("gaps_per_token_day", rule.gapsPerTokenDay, 1, kMany);
    visitor.count("own_gaps", rule.ownGaps, 1, kMany);
    visitor.count("assumed_gaps", rule.assumedGaps, 1, kMany);
    visitor.duration("assumed_median", rule.assumedMedian, std::chrono::milliseconds{10}, kDay);
    visitor.number("assumed_spread", rule.assumedSpread, 0.01, 10, "");
    visitor.number("run_factor", rule.runFactor, 1, 1000, "times");
    visitor.count("medium_votes", rule.mediumVotes, 2, kMany);
    visitor.count("high_votes", rule.highVotes, 2, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 2, kMany);
    visitor.duration("possible_gap", rule.possibleGap, std::chrono::milliseconds{1}, kDay);
    visitor.duration("sitting_gap", rule.sittingGap, std::chrono::milliseconds{1}, kDay);
    visitor.share("batch_share", rule.batchShare);
}

template <RuleFor<MetronomeRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.count("window", rule.window, 8, 31);
    visitor.share("tolerance", rule.tolerance);
    visitor.share("even_share", rule.evenShare);
    visitor.duration("shortest_period", rule.shortestPeriod, std::chrono::milliseconds{1}, kDay);
    visitor.count("high_votes", rule.highVotes, 2, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 2, kMany);
}

template <RuleFor<TimetableRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.duration("tolerance", rule.tolerance, std::chrono::milliseconds{1}, std::chrono::minutes{10});
    visitor.duration("pause", rule.pause, std::chrono::seconds{1}, kDay);
    visitor.share("share", rule.share);
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.count("high_votes", rule.highVotes, 2, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 2, kMany);
}

template <RuleFor<SerialVoterRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.duration("window", rule.window, std::chrono::seconds{1}, kDay);
    visitor.count("votes", rule.votes, 2, 31);
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.count("high_votes", rule.highVotes, 2, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 2, kMany);
}

template <RuleFor<VoteRingRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.number("pair_probability", rule.pairProbability, 1e-300, 0.5, "");
    visitor.number("mutual_probability", rule.mutualProbability, 1e-300, 0.5, "");
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.count("members", rule.members, 2, kMany);
    visitor.count("high_votes", rule.highVotes, 2, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 2, kMany);
}

template <RuleFor<SubnetSocksRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.count("tokens", rule.tokens, 2, kMany);
    visitor.count("addresses", rule.addresses, 2, kMany);
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.count("high_tokens", rule.highTokens, 2, kMany);
    visitor.count("critical_tokens", rule.criticalTokens, 2, kMany);
}

template <RuleFor<TokenMintRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.duration("lifetime", rule.lifetime, std::chrono::seconds{1}, kDay);
    visitor.count("votes", rule.votes, 1, kMany);
    visitor.count("tokens", rule.tokens, 2, kMany);
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.count("high_tokens", rule.highTokens, 2, kMany);
    visitor.count("critical_tokens", rule.criticalTokens, 2, kMany);
}

template <RuleFor<TokenHoppingRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.duration("window", rule.window, std::chrono::seconds{1}, kDay);
    visitor.count("posts", rule.posts, 2, kMany);
    visitor.number("factor", rule.factor, 1, 1000, "times");
    visitor.count("high_members", rule.highMembers, 2, kMany);
    visitor.count("critical_members", rule.criticalMembers, 2, kMany);
}

template <RuleFor<LockstepRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.duration("window", rule.window, std::chrono::seconds{1}, kDay);
    visitor.count("posts", rule.posts, 2, kMany);
    visitor.count("members", rule.members, 2, kMany);
    visitor.share("together", rule.together);
    visitor.count("high_members", rule.highMembers, 2, kMany);
    visitor.count("critical_members", rule.criticalMembers, 2, kMany);
}

template <RuleFor<DenseBlockRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.duration("period", rule.period, std::chrono::minutes{1}, 30 * kDay);
    visitor.count("common", rule.common, 2, kMany);
    visitor.duration("window", rule.window, std::chrono::seconds{1}, kDay);
    visitor.count("posts", rule.posts, 2, kMany);
    visitor.count("members", rule.members, 2, kMany);
    visitor.share("together", rule.together);
    visitor.number("concentration", rule.concentration, 1e-300, 1, "");
    visitor.count("high_members", rule.highMembers, 2, kMany);
    visitor.count("critical_members", rule.criticalMembers, 2, kMany);
}

template <RuleFor<PostSurgeRule> Rule, class Visitor>
void visitFields(Rule& rule, Visitor& visitor)
{
    visitor.number("max_probability", rule.maxProbability, 1e-300, 0.01, "");
    visitor.number("min_evidence", rule.minEvidence, 1, 1e300, "");
    visitor.count("one_off_votes", rule.oneOffVotes, 1, 1000);
    visitor.count("suspects", rule.suspects, 2, kMany);
    visitor.count("established", rule.established, 1, kMany);
    visitor.count("high_votes", rule.highVotes, 2, kMany);
    visitor.count("critical_votes", rule.criticalVotes, 2, kMany);
}

/// Calls `visit(section, rule)` for every detector's rule, in the order of the file.
template <RuleFor<Rules> AnyRules, class Visit>
void visitSections(AnyRules& rules, Visit visit)
{
    visit("duplicate_votes", rules.duplicateVotes);
    visit("impossible_votes", rules.impossibleVotes);
    visit("counter_drift", rules.counterDrift);
    visit("concurrent_attempts", rules.concurrentAttempts);
    visit("attempt_fan_out", rules.attemptFanOut);
    visit("unlogged_votes", rules.unloggedVotes);
    visit("probing", rules.probing);
    visit("token_burst", rules.tokenBurst);
    visit("metronome", rules.metronome);
    visit("timetable", rules.timetable);
    visit("serial_voter", rules.serialVoter);
    visit("vote_ring", rules.voteRing);
    visit("subnet_socks", rules.subnetSocks);
    visit("token_mint", rules.tokenMint);
    visit("token_hopping", rules.tokenHopping);
    visit("lockstep", rules.lockstep);
    visit("dense_block", rules.denseBlock);
    visit("post_surge", rules.postSurge);
}

} // namespace scr::detect
