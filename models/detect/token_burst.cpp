#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "detect/burst_search.h"
#include "detect/detector.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Micros;
using domain::Severity;

using Rows = std::span<const std::uint32_t>;

constexpr std::size_t kStripPoints = 400;
constexpr std::size_t kStripAround = 40; ///< votes shown before and after the burst
constexpr double kSecond = 1e6;

struct Candidate {
    Burst burst;
    std::size_t token{};     ///< place among the suspects
    std::size_t atOneTime{}; ///< most votes of the burst that carry one time
    Severity severity{};
    double score{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{burst.token, burst.begin}; }
};

std::string secondsText(double micros)
{
    return domain::durationText(Micros{static_cast<std::int64_t>(std::llround(micros))});
}

class TokenBurst {
public:
    TokenBurst(const Scene& scene, const SiteRhythm& rhythm) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.tokenBurst}, m_rhythm{rhythm}
    {
    }

    void addCandidates(std::size_t token, Rows ofToken, std::vector<Candidate>& candidates)
    {
        m_casts = firstVotesOf(m_votes, ofToken);
        if (m_casts.size() < kBurstSizes.front())
            return;
        std::vector<Burst> bursts;
        m_rhythm.addBursts(m_votes.token[ofToken.front()], m_casts, bursts);
        for (const Burst& burst : bursts)
            candidates.push_back(judged(burst, token));
    }

    [[nodiscard]] Candidate judged(const Burst& burst, std::size_t token) const
    {
        Candidate candidate{burst, token, mostAtOneTime(castsOf(burst)), Severity::Low, -burst.log10Probability()};
        const std::size_t votes = burst.votes();
        if (isBatch(candidate))
            return candidate;
        if (isPossible(burst)) {
            candidate.severity = votes >= m_rule.criticalVotes && isHasty(burst) ? Severity::Medium : Severity::Low;
            return candidate;
        }
        candidate.severity = votes >= m_rule.criticalVotes ? Severity::Critical
                             : votes >= m_rule.highVotes   ? Severity::High
                             : votes >= m_rule.mediumVotes ? Severity::Medium
                                                           : Severity::Low;
        return candidate;
    }

    /// `ofToken`: rows of all the token's votes in the order of time; `attempts`: of its attempts.
    [[nodiscard]] Flag flagOf(const Candidate& candidate, Rows ofToken, Rows attempts)
    {
        m_casts = firstVotesOf(m_votes, ofToken);
        const std::span<const Cast> casts = castsOf(candidate.burst);
        Flag flag;
        flag.detector = domain::DetectorId::TokenBurst;
        flag.ruleVersion = m_scene.rules.version;
        flag.subject = {domain::SubjectKind::Token, m_votes.tokens.key(candidate.burst.token), {}};
        flag.from = domain::timeOf(casts.front().at);
        flag.to = domain::timeOf(casts.back().at);
        flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        const std::vector<std::uint32_t> rows = rowsWithin(ofToken, flag);
        for (const std::uint32_t row : rows)
            flag.votes.emplace_back(m_votes.voteKeys.at(row));
        flag.extraVotes = flag.votes;
        flag.tokens.emplace_back(flag.subject.key);
        for (const Cast& cast : casts)
            flag.posts.emplace_back(m_votes.posts.key(cast.post));
        flag.rule = parametersOf(m_rule);
        describe(candidate, rows, flag);
        addTimeEvidence(candidate, flag);
        addVoteEvidence(casts, rows, flag);
        addAttemptEvidence(attempts, flag);
        flag.clearsIf = "Clears if the token belongs to a known import or batch job.";
        flag.evidence = stripOf(candidate.burst);
        return flag;
    }

