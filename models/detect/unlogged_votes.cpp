#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_set>

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
        if (m_from > m_to)
            return progress.advance(m_votes.size()) ? std::optional{found} : std::nullopt;
        if (!readVotes(progress))
            return std::nullopt;
        if (static_cast<double>(m_unlogged.size()) > (1 - m_rule.coverage) * static_cast<double>(m_covered))
            return found; // the log does not hold every attempt, so that a vote is in none says nothing
        for (const std::vector<std::uint32_t>& rows : byPost(m_unlogged)) {
            if (rows.size() < m_rule.votes || !judged(rows))
                continue;
            // the hashes of two keys can meet: now that it matters, key by key
            if (auto bypass = judged(withoutLogged(m_votes.post[rows.front()])))
                found.push_back(std::move(*bypass));
            if (!progress.advance(0))
                return std::nullopt;
        }
        return found;
    }

    [[nodiscard]] double coverage() const
    {
        return 1 - static_cast<double>(m_unlogged.size()) / static_cast<double>(std::max<std::size_t>(1, m_covered));
    }

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
            "{:.4g} % of the votes that were cast while it was kept; by that, and by what else was lost around that time, {:.2g} "
            "would be missing here. So many are by chance {}. A vote without an attempt came past the site's entry: by a "
            "statement "
            "on the table, an import, or a second way in.",
            countText(count), span, directionText(m_votes, bypass.rows), 100 * coverage(), bypass.expected / m_rule.factor,
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
    /// Takes the places of the votes that accepted attempts stored, and the time that the log covers.
    [[nodiscard]] bool readLog(Progress& progress)
    {
        m_logged.emplace(16 * m_attempts.size());
        std::int64_t first = std::numeric_limits<std::int64_t>::max();
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        const bool went = forRows(m_attempts.size(), progress, [&](std::size_t row) {
            if (!isStored(row))
                return;
            m_logged->take(m_attempts.votes.hash(row));
            first = std::min(first, m_attempts.attemptedAt[row]);
            last = std::max(last, m_attempts.attemptedAt[row]);
        });
        // at both ends a vote and its attempt may lie on different sides
        constexpr std::int64_t kEdge = 60'000'000;
        m_from = first == std::numeric_limits<std::int64_t>::max() ? 0 : first + kEdge;
        m_to = first == std::numeric_limits<std::int64_t>::max() ? -1 : last - kEdge;
        return went;
    }

    [[nodiscard]] bool readVotes(Progress& progress)
    {
        return forRows(m_votes.size(), progress, [&](std::size_t place) {
            const std::uint32_t row = m_scene.order.row(place);
            if (m_votes.castAt[row] < m_from || m_votes.castAt[row] > m_to)
                return;
            ++m_covered;
            if (!m_logged->isTaken(m_votes.voteKeys.hash(row)))
                m_unlogged.push_back(row);
        });
    }

    [[nodiscard]] bool isStored(std::size_t row) const
    {
        return m_attempts.outcome[row] == AttemptOutcome::Accepted && row < m_attempts.votes.size() &&
               (m_attempts.votes.isNumber(row) || !m_attempts.votes.text(row).empty());
    }

    [[nodiscard]] std::vector<std::vector<std::uint32_t>> byPost(std::vector<std::uint32_t> rows) const
    {
        std::stable_sort(rows.begin(), rows.end(),
                         [&](std::uint32_t left, std::uint32_t right) { return m_votes.post[left] < m_votes.post[right]; });
        std::vector<std::vector<std::uint32_t>> posts;
        for (const std::uint32_t row : rows) {
            if (posts.empty() || m_votes.post[posts.back().front()] != m_votes.post[row])
                posts.emplace_back();
            posts.back().push_back(row);
        }
        return posts;
    }

    /// The post's votes that really are in no attempt, by time.
    [[nodiscard]] std::vector<std::uint32_t> withoutLogged(Index post) const
    {
        const RowGroups here = rowsByValue(m_votes.post, m_votes.castAt, {post}, m_votes.posts.size());
        std::unordered_set<std::uint64_t> logged;
        for (std::size_t row = 0; row < m_attempts.size(); ++row) {
            if (m_attempts.post[row] == post && isStored(row))
                logged.insert(m_attempts.votes.hash(row));
        }
        std::vector<std::uint32_t> rows;
        for (const std::uint32_t row : here.group(0)) {
            if (m_votes.castAt[row] >= m_from && m_votes.castAt[row] <= m_to && !logged.contains(m_votes.voteKeys.hash(row)))
                rows.push_back(row);
        }
        return rows;
    }

    /// Against what is lost elsewhere, always and around that time: a log that stood still for an hour accuses nobody.
    [[nodiscard]] std::optional<Bypass> judged(std::vector<std::uint32_t> rows) const
    {
        constexpr std::int64_t kAround = 3'600'000'000;
        constexpr double kPrior = 20; ///< votes that the share of all time weighs
        if (rows.size() < m_rule.votes)
            return std::nullopt;
        const auto missing = static_cast<double>(rows.size());
        const std::int64_t from = m_votes.castAt[rows.front()] - kAround;
        const std::int64_t to = m_votes.castAt[rows.back()] + kAround;
        const auto earlier = [&](std::uint32_t row, std::int64_t time) { return m_votes.castAt[row] < time; };
        const auto begin = std::lower_bound(m_unlogged.begin(), m_unlogged.end(), from, earlier);
        const auto end = std::lower_bound(begin, m_unlogged.end(), to + 1, earlier);
        const double always = std::max(0.5, static_cast<double>(m_unlogged.size()) - missing + 0.5) /
                              std::max(1.0, static_cast<double>(m_covered) - missing + 1);
        const double others = std::max(0.0, static_cast<double>(m_scene.order.countBetween(from, to)) - missing);
        const double then = (std::max(0.0, static_cast<double>(end - begin) - missing) + kPrior * always) / (others + kPrior);
        const double share = std::min(0.95, m_rule.factor * std::max(always, then));
        const double ofPost = std::max<double>(m_scene.facts.ofPost[m_votes.post[rows.front()]], missing);
        const double log10 = log10BinomialTail(rows.size(), static_cast<std::uint64_t>(ofPost), share);
        if (log10 > std::log10(m_rule.maxProbability))
            return std::nullopt;
        Bypass bypass{m_votes.post[rows.front()], std::move(rows), share * ofPost, -log10, {}};
        bypass.severity = severityBy(bypass.rows.size(), m_rule.highVotes, m_rule.criticalVotes);
        return bypass;
    }

    void addCounterEvidence(const Bypass& bypass, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (flag.from == flag.to)
            against.emplace_back("All of them carry one time: one statement may have written them, as an import does.");
        const auto earlier = [&](std::uint32_t row, std::int64_t time) { return m_votes.castAt[row] < time; };
        const auto begin = std::lower_bound(m_unlogged.begin(), m_unlogged.end(), m_votes.castAt[bypass.rows.front()], earlier);
        const auto end = std::lower_bound(begin, m_unlogged.end(), m_votes.castAt[bypass.rows.back()] + 1, earlier);
        const auto others = std::count_if(begin, end, [&](std::uint32_t row) { return m_votes.post[row] != bypass.post; });
        if (others > 0)
            against.push_back(fmt::format("In the same time {} on other posts {} in no attempt either.",
                                          countOf(static_cast<std::uint64_t>(others), "vote", "votes"),
                                          others == 1 ? "is" : "are"));
        if (against.empty())
            against.emplace_back("In the same time no vote on another post is missing from the log: it was being kept.");
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const domain::AttemptColumns& m_attempts;
    const UnloggedVotesRule& m_rule;
    std::optional<Places> m_logged;
    std::int64_t m_from = 0; ///< the votes between the two ought to have an attempt
    std::int64_t m_to = -1;
    std::size_t m_covered = 0;             ///< how many those are
    std::vector<std::uint32_t> m_unlogged; ///< of them those without one, by time
};

} // namespace

std::optional<Findings> findUnloggedVotes(const Scene& scene, Progress& progress)
{
    UnloggedVotes detector{scene};
    std::optional<std::vector<Bypass>> found = detector.find(progress);
    if (!found)
        return std::nullopt;
    return findingsOf(*found, scene, progress, [&](const Bypass& bypass) { return detector.flagOf(bypass); });
}

} // namespace scr::detect
