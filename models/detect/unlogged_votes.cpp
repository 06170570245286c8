#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/places.h"
#include "detect/tails.h"
#include "detect/token_rows.h"
#include "detect/waterfall.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::AttemptOutcome;
using domain::Flag;
using domain::Index;

constexpr std::size_t kAhead = 16; ///< rows whose places are asked for from memory before they are needed

/// Counted votes on one post that no accepted attempt stands for.
struct Bypass {
    Index post{};
    std::vector<std::uint32_t> rows; ///< by time
    double expected{};
    double score{};
    domain::Severity severity{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{post}; }
};

class UnloggedVotes {
public:
    explicit UnloggedVotes(const Scene& scene) :
        m_scene{scene}, m_votes{scene.input.votes}, m_attempts{scene.input.attempts}, m_rule{scene.rules.unloggedVotes}
    {
    }

    /// Nothing when stopped.
    [[nodiscard]] std::optional<std::vector<Bypass>> find(Progress& progress)
    {
        std::vector<Bypass> found;
        if (!readLog(progress))
            return std::nullopt;
        if (m_from > m_to) {
            if (m_attempts.size() > 0)
                m_obstacle = "The log of attempts does not say which votes they stored.";
            return progress.advance(m_votes.size()) ? std::optional{found} : std::nullopt;
        }
        if (const std::size_t cast = m_scene.order.countBetween(m_from, m_to); isTooPoor(cast)) {
            m_obstacle = obstacleAt(static_cast<double>(m_stored) / static_cast<double>(cast));
            return progress.advance(m_votes.size()) ? std::optional{found} : std::nullopt;
        }
        if (!readVotes(progress))
            return std::nullopt;
        std::vector<Index> posts;
        std::size_t most = 0;
        for (Index post = 0; post < m_ofPost.size(); ++post) {
            most = std::max<std::size_t>(most, m_ofPost[post]);
            if (m_ofPost[post] >= m_rule.votes)
                posts.push_back(post);
        }
        if (m_unlogged.size() - most > lossAllowed(m_covered)) { // that a vote is in no attempt says nothing
            m_obstacle = obstacleAt(coverage());
            return found;
        }
        const RowGroups ofPost = rowsByValue(m_votes.post, m_votes.castAt, posts, m_votes.posts.size());
        for (std::size_t at = 0; at < posts.size(); ++at) {
            if (auto bypass = judged(posts[at], ofPost.group(at)))
                found.push_back(std::move(*bypass));
            if (at % 256 == 0 && !progress.advance(0))
                return std::nullopt;
        }
        return found;
    }

    [[nodiscard]] const std::string& obstacle() const noexcept { return m_obstacle; }

    [[nodiscard]] Flag flagOf(const Bypass& bypass) const
    {
        const std::string post = m_votes.posts.key(bypass.post);
        Flag flag = flagOver(m_scene, domain::DetectorId::UnloggedVotes, {domain::SubjectKind::Post, post, domain::PostKey{post}},
                             bypass.rows);
        flag.score = bypass.score;
        flag.severity = bypass.severity;
        flag.rule = parametersOf(m_rule);
        const std::size_t count = bypass.rows.size();
        const std::string span = domain::durationText(flag.to - flag.from);
        flag.headline = "Votes are counted that nobody tried to cast";
        flag.summary = fmt::format("{} votes in no attempt", countText(count));
        flag.explanation = fmt::format(
            "{} counted votes on this post, cast within {}, are in no attempt of the log, {}. The log has an accepted attempt "
            "for "
            "{:.4g} % of the votes that were cast while it was kept; by what was lost elsewhere at the same times, {:.2g} would "
            "be "
            "missing here. So many are by chance {}. A vote without an attempt came past the site's entry: by a "
            "statement "
            "on the table, an import, or a second way in.",
            countText(count), span, directionText(m_votes, bypass.rows), 100 * coverage(), bypass.expected,
            tryText(-bypass.score));
        addCounterEvidence(bypass, flag);
        flag.clearsIf = "Clears if the votes were imported or corrected by hand, or if the log is known to have lost these "
                        "attempts.";
        domain::AttemptWaterfall waterfall = waterfallOfVotes(m_votes, bypass.rows);
        waterfall.unlogged = true;
        waterfall.bars.front().extraVote = true;
        flag.evidence = std::move(waterfall);
        return flag;
    }

private:
    [[nodiscard]] std::size_t lossAllowed(std::size_t votes) const
    {
        return static_cast<std::size_t>((1 - m_rule.coverage) * static_cast<double>(votes));
    }