private:
    [[nodiscard]] std::span<const Cast> castsOf(const Burst& burst) const
    {
        return std::span{m_casts}.subspan(burst.begin, burst.votes());
    }

    [[nodiscard]] bool isBatch(const Candidate& candidate) const
    {
        return static_cast<double>(candidate.atOneTime) >= m_rule.batchShare * static_cast<double>(candidate.burst.votes());
    }

    /// The mean pace, times as coarse as the source writes them, is one that a person can keep up.
    [[nodiscard]] bool isPossible(const Burst& burst) const
    {
        return meanGap(burst) >= static_cast<double>(m_rule.possibleGap.count());
    }

    /// What is slower is a long sitting: rare, but nothing that takes a program.
    [[nodiscard]] bool isHasty(const Burst& burst) const
    {
        return meanGap(burst) <= static_cast<double>(m_rule.sittingGap.count());
    }

    [[nodiscard]] double meanGap(const Burst& burst) const
    {
        const std::span<const Cast> casts = castsOf(burst);
        return static_cast<double>(casts.back().at - casts.front().at) / static_cast<double>(casts.size() - 1);
    }

    static std::size_t mostAtOneTime(std::span<const Cast> casts)
    {
        std::size_t most = 0;
        std::size_t run = 0;
        for (std::size_t at = 0; at < casts.size(); ++at) {
            run = at > 0 && casts[at].at == casts[at - 1].at ? run + 1 : 1;
            most = std::max(most, run);
        }
        return most;
    }

    [[nodiscard]] std::vector<std::uint32_t> rowsWithin(Rows ofToken, const Flag& flag) const
    {
        const auto earlier = [&](std::uint32_t row, std::int64_t time) { return m_votes.castAt[row] < time; };
        const auto begin = std::lower_bound(ofToken.begin(), ofToken.end(), domain::microsOf(flag.from), earlier);
        const auto end = std::lower_bound(begin, ofToken.end(), domain::microsOf(flag.to) + 1, earlier);
        return {begin, end};
    }

    void describe(const Candidate& candidate, Rows rows, Flag& flag) const
    {
        const std::size_t votes = candidate.burst.votes();
        const double span = static_cast<double>((flag.to - flag.from).count());
        const std::string spanText = secondsText(span);
        flag.headline = isBatch(candidate)            ? "One token's votes were written in one batch"
                        : isPossible(candidate.burst) ? "One token voted faster than people do on this site"
                                                      : "One token voted faster than a person can";
        flag.summary = fmt::format("{} votes in {}", countText(votes), spanText);
        const std::string each =
            votes > 1 && span > 0 ? fmt::format(" ({} each)", secondsText(span / static_cast<double>(votes - 1))) : std::string{};
        flag.explanation = fmt::format(
            "{} votes on different posts in {}{}. A person {:g}x faster than this site's typical voter would do that {}.",
            countText(votes), spanText, each, m_rule.fasterFactor, tryText(candidate.burst.siteLog10));
        if (candidate.burst.ownLog10)
            flag.explanation +=
                fmt::format(" By the token's own rhythm outside its bursts (typically {} between votes) it would happen {}.",
                            secondsText(candidate.burst.ownMedian), tryText(*candidate.burst.ownLog10));
        const auto inFavour = std::count_if(rows.begin(), rows.end(), [&](std::uint32_t row) { return m_votes.value[row] > 0; });
        flag.explanation +=
            fmt::format(" {} of the {} went up.", countText(static_cast<std::uint64_t>(inFavour)), countText(rows.size()));
        if (rows.size() > votes)
            flag.explanation +=
                fmt::format(" {} of them repeat a vote on a post the token had voted on before.", countText(rows.size() - votes));
    }

    void addTimeEvidence(const Candidate& candidate, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (isBatch(candidate))
            against.push_back(
                fmt::format("{} of the {} votes carry one identical time: one statement wrote them, as an import does.",
                            countText(candidate.atOneTime), countText(candidate.burst.votes())));
        if (isPossible(candidate.burst) && !isBatch(candidate))
            against.push_back(fmt::format(
                "A person can click through a list at this pace: votes no closer than {} on average are possible by hand.",
                domain::durationText(m_rule.possibleGap)));
        if (m_scene.voteGrain >= static_cast<std::int64_t>(kSecond))
            against.push_back(
                fmt::format("Times of this source are exact to {} only; the burst was taken to last that much longer.",
                            domain::durationText(Micros{m_scene.voteGrain})));
        if (m_rhythm.seenGaps() < m_rule.assumedGaps)
            against.push_back(
                fmt::format("This site shows only {} to learn its rhythm from; {} between votes is assumed in part.",
                            countOf(static_cast<std::uint64_t>(m_rhythm.seenGaps()), "pause", "pauses"),
                            domain::durationText(m_rule.assumedMedian)));
        if (!candidate.burst.ownLog10)
            against.push_back(fmt::format("The token's own rhythm is not known: it made {} outside its bursts, {} are needed.",
                                          countOf(candidate.burst.ownGaps, "pause", "pauses"), countText(m_rule.ownGaps)));
    }

    /// Steps from post to post that follow a list: posts are numbered in the order in which they were made.
    [[nodiscard]] std::size_t stepsInOrder(std::span<const Cast> casts) const
    {
        constexpr std::int64_t kNear = 3;
        std::vector<std::int64_t> numbers;
        for (const Cast& cast : casts) {
            const std::string key = m_votes.posts.key(cast.post);
            if (key.find_first_not_of("0123456789") != std::string::npos || key.size() > 18)
                return 0;
            numbers.push_back(std::stoll(key));
        }
        std::size_t up = 0;
        std::size_t down = 0;
        for (std::size_t at = 1; at < numbers.size(); ++at) {
            const std::int64_t step = numbers[at] - numbers[at - 1];
            up += step > 0 && step <= kNear ? 1U : 0U;
            down += step < 0 && -step <= kNear ? 1U : 0U;
        }
        return std::max(up, down);
    }

    void addVoteEvidence(std::span<const Cast> casts, Rows rows, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        const auto votes = static_cast<double>(rows.size());
        const auto up = static_cast<double>(
            std::count_if(rows.begin(), rows.end(), [&](std::uint32_t row) { return m_votes.value[row] > 0; }));
        if (std::min(up, votes - up) >= 0.2 * votes)
            against.push_back(fmt::format(
                "The votes differ, {:.0f} up and {:.0f} not: a machine that pushes one side votes all one way.", up, votes - up));
        if (const std::size_t steps = stepsInOrder(casts); 2 * steps >= casts.size())
            against.push_back(
                fmt::format("{} of {} steps go to the next post or nearly so: someone who walks down a list votes in runs.",
                            countText(steps), countText(casts.size() - 1)));
    }

    void addAttemptEvidence(Rows attempts, Flag& flag) const
    {
        if (!m_scene.input.hasAttempts)
            return;
        const domain::AttemptColumns& log = m_scene.input.attempts;
        std::size_t refused = 0;
        std::size_t tried = 0;
        for (const std::uint32_t row : attempts) {
            const auto at = domain::timeOf(log.attemptedAt[row]);
            if (at < flag.from - std::chrono::seconds{1} || at > flag.to + std::chrono::seconds{1})
                continue;
            ++tried;
            refused += log.outcome[row] == domain::AttemptOutcome::Accepted ? 0U : 1U;
        }
        if (tried == 0)
            flag.counterEvidence.emplace_back(
                "The attempt log holds nothing of this token then: the votes may have come another way, as an import.");
        else if (refused == 0)
            flag.counterEvidence.emplace_back("No attempt was refused meanwhile: no limit of the site was reached.");
    }

    [[nodiscard]] domain::GapStrip stripOf(const Burst& burst) const
    {
        const std::span<const Cast> casts = m_casts;
        domain::GapStrip strip;
        strip.siteLowSeconds = m_rhythm.law().quantile(0.1) / kSecond;
        strip.siteHighSeconds = m_rhythm.law().quantile(0.9) / kSecond;
        strip.fasterThanSeconds = m_rhythm.medianMicros() / m_rule.fasterFactor / kSecond;
        const std::size_t begin = burst.begin > kStripAround ? burst.begin - kStripAround : 0;
        const std::size_t end = std::min(casts.size(), burst.end + kStripAround);
        const std::size_t stride = (end - begin) / kStripPoints + 1;
        for (std::size_t at = std::max<std::size_t>(begin, 1); at < end; at += stride) {
            const double gap = static_cast<double>(casts[at].at - casts[at - 1].at) / kSecond;
            strip.points.push_back({domain::timeOf(casts[at].at), gap, at >= burst.begin && at < burst.end});
        }
        return strip;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const TokenBurstRule& m_rule;
    const SiteRhythm& m_rhythm;
    std::vector<Cast> m_casts; ///< of the token looked at
};

} // namespace

std::optional<Findings> findTokenBursts(const Scene& scene, const std::vector<Index>& suspects, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const SiteRhythm rhythm{scene.gaps, scene.rules.tokenBurst, scene.voteGrain};
    TokenBurst detector{scene, rhythm};
    const RowGroups cast = rowsByValue(votes.token, votes.castAt, suspects, votes.tokens.size());
    std::vector<Candidate> candidates;
    for (std::size_t at = 0; at < suspects.size(); ++at) {
        detector.addCandidates(at, cast.group(at), candidates);
        if (at % 1024 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    const RowGroups tried =
        rowsByValue(scene.input.attempts.token, scene.input.attempts.attemptedAt, suspects, votes.tokens.size());
    return findingsOf(candidates, scene, progress, [&](const Candidate& candidate) {
        return detector.flagOf(candidate, cast.group(candidate.token), tried.group(candidate.token));
    });
}

} // namespace scr::detect
