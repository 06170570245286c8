#include "detect/calibration.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "detect/burst_search.h"
#include "detect/detector.h"
#include "detect/nulls.h"
#include "detect/suite.h"
#include "detect/token_rows.h"

namespace scr::detect {

namespace {

using domain::DetectorId;
using domain::Index;
using domain::kNoIndex;

std::uint64_t keyOf(Index high, Index low) noexcept
{
    return static_cast<std::uint64_t>(high) << 32U | low;
}

/// Calls `visit(key, count)` for each distinct key.
template <class Visit>
void eachCounted(std::vector<std::uint64_t>& keys, Visit visit)
{
    std::sort(keys.begin(), keys.end());
    for (std::size_t begin = 0; begin < keys.size();) {
        const auto end = static_cast<std::size_t>(
            std::upper_bound(keys.begin() + static_cast<std::ptrdiff_t>(begin), keys.end(), keys[begin]) - keys.begin());
        visit(keys[begin], end - begin);
        begin = end;
    }
}

class Survey {
public:
    explicit Survey(const Scene& scene) :
        m_scene{scene}, m_votes{scene.input.votes}, m_facts{scene.facts},
        m_byToken{rowsByValue(m_votes.token, scene.order, m_votes.tokens.size())}
    {
    }

    [[nodiscard]] Calibration bursts() const
    {
        Calibration result{DetectorId::TokenBurst};
        const SiteRhythm rhythm{m_scene.gaps, m_scene.rules.tokenBurst, m_scene.voteGrain};
        for (std::size_t token = 0; token < m_byToken.size(); ++token) {
            const std::vector<Cast> casts = firstVotesOf(m_votes, m_byToken.group(token));
            for (const std::size_t size : kBurstSizes) {
                for (std::size_t end = size; end <= casts.size(); ++end)
                    result.add(rhythm.log10Span(size, casts[end - 1].at - casts[end - size].at));
            }
        }
        return result;
    }

    [[nodiscard]] Calibration metronomes() const
    {
        const MetronomeRule& rule = m_scene.rules.metronome;
        Calibration result{DetectorId::Metronome};
        std::vector<double> pauses;
        for (std::size_t token = 0; token < m_byToken.size(); ++token) {
            const std::span<const std::uint32_t> rows = m_byToken.group(token);
            pauses.clear();
            for (std::size_t at = 1; at < rows.size(); ++at)
                pauses.push_back(static_cast<double>(m_votes.castAt[rows[at]] - m_votes.castAt[rows[at - 1]]));
            for (std::size_t end = rule.window; end <= pauses.size(); ++end)
                result.add(log10EvenPauses(std::span{pauses}.subspan(end - rule.window, rule.window), rule));
        }
        return result;
    }

    /// Each vote's quarter of an hour: how many of the token's votes in it went to this vote's author.
    [[nodiscard]] Calibration serialVoters() const
    {
        const SerialVoterRule& rule = m_scene.rules.serialVoter;
        Calibration result{DetectorId::SerialVoter};
        for (std::size_t token = 0; token < m_byToken.size(); ++token) {
            const std::span<const std::uint32_t> rows = m_byToken.group(token);
            std::size_t oldest = 0;
            for (std::size_t newest = 0; newest < rows.size(); ++newest) {
                while (m_votes.castAt[rows[newest]] - m_votes.castAt[rows[oldest]] > rule.window.count())
                    ++oldest;
                const Index author = authorOf(rows[newest]);
                if (author == kNoIndex || author == m_votes.token[rows[newest]])
                    continue;
                const auto here = static_cast<std::uint64_t>(std::count_if(
                    rows.begin() + static_cast<std::ptrdiff_t>(oldest), rows.begin() + static_cast<std::ptrdiff_t>(newest) + 1,
                    [&](std::uint32_t row) { return authorOf(row) == author; }));
                result.add(log10SerialVotes(here, newest - oldest + 1, shareOf(author, here), 0, rule));
            }
        }
        return result;
    }