    [[nodiscard]] static std::string obstacleAt(double coverage)
    {
        return fmt::format("The log has an attempt for {:.3g} % of the votes only.", 100 * coverage);
    }

    /// A log that holds a sample of the attempts, or of another way in: whatever votes they stood for, too many have none.
    [[nodiscard]] bool isTooPoor(std::size_t cast) const
    {
        const auto most = m_scene.facts.ofPost.empty()
                              ? std::size_t{0}
                              : std::size_t{*std::max_element(m_scene.facts.ofPost.begin(), m_scene.facts.ofPost.end())};
        return cast > m_stored + most + lossAllowed(cast);
    }

    [[nodiscard]] double coverage() const
    {
        return 1 - static_cast<double>(m_unlogged.size()) / static_cast<double>(std::max<std::size_t>(1, m_covered));
    }

    /// Takes the places of the votes that attempts stored, and the time that the log covers.
    [[nodiscard]] bool readLog(Progress& progress)
    {
        m_logged.emplace(std::max<std::size_t>(32 * m_attempts.size(), 1U << 20U));
        std::int64_t first = std::numeric_limits<std::int64_t>::max();
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        const bool went = forRows(m_attempts.size(), progress, [&](std::size_t row) {
            if (row + kAhead < m_attempts.votes.size())
                m_logged->prefetch(m_attempts.votes.hash(row + kAhead));
            if (!hasVote(row))
                return;
            ++m_stored;
            m_logged->take(m_attempts.votes.hash(row));
            first = std::min(first, m_attempts.attemptedAt[row]);
            last = std::max(last, m_attempts.attemptedAt[row]);
        });
        // at both ends a vote and its attempt may lie on different sides
        constexpr std::int64_t kEdge = 60'000'000;
        if (first <= last) {
            m_from = first + kEdge;
            m_to = last - kEdge;
        }
        return went;
    }

    /// Whatever the outcome says: what failed after its vote was stored is in the log as well.
    [[nodiscard]] bool hasVote(std::size_t row) const
    {
        return row < m_attempts.votes.size() && (m_attempts.votes.isNumber(row) || !m_attempts.votes.text(row).empty());
    }

    [[nodiscard]] bool isCovered(std::uint32_t row) const { return m_votes.castAt[row] >= m_from && m_votes.castAt[row] <= m_to; }
    [[nodiscard]] bool isUnlogged(std::uint32_t row) const { return !m_logged->isTaken(m_votes.voteKeys.hash(row)); }
    [[nodiscard]] std::size_t slotOf(std::uint32_t row) const
    {
        return static_cast<std::size_t>((m_votes.castAt[row] - m_from) / m_slotLength);
    }

    [[nodiscard]] bool readVotes(Progress& progress)
    {
        constexpr std::int64_t kShortest = 300'000'000;
        constexpr std::int64_t kMostSlots = 1 << 20;
        m_slotLength = std::max(kShortest, (m_to - m_from) / kMostSlots + 1);
        m_slots.resize(static_cast<std::size_t>((m_to - m_from) / m_slotLength) + 1);
        m_ofPost.assign(m_votes.posts.size(), 0);
        return forRows(m_votes.size(), progress, [&](std::size_t place) {
            const std::uint32_t row = m_scene.order.row(place);
            if (place + kAhead < m_votes.size())
                m_logged->prefetch(m_votes.voteKeys.hash(m_scene.order.row(place + kAhead)));
            if (!isCovered(row))
                return;
            ++m_covered;
            ++m_slots[slotOf(row)].votes;
            if (!isUnlogged(row))
                return;
            ++m_slots[slotOf(row)].unlogged;
            ++m_ofPost[m_votes.post[row]];
            m_unlogged.push_back(row);
        });
    }

