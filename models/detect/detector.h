#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "detect/gap_law.h"
#include "detect/lockstep_screen.h"
#include "detect/progress.h"
#include "detect/rules.h"
#include "detect/site_facts.h"
#include "detect/start_counts.h"
#include "detect/token_rows.h"
#include "detect/token_screen.h"
#include "domain/flag.h"
#include "domain/vote_columns.h"

namespace scr::detect {

struct RowGroups;

/// What every detector is given.
struct Scene {
    const domain::ScanInput& input;
    const Rules& rules;
    std::int64_t voteGrain = 1; ///< unit of the votes' times, microseconds
    std::int64_t attemptGrain = 1;
    SiteFacts facts;
    GapCounts gaps;     ///< pauses of the site's tokens
    StartCounts starts; ///< where in the hour they begin to vote
    TimeOrder order;    ///< of the votes
    RowsByPost rowsByPost{};

    /// Of a scene whose order is there, as it is in a scan.
    [[nodiscard]] const RowGroups& byPost() const { return rowsByPost.of(input.votes, order); }
};

/// What a detector found: at most the rules' number of flags, and how many more there were.
struct Findings {
    std::vector<domain::Flag> flags;
    std::uint64_t leftOut = 0;
    std::string obstacle{}; ///< why it could not look, one sentence: what the input lacks shows only on the way
};

// Each gives nothing when it was stopped. `byToken`: all votes by token. Suspects are what a screen named, ascending, each once.
[[nodiscard]] std::optional<Findings> findDuplicateVotes(const Scene& scene, Progress& progress);
/// Only among these rows, sorted as repeatedPairs gives them.
[[nodiscard]] std::optional<Findings> findDuplicateVotes(const Scene& scene, const std::vector<std::uint32_t>& repeated,
                                                         Progress& progress);
[[nodiscard]] std::optional<Findings> findConcurrentAttempts(const Scene& scene, const std::vector<std::uint32_t>& repeated,
                                                             Progress& progress);
[[nodiscard]] std::optional<Findings> findImpossibleVotes(const Scene& scene, Progress& progress);
[[nodiscard]] std::optional<Findings> findCounterDrift(const Scene& scene, Progress& progress);
[[nodiscard]] std::optional<Findings> findConcurrentAttempts(const Scene& scene, Progress& progress);
[[nodiscard]] std::optional<Findings> findAttemptFanOuts(const Scene& scene, Progress& progress);
[[nodiscard]] std::optional<Findings> findUnloggedVotes(const Scene& scene, Progress& progress);
[[nodiscard]] std::optional<Findings> findProbing(const Scene& scene, Progress& progress);
[[nodiscard]] std::optional<Findings> findTokenBursts(const Scene& scene, const std::vector<domain::Index>& suspects,
                                                      Progress& progress);
[[nodiscard]] std::optional<Findings> findMetronomes(const Scene& scene, const std::vector<domain::Index>& suspects,
                                                     Progress& progress);
[[nodiscard]] std::optional<Findings> findTimetables(const Scene& scene, const std::vector<domain::Index>& suspects,
                                                     Progress& progress);
[[nodiscard]] std::optional<Findings> findSerialVoters(const Scene& scene, const std::vector<VoterAuthor>& suspects,
                                                       Progress& progress);
[[nodiscard]] std::optional<Findings> findVoteRings(const Scene& scene, const std::vector<VoterAuthor>& mutual,
                                                    Progress& progress);
[[nodiscard]] std::optional<Findings> findSubnetSocks(const Scene& scene, const std::vector<domain::NetworkCode>& suspects,
                                                      Progress& progress);
[[nodiscard]] std::optional<Findings> findTokenHopping(const Scene& scene, const std::vector<domain::NetworkCode>& suspects,
                                                       Progress& progress);
[[nodiscard]] std::optional<Findings> findTokenMints(const Scene& scene, Progress& progress);
[[nodiscard]] std::optional<Findings> findLockstep(const Scene& scene, const RowGroups& byToken,
                                                   const std::vector<TokenPair>& pairs, Progress& progress);
/// Tokens of `known` are of groups that were found already.
[[nodiscard]] std::optional<Findings> findDenseBlocks(const Scene& scene, const RowGroups& byToken,
                                                      const std::vector<domain::Index>& known, Progress& progress);
[[nodiscard]] std::optional<Findings> findPostSurges(const Scene& scene, Progress& progress);

/// Of every post with enough one-off voters, log10 of the e-value of their contrast with the others; 0 where they are no crowd.
[[nodiscard]] std::vector<double> postContrasts(const Scene& scene, Progress& progress);

/// Sorts candidates worst first and drops those beyond the limit; returns how many it dropped. A candidate has `severity`,
/// `score`, and `order()`, which no two share.
template <class Candidate>
std::uint64_t keepWorst(std::vector<Candidate>& candidates, std::size_t limit)
{
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& left, const Candidate& right) {
        if (left.severity != right.severity)
            return left.severity > right.severity;
        if (left.score != right.score)
            return left.score > right.score;
        return left.order() < right.order();
    });
    const std::size_t dropped = candidates.size() > limit ? candidates.size() - limit : 0;
    candidates.resize(candidates.size() - dropped);
    return dropped;
}

/// Flags of the worst candidates within the rules' limit; nothing when stopped.
template <class Candidate, class FlagOf>
[[nodiscard]] std::optional<Findings> findingsOf(std::vector<Candidate>& candidates, const Scene& scene, Progress& progress,
                                                 FlagOf flagOf)
{
    Findings findings;
    findings.leftOut = keepWorst(candidates, scene.rules.flagsPerDetector);
    for (const Candidate& candidate : candidates) {
        findings.flags.push_back(flagOf(candidate));
        if (findings.flags.size() % 256 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findings;
}

/// The distinct values of `valueOf(candidate)`, ascending.
template <class Candidates, class ValueOf>
std::vector<domain::Index> distinctOf(const Candidates& candidates, ValueOf valueOf)
{
    std::vector<domain::Index> values;
    values.reserve(candidates.size());
    for (const auto& candidate : candidates)
        values.push_back(valueOf(candidate));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

/// Number of `value` in an ascending list that holds it.
[[nodiscard]] inline std::size_t placeOf(const std::vector<domain::Index>& values, domain::Index value)
{
    return static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), value) - values.begin());
}

} // namespace scr::detect
