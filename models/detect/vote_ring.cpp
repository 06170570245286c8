#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/groups.h"
#include "detect/nulls.h"
#include "detect/tails.h"
#include "detect/token_rows.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Severity;

/// What one token voted for another.
struct Support {
    std::vector<std::uint32_t> rows;
    double expected{};
    double log10{};
};

struct Ring {
    std::vector<Index> members;
    std::vector<std::uint32_t> rows;
    std::size_t pairs{}; ///< that support each other
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return members.front(); }
};

class VoteRing {
public:
    VoteRing(const Scene& scene, const std::vector<VoterAuthor>& mutual) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.voteRing}
    {
        for (const VoterAuthor& pair : mutual) {
            m_support[pair];
            m_support[{pair.author, pair.voter}];
        }
    }

    [[nodiscard]] std::vector<Index> tokens() const
    {
        std::vector<Index> tokens;
        for (const auto& [pair, support] : m_support)
            tokens.push_back(pair.voter);
        std::sort(tokens.begin(), tokens.end());
        tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
        return tokens;
    }

    void addVotesOf(std::span<const std::uint32_t> rows)
    {
        for (const std::uint32_t row : rows) {
            const auto found = m_support.find({m_votes.token[row], m_votes.authorOf(m_votes.post[row])});
            if (found != m_support.end() && m_votes.value[row] > 0)
                found->second.rows.push_back(row);
        }
    }

    [[nodiscard]] std::vector<Ring> rings()
    {
        for (auto& [pair, support] : m_support)
            judge(pair, support);
        std::vector<TokenPair> edges;
        for (const auto& [pair, support] : m_support) {
            const VoterAuthor back{pair.author, pair.voter};
            if (pair.voter < pair.author && isMutual(support, m_support.at(back)))
                edges.push_back({pair.voter, pair.author});
        }
        std::vector<Ring> rings;
        for (const Group& group : componentsOf(edges)) {
            if (group.members.size() >= m_rule.members && group.edges.size() >= group.members.size())
                addRing(group, rings);
        }
        return rings;
    }

    [[nodiscard]] Flag flagOf(const Ring& ring) const
    {
        Flag flag = flagOver(m_scene, domain::DetectorId::VoteRing,
                             {domain::SubjectKind::Group, m_votes.tokens.key(ring.members.front()), {}}, ring.rows);
        flag.score = ring.score;
        flag.severity = ring.severity;
        flag.rule = parametersOf(m_rule);
        const std::size_t members = ring.members.size();
        double expected = 0;
        std::size_t given = 0;
        for (const Index member : ring.members)
            given += m_scene.facts.ofToken[member];
        for (const auto& [pair, support] : m_support)
            expected += inRing(ring, pair) ? support.expected / m_rule.factor : 0;
        flag.headline = "Tokens vote for each other's posts";
        flag.summary = fmt::format("{} tokens, {} votes for each other", countText(members), countText(ring.rows.size()));
        flag.explanation = fmt::format(
            "{} tokens cast {} votes in favour of each other's posts; {} of the {} possible pairs support each other both ways. "
            "By how "
            "active they are and how often their posts are voted on {:.2g} such votes would be usual. So many come by chance {}. "
            "On "
            "this site {:.2g} % of those who vote for somebody are voted for in return. {:.0f} % of the members' {} votes go to "
            "members.",
            countText(members), countText(ring.rows.size()), countText(ring.pairs), countText(members * (members - 1) / 2),
            expected, tryText(-ring.score), 100 * m_scene.facts.reciprocity,
            100 * static_cast<double>(ring.rows.size()) / static_cast<double>(std::max<std::size_t>(1, given)), countText(given));
        addCounterEvidence(ring, given, flag);
        flag.clearsIf = "Clears if the members are known to work on the same things openly, as a team or a club does.";
        flag.evidence = matrixOf(ring);
        return flag;
    }

