#include <tuple>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/repeated_pairs.h"
#include "detect/token_rows.h"
#include "detect/waterfall.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Severity;

/// The counted votes of one token on one post, as a part of all repeated rows.
struct Repeat {
    Index token{};
    Index post{};
    std::span<const std::uint32_t> rows;
    std::size_t together{}; ///< most votes within one race window, or at one time where times are coarser
    Severity severity{};
    double score{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{token, post}; }
};

std::size_t mostTogether(const std::vector<std::int64_t>& times, std::span<const std::uint32_t> rows,
                         std::int64_t window) noexcept
{
    std::size_t most = 0;
    std::size_t oldest = 0;
    for (std::size_t newest = 0; newest < rows.size(); ++newest) {
        while (times[rows[newest]] - times[rows[oldest]] > window)
            ++oldest;
        most = std::max(most, newest - oldest + 1);
    }
    return most;
}

class DuplicateVotes {
public:
    explicit DuplicateVotes(const Scene& scene) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.duplicateVotes},
        m_coarse{scene.voteGrain > m_rule.raceWindow.count()}, m_criticalVotes{m_rule.criticalVotes}
    {
        const std::int64_t window = m_rule.raceWindow.count();
        if (m_coarse) // a second holds several windows, and what lies in one of them cannot be told
            m_criticalVotes =
                (m_criticalVotes * static_cast<std::size_t>(scene.voteGrain) + static_cast<std::size_t>(window) - 1) /
                static_cast<std::size_t>(window);
    }

    /// The pairs with two votes or more among repeatedPairs.
    [[nodiscard]] std::vector<Repeat> repeatsOf(std::span<const std::uint32_t> rows) const
    {
        const auto isSame = [&](std::uint32_t left, std::uint32_t right) {
            return m_votes.token[left] == m_votes.token[right] && m_votes.post[left] == m_votes.post[right];
        };
        std::vector<Repeat> repeats;
        for (std::size_t begin = 0; begin < rows.size();) {
            std::size_t end = begin + 1;
            while (end < rows.size() && isSame(rows[end], rows[begin]))
                ++end;
            if (end - begin >= 2)
                repeats.push_back(judged(rows.subspan(begin, end - begin)));
            begin = end;
        }
        return repeats;
    }

    [[nodiscard]] Flag flagOf(const Repeat& repeat, std::span<const std::uint32_t> attempts) const
    {
        Flag flag;
        flag.detector = domain::DetectorId::DuplicateVotes;
        flag.ruleVersion = m_scene.rules.version;
        flag.subject = {domain::SubjectKind::Token, m_votes.tokens.key(repeat.token),
                        domain::PostKey{m_votes.posts.key(repeat.post)}};
        flag.from = domain::timeOf(m_votes.castAt[repeat.rows.front()]);
        flag.to = domain::timeOf(m_votes.castAt[repeat.rows.back()]);
        flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
        flag.score = repeat.score;
        flag.severity = repeat.severity;
        for (const std::uint32_t row : repeat.rows)
            flag.votes.emplace_back(m_votes.voteKeys.at(row));
        flag.extraVotes.assign(flag.votes.begin() + 1, flag.votes.end());
        flag.tokens.emplace_back(flag.subject.key);
        flag.posts.push_back(flag.subject.post);
        flag.rule = parametersOf(m_rule);
        describe(repeat, flag);
        addCounterEvidence(repeat, attempts, flag);
        flag.evidence = attempts.empty() ? waterfallOfVotes(m_votes, repeat.rows)
                                         : waterfallOfAttempts(m_scene.input.attempts, attempts, flag.extraVotes);
        return flag;
    }