    /// Against what others lost in the same minutes: a log that stood still for a while accuses nobody.
    [[nodiscard]] std::optional<Bypass> judged(Index post, std::span<const std::uint32_t> ofPost) const
    {
        constexpr double kPrior = 20; ///< votes that the share of all time weighs
        Bypass bypass;
        bypass.post = post;
        std::map<std::size_t, Slot> here;
        for (const std::uint32_t row : ofPost) {
            if (!isCovered(row))
                continue;
            Slot& slot = here[slotOf(row)];
            ++slot.votes;
            if (isUnlogged(row)) {
                ++slot.unlogged;
                bypass.rows.push_back(row);
            }
        }
        const double missing = static_cast<double>(bypass.rows.size());
        const double always = (static_cast<double>(m_unlogged.size()) - missing + 0.5) /
                              (static_cast<double>(m_covered) - static_cast<double>(ofPost.size()) + 1);
        for (const auto& [at, slot] : here) {
            const double lost = static_cast<double>(m_slots[at].unlogged - slot.unlogged) + kPrior * always;
            const double cast = static_cast<double>(m_slots[at].votes - slot.votes) + kPrior;
            bypass.expected += static_cast<double>(slot.votes) * std::min(1.0, lost / cast);
        }
        const double log10 = log10PoissonTail(bypass.rows.size(), m_rule.factor * bypass.expected);
        if (log10 > std::log10(m_rule.maxProbability))
            return std::nullopt;
        bypass.score = -log10;
        bypass.severity = severityBy(bypass.rows.size(), m_rule.highVotes, m_rule.criticalVotes);
        return bypass;
    }

    void addCounterEvidence(const Bypass& bypass, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (flag.from == flag.to)
            against.emplace_back("All of them carry one time: one statement may have written them, as an import does.");
        const auto earlier = [&](std::uint32_t row, std::int64_t time) { return m_votes.castAt[row] < time; };
        const std::int64_t from = m_votes.castAt[bypass.rows.front()];
        const std::int64_t to = m_votes.castAt[bypass.rows.back()];
        const auto begin = std::lower_bound(m_unlogged.begin(), m_unlogged.end(), from, earlier);
        const auto end = std::lower_bound(begin, m_unlogged.end(), to + 1, earlier);
        const auto others = std::count_if(begin, end, [&](std::uint32_t row) { return m_votes.post[row] != bypass.post; });
        if (others > 0)
            against.push_back(fmt::format("In the same time {} on other posts {} in no attempt either.",
                                          countOf(static_cast<std::uint64_t>(others), "vote", "votes"),
                                          others == 1 ? "is" : "are"));
        else if (m_scene.order.countBetween(from, to) <= bypass.rows.size())
            against.emplace_back("Nobody else voted in that time, so whether the log was being kept just then cannot be seen.");
        if (against.empty())
            against.emplace_back("In the same time no vote on another post is missing from the log: it was being kept.");
    }

    struct Slot {
        std::uint32_t votes = 0;
        std::uint32_t unlogged = 0;
    };

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const domain::AttemptColumns& m_attempts;
    const UnloggedVotesRule& m_rule;
    std::optional<Places> m_logged;
    std::int64_t m_from = 0; ///< the votes between the two ought to have an attempt
    std::int64_t m_to = -1;
    std::size_t m_stored = 0;              ///< attempts that stored a vote
    std::size_t m_covered = 0;             ///< how many those are
    std::vector<std::uint32_t> m_unlogged; ///< of them those without one, by time; a few that have none are missed
    std::vector<std::uint32_t> m_ofPost;   ///< how many of these each post has
    std::int64_t m_slotLength = 1;
    std::vector<Slot> m_slots; ///< the same by time
    std::string m_obstacle;
};

} // namespace

std::optional<Findings> findUnloggedVotes(const Scene& scene, Progress& progress)
{
    UnloggedVotes detector{scene};
    std::optional<std::vector<Bypass>> found = detector.find(progress);
    if (!found)
        return std::nullopt;
    auto findings = findingsOf(*found, scene, progress, [&](const Bypass& bypass) { return detector.flagOf(bypass); });
    if (findings)
        findings->obstacle = detector.obstacle();
    return findings;
}

} // namespace scr::detect