private:
    void judge(const VoterAuthor& pair, Support& support) const
    {
        const SiteFacts& facts = m_scene.facts;
        const auto here = static_cast<double>(support.rows.size());
        const double share = (std::max(0.0, facts.ofAuthor[pair.author] - here) + 0.5) / (facts.votesWithAuthor + 1);
        support.expected = expectedSupport(facts.ofToken[pair.voter], share, m_rule);
        support.log10 = log10Support(support.rows.size(), facts.ofToken[pair.voter], share, m_rule);
    }

    /// Where a vote is usually returned, a returned vote says little: it counts with the site's own probability.
    [[nodiscard]] bool isMutual(const Support& there, const Support& back) const
    {
        const double limit = std::log10(m_rule.pairProbability);
        return there.log10 <= limit && back.log10 <= limit && bothLog10(there, back) <= std::log10(m_rule.mutualProbability);
    }
    [[nodiscard]] double bothLog10(const Support& there, const Support& back) const
    {
        const double weaker = std::max(there.log10, back.log10);
        const double stronger = std::min(there.log10, back.log10);
        if (std::max(there.rows.size(), back.rows.size()) > 1)
            return stronger + weaker;
        return stronger + std::max(weaker, std::log10(std::clamp(m_scene.facts.reciprocity, 1e-9, 1.0)));
    }

    [[nodiscard]] static bool isMember(const Ring& ring, Index token)
    {
        return std::binary_search(ring.members.begin(), ring.members.end(), token);
    }
    [[nodiscard]] static bool inRing(const Ring& ring, const VoterAuthor& pair)
    {
        return isMember(ring, pair.voter) && isMember(ring, pair.author);
    }

    /// That just these pairs support each other; which of the ring's pairs do could have been any.
    [[nodiscard]] double log10ByPairs(const Group& group) const
    {
        const auto members = static_cast<double>(group.members.size());
        double log10 = log10Choose(members * (members - 1) / 2, static_cast<double>(group.edges.size()));
        for (const TokenPair& edge : group.edges)
            log10 += bothLog10(m_support.at({edge.first, edge.second}), m_support.at({edge.second, edge.first}));
        return log10;
    }

    /// That so many of the members' votes go to members at all.
    [[nodiscard]] double log10ByVotes(const Ring& ring) const
    {
        const SiteFacts& facts = m_scene.facts;
        std::size_t votes = 0;
        double expected = 0;
        for (const Index voter : ring.members) {
            for (const Index author : ring.members) {
                if (voter == author)
                    continue;
                const auto found = m_support.find({voter, author});
                const std::size_t here = found == m_support.end() ? 0 : found->second.rows.size();
                votes += here;
                const double share =
                    (std::max(0.0, facts.ofAuthor[author] - static_cast<double>(here)) + 0.5) / (facts.votesWithAuthor + 1);
                expected += expectedSupport(facts.ofToken[voter], share, m_rule);
            }
        }
        return log10PoissonTail(votes, expected);
    }

    void addRing(const Group& group, std::vector<Ring>& rings) const
    {
        Ring ring;
        ring.members = group.members;
        ring.pairs = group.edges.size();
        const double log10 =
            log10Choose(static_cast<double>(m_scene.facts.activeTokens), static_cast<double>(ring.members.size())) +
            std::log10(2.0) + std::min(log10ByPairs(group), log10ByVotes(ring));
        if (log10 > std::log10(m_rule.maxProbability))
            return;
        for (const auto& [pair, support] : m_support) {
            if (inRing(ring, pair) && support.log10 < -1)
                ring.rows.insert(ring.rows.end(), support.rows.begin(), support.rows.end());
        }
        sortByTime(m_votes, ring.rows);
        ring.score = -log10;
        ring.severity = severityBy(ring.rows.size(), m_rule.highVotes, m_rule.criticalVotes);
        rings.push_back(std::move(ring));
    }

    void addCounterEvidence(const Ring& ring, std::size_t given, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (5 * ring.rows.size() < given)
            against.push_back("Most votes of the members go to others: they are readers of the site as well.");
        const std::size_t members = ring.members.size();
        if (ring.pairs < members * (members - 1) / 4)
            against.push_back("Less than half of the pairs support each other: a circle of friends is no denser.");
        if (m_scene.facts.reciprocity > 0.1)
            against.push_back("Votes are often returned on this site.");
        if (against.empty())
            against.push_back("Authors of one narrow subject read, and may like, each other.");
    }

    [[nodiscard]] domain::VoteMatrix matrixOf(const Ring& ring) const
    {
        domain::VoteMatrix matrix;
        const std::size_t shown = std::min<std::size_t>(ring.members.size(), 40);
        for (std::size_t at = 0; at < shown; ++at) {
            matrix.voters.emplace_back(m_votes.tokens.key(ring.members[at]));
            matrix.authors.emplace_back(m_votes.tokens.key(ring.members[at]));
        }
        for (std::uint32_t voter = 0; voter < shown; ++voter) {
            for (std::uint32_t author = 0; author < shown; ++author) {
                const auto found = m_support.find({ring.members[voter], ring.members[author]});
                if (found != m_support.end() && !found->second.rows.empty())
                    matrix.cells.push_back({voter, author, static_cast<std::int64_t>(found->second.rows.size()),
                                            found->second.expected / m_rule.factor});
            }
        }
        return matrix;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const VoteRingRule& m_rule;
    std::map<VoterAuthor, Support> m_support;
};

} // namespace

std::optional<Findings> findVoteRings(const Scene& scene, const std::vector<VoterAuthor>& mutual, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    VoteRing detector{scene, mutual};
    const RowGroups cast = rowsByValue(votes.token, votes.castAt, detector.tokens(), votes.tokens.size());
    for (std::size_t at = 0; at < cast.size(); ++at) {
        detector.addVotesOf(cast.group(at));
        if (at % 1024 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    std::vector<Ring> rings = detector.rings();
    return findingsOf(rings, scene, progress, [&](const Ring& ring) { return detector.flagOf(ring); });
}

} // namespace scr::detect