private:
    [[nodiscard]] bool isRace(std::size_t together) const noexcept
    {
        return together >= (m_coarse ? m_criticalVotes : std::size_t{2});
    }

    [[nodiscard]] Repeat judged(std::span<const std::uint32_t> rows) const
    {
        const std::int64_t window = m_coarse ? 0 : m_rule.raceWindow.count();
        Repeat repeat{
            m_votes.token[rows.front()], m_votes.post[rows.front()], rows, mostTogether(m_votes.castAt, rows, window), {}, {}};
        repeat.score = static_cast<double>(rows.size() - 1);
        const bool race = isRace(repeat.together);
        repeat.severity = race && repeat.together >= m_criticalVotes             ? Severity::Critical
                          : race || rows.size() >= std::size_t{m_rule.manyVotes} ? Severity::High
                                                                                 : Severity::Medium;
        return repeat;
    }

    [[nodiscard]] domain::Micros closest(const Repeat& repeat) const
    {
        std::int64_t least = std::numeric_limits<std::int64_t>::max();
        for (std::size_t at = 1; at < repeat.rows.size(); ++at)
            least = std::min(least, m_votes.castAt[repeat.rows[at]] - m_votes.castAt[repeat.rows[at - 1]]);
        return domain::Micros{least};
    }

    /// Span of the first race window that holds the most votes.
    [[nodiscard]] domain::Micros raceSpan(const Repeat& repeat) const
    {
        std::int64_t least = std::numeric_limits<std::int64_t>::max();
        for (std::size_t at = 0; at + repeat.together <= repeat.rows.size(); ++at)
            least = std::min(least, m_votes.castAt[repeat.rows[at + repeat.together - 1]] - m_votes.castAt[repeat.rows[at]]);
        return domain::Micros{least};
    }

    [[nodiscard]] double extraPoints(const Repeat& repeat) const
    {
        double points = 0;
        for (const std::uint32_t row : repeat.rows.subspan(1))
            points += static_cast<double>(m_votes.value[row]);
        return points;
    }

    void describe(const Repeat& repeat, Flag& flag) const
    {
        const std::size_t votes = repeat.rows.size();
        const std::string extra = fmt::format("The {} too many {} {} to the post's score.", countOf(votes - 1, "vote", "votes"),
                                              votes == 2 ? "adds" : "add", pointsText(extraPoints(repeat)));
        const bool race = isRace(repeat.together);
        flag.headline = fmt::format("One token was counted {} times on one post", countText(votes));
        if (race) {
            const std::string when = m_coarse ? "at one and the same time" : "within " + domain::durationText(raceSpan(repeat));
            flag.summary = fmt::format("{} votes {}", countText(repeat.together), when);
            flag.explanation = fmt::format(
                "{} counted votes of one token on one post, {} of them {}. A person cannot vote again before the first vote "
                "is answered: the site looked for an earlier vote and found none more than once before it stored the first. {} A "
                "unique key on token and post would have refused {}.",
                countText(votes), countText(repeat.together), when, extra, votes == 2 ? "it" : "them");
            flag.clearsIf = "Clears if the rows are one vote that an import or a migration wrote several times.";
            return;
        }
        const std::string span = domain::durationText(flag.to - flag.from);
        flag.summary = fmt::format("{} votes over {}", countText(votes), span);
        const std::string pace =
            closest(repeat).count() > 0
                ? fmt::format("the closest two are {} apart. That is too slow for a race: the site",
                              domain::durationText(closest(repeat)))
                : fmt::format("{} carry one time. With times this coarse that does not show a race; at the least the site",
                              countText(repeat.together));
        flag.explanation = fmt::format(
            "{} counted votes of one token on one post within {}; {} lets a token vote again and counts every vote. {}",
            countText(votes), span, pace, extra);
        flag.clearsIf = "Clears if the site allows a token to vote again and means to count each of its votes.";
    }

    void addCounterEvidence(const Repeat& repeat, std::span<const std::uint32_t> attempts, Flag& flag) const
    {
        const auto valueOf = [&](std::uint32_t row) { return m_votes.value[row]; };
        const float first = valueOf(repeat.rows.front());
        const auto differing =
            std::count_if(repeat.rows.begin(), repeat.rows.end(), [&](std::uint32_t row) { return valueOf(row) != first; });
        auto& against = flag.counterEvidence;
        if (differing == 0)
            against.push_back(fmt::format("All {} votes have the same value, {}: a request sent again by itself looks the same.",
                                          countText(repeat.rows.size()), pointsText(static_cast<double>(first))));
        else
            against.push_back(
                fmt::format("{} not the value of the first vote: a change of mind stored as a new row looks the same.",
                            differing == 1 ? "One vote has" : countText(static_cast<std::uint64_t>(differing)) + " votes have"));
        if (!isRace(repeat.together) && closest(repeat).count() > 0)
            against.push_back(fmt::format("No two of the votes are closer than {}: nothing here was sent at the same moment.",
                                          domain::durationText(closest(repeat))));
        if (m_coarse)
            against.push_back(fmt::format("Times of this source are exact to {} only: a few votes at one time may still have "
                                          "been cast one after the other.",
                                          domain::durationText(domain::Micros{m_scene.voteGrain})));
        else if (flag.from == flag.to)
            against.emplace_back(
                "All votes carry the same time to the microsecond: one statement may have written them, as an import does.");
        if (m_scene.input.hasAttempts && attempts.empty())
            against.emplace_back("The attempt log holds no attempt of this token on this post: the votes may have come another "
                                 "way, as an import.");
        if (auto origins = originSentence(m_scene.input.attempts, attempts); !origins.empty())
            against.push_back(std::move(origins));
        if (auto requests = requestSentence(m_scene.input.attempts, attempts); !requests.empty())
            against.push_back(std::move(requests));
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const DuplicateVotesRule& m_rule;
    bool m_coarse;
    std::size_t m_criticalVotes;
};

/// The token's attempts on that post, in the order of time.
std::vector<std::uint32_t> attemptsOn(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> ofToken, Index post)
{
    std::vector<std::uint32_t> rows;
    std::copy_if(ofToken.begin(), ofToken.end(), std::back_inserter(rows),
                 [&](std::uint32_t row) { return attempts.post[row] == post; });
    return rows;
}

} // namespace

std::optional<Findings> findDuplicateVotes(const Scene& scene, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const auto repeated = repeatedPairs(votes.token, votes.post, votes.castAt, progress);
    return repeated ? findDuplicateVotes(scene, *repeated, progress) : std::nullopt;
}

std::optional<Findings> findDuplicateVotes(const Scene& scene, const std::vector<std::uint32_t>& repeated, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const domain::AttemptColumns& attempts = scene.input.attempts;
    const DuplicateVotes detector{scene};
    std::vector<Repeat> repeats = detector.repeatsOf(repeated);
    Findings findings;
    findings.leftOut = keepWorst(repeats, scene.rules.flagsPerDetector);
    const std::vector<Index> tokens = distinctOf(repeats, [](const Repeat& repeat) { return repeat.token; });
    const RowGroups tried = rowsByValue(attempts.token, attempts.attemptedAt, tokens, votes.tokens.size());
    for (const Repeat& repeat : repeats) {
        const auto rows = attemptsOn(attempts, tried.group(placeOf(tokens, repeat.token)), repeat.post);
        findings.flags.push_back(detector.flagOf(repeat, rows));
        if (findings.flags.size() % 1024 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findings;
}

} // namespace scr::detect