    [[nodiscard]] Calibration crowds() const
    {
        Calibration result{DetectorId::SubnetSocks};
        std::vector<std::uint64_t> pairs;
        for (std::uint32_t row = 0; row < m_votes.size(); ++row) {
            if (const Index network = m_votes.networkOf(row); network != kNoIndex)
                pairs.push_back(keyOf(network, m_votes.post[row]));
        }
        eachCounted(pairs, [&](std::uint64_t pair, std::size_t votes) {
            const double total = m_facts.ofNetwork[static_cast<Index>(pair >> 32U)];
            const double ofPost = m_facts.ofPost[static_cast<Index>(pair)];
            const double share = (total - static_cast<double>(votes) + 0.5) / (m_facts.votesWithNetwork - ofPost + 1);
            result.add(log10Crowd(votes, ofPost, share, m_scene.rules.subnetSocks));
        });
        return result;
    }

private:
    [[nodiscard]] Index authorOf(std::uint32_t row) const { return m_votes.authorOf(m_votes.post[row]); }
    [[nodiscard]] double shareOf(Index author, std::size_t here) const
    {
        return (std::max(0.0, m_facts.ofAuthor[author] - static_cast<double>(here)) + 0.5) / (m_facts.votesWithAuthor + 1);
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const SiteFacts& m_facts;
    RowGroups m_byToken;
};

/// Everybody who was asked about; `find` runs with rules that let through what is likelier than any level.
template <class Find>
Calibration ofAll(DetectorId detector, std::size_t tests, Find find)
{
    Calibration result{detector};
    if (const std::optional<Findings> findings = find()) {
        for (const domain::Flag& flag : findings->flags)
            result.add(-flag.score);
    }
    while (result.tests < tests)
        result.add(0);
    return result;
}

/// The least likely group of the stream; `find` runs with rules that let through what is likelier than any level.
template <class Find>
Calibration leastLikely(DetectorId detector, Find find)
{
    Calibration result{detector};
    double score = 0;
    if (const std::optional<Findings> findings = find()) {
        for (const domain::Flag& flag : findings->flags)
            score = std::max(score, flag.score);
    }
    result.add(-score);
    return result;
}

} // namespace

domain::Result<std::vector<Calibration>> calibrate(const domain::ScanInput& input, const Rules& rules,
                                                   const domain::KeepGoing& keepGoing)
{
    const domain::VoteColumns& votes = input.votes;
    Progress progress{keepGoing, 2 * votes.size()};
    Scene scene{input, rules, timeGrainOf(votes.castAt), timeGrainOf(input.attempts.attemptedAt), {},
                {},    {},    TimeOrder{votes.castAt}};
    Suite suite{rules, scene.voteGrain, {}};
    if (!screenVotes(votes, scene.order, suite.screens(), progress) || !countFacts(votes, scene.facts, progress))
        return domain::failure(domain::Fault::Cancelled, "The calibration was stopped");
    scene.gaps = suite.rhythm->gaps();
    scene.starts = suite.rhythm->starts();
    const Survey survey{scene};
    std::vector<Calibration> results{survey.bursts(), survey.metronomes()};
    Rules loose = rules;
    loose.lockstep.maxProbability = loose.voteRing.maxProbability = 0.01;
    loose.denseBlock.maxProbability = 0.01;
    loose.tokenHopping.maxProbability = loose.timetable.maxProbability = loose.tokenMint.maxProbability = 0.01;
    const Scene looser{input, loose, scene.voteGrain, scene.attemptGrain, scene.facts, scene.gaps, scene.starts, scene.order};
    const RowGroups byToken = rowsByValue(votes.token, scene.order, votes.tokens.size());
    std::vector<Index> everybody(votes.tokens.size());
    std::iota(everybody.begin(), everybody.end(), Index{0});
    std::erase_if(everybody, [&](Index token) { return scene.facts.ofToken[token] == 0; });
    results.push_back(
        ofAll(DetectorId::Timetable, everybody.size(), [&] { return findTimetables(looser, everybody, progress); }));
    results.push_back(
        leastLikely(DetectorId::Lockstep, [&] { return findLockstep(looser, byToken, suite.lockstep->pairs(), progress); }));
    results.push_back(leastLikely(DetectorId::DenseBlock, [&] { return findDenseBlocks(looser, byToken, {}, progress); }));
    if (!votes.authorOfPost.empty()) {
        results.push_back(survey.serialVoters());
        results.push_back(
            leastLikely(DetectorId::VoteRing, [&] { return findVoteRings(looser, suite.rings->mutual(), progress); }));
    }
    if (!votes.network.empty()) {
        results.push_back(survey.crowds());
        results.push_back(
            leastLikely(DetectorId::TokenHopping, [&] { return findTokenHopping(looser, suite.subnets->hopping(), progress); }));
        results.push_back(ofAll(DetectorId::TokenMint, votes.networks.size(), [&] { return findTokenMints(looser, progress); }));
    }
    Calibration& surges = results.emplace_back(Calibration{DetectorId::PostSurge});
    for (const double contrast : postContrasts(scene, progress))
        surges.add(-contrast);
    if (progress.stopped())
        return domain::failure(domain::Fault::Cancelled, "The calibration was stopped");
    std::sort(results.begin(), results.end(),
              [](const Calibration& left, const Calibration& right) { return left.detector < right.detector; });
    return results;
}

} // namespace scr::detect
