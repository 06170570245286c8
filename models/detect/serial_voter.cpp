#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/nulls.h"
#include "detect/token_rows.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Severity;

constexpr double kOwnPrior = 20; ///< weight, in votes, of the author's share in a token's own habit

/// Votes of one token on one author's posts, each within the window of the one before.
struct Candidate {
    Index voter{};
    Index author{};
    std::vector<std::uint32_t> rows;
    std::size_t votes{};       ///< of the token meanwhile, on whomever
    double share{};            ///< of the site's other votes that go to the author
    double ownShare{};         ///< of the token's votes outside
    std::uint64_t elsewhere{}; ///< those votes
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{voter, author, rows.front()}; }
};

class SerialVoter {
public:
    explicit SerialVoter(const Scene& scene) : m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.serialVoter} {}

    void addCandidates(Index author, std::span<const std::uint32_t> rows, std::vector<Candidate>& candidates) const
    {
        std::vector<std::size_t> theirs; // places in rows
        std::set<Index> posts;           // a vote repeated on one post is a matter of duplicate_votes
        for (std::size_t at = 0; at < rows.size(); ++at) {
            if (m_votes.authorOf(m_votes.post[rows[at]]) == author && posts.insert(m_votes.post[rows[at]]).second)
                theirs.push_back(at);
        }
        for (std::size_t begin = 0; begin < theirs.size();) {
            std::size_t end = begin + 1;
            while (end < theirs.size() &&
                   m_votes.castAt[rows[theirs[end]]] - m_votes.castAt[rows[theirs[end - 1]]] <= m_rule.window.count())
                ++end;
            if (end - begin >= m_rule.votes)
                judge(author, rows, std::span{theirs}.subspan(begin, end - begin), theirs.size(), candidates);
            begin = end;
        }
    }

    /// `ofVoter`: rows of all the token's votes.
    [[nodiscard]] Flag flagOf(const Candidate& candidate, std::span<const std::uint32_t> ofVoter) const
    {
        const std::string author = m_votes.tokens.key(candidate.author);
        Flag flag = flagOver(m_scene, domain::DetectorId::SerialVoter,
                             {domain::SubjectKind::Token, m_votes.tokens.key(candidate.voter), {}}, candidate.rows);
        flag.key =
            domain::flagKeyOf(flag.detector, {domain::SubjectKind::Token, flag.subject.key + '\x1f' + author, {}}, flag.from);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        flag.rule = parametersOf(m_rule);
        const std::string span = domain::durationText(flag.to - flag.from);
        flag.headline = "One token voted on one author's posts in a row";
        flag.summary = fmt::format("{} votes on one author in {}", countText(candidate.rows.size()), span);
        flag.explanation = fmt::format(
            "{} of the {} votes that the token cast in {} went to posts of author {}, {}. This author gets {:.3g} % "
            "of the site's votes; odds {:g} times as high, which a fan is allowed, would give {:.2g}. That happens {}.",
            countText(candidate.rows.size()), countText(candidate.votes), span, keyText(author),
            directionText(m_votes, candidate.rows), 100 * candidate.share, m_rule.factor,
            likelyShare(candidate.share, m_rule) * static_cast<double>(candidate.votes), tryText(-candidate.score));
        addCounterEvidence(candidate, flag);
        flag.clearsIf = "Clears if the posts were shown to the token one after the other, as a list of one author's posts is.";
        flag.evidence = matrixOf(candidate, ofVoter);
        return flag;
    }

private:
    void judge(Index author, std::span<const std::uint32_t> rows, std::span<const std::size_t> theirs, std::size_t all,
               std::vector<Candidate>& candidates) const
    {
        Candidate candidate;
        candidate.voter = m_votes.token[rows.front()];
        candidate.author = author;
        for (const std::size_t at : theirs)
            candidate.rows.push_back(rows[at]);
        candidate.votes = theirs.back() - theirs.front() + 1;
        const auto here = static_cast<double>(theirs.size());
        const SiteFacts& facts = m_scene.facts;
        candidate.share = (std::max(0.0, facts.ofAuthor[author] - here) + 0.5) / (facts.votesWithAuthor + 1);
        candidate.elsewhere = rows.size() - candidate.votes;
        candidate.ownShare = (static_cast<double>(all - theirs.size()) + kOwnPrior * candidate.share) /
                             (static_cast<double>(candidate.elsewhere) + kOwnPrior);
        const double log10 = log10SerialVotes(theirs.size(), candidate.votes, candidate.share, candidate.ownShare, m_rule);
        if (log10 > std::log10(m_rule.maxProbability))
            return;
        candidate.score = -log10;
        candidate.severity = severityBy(theirs.size(), m_rule.highVotes, m_rule.criticalVotes);
        candidates.push_back(std::move(candidate));
    }

    void addCounterEvidence(const Candidate& candidate, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        const auto up = static_cast<std::size_t>(std::count_if(candidate.rows.begin(), candidate.rows.end(),
                                                               [&](std::uint32_t row) { return m_votes.value[row] > 0; }));
        if (5 * std::min(up, candidate.rows.size() - up) >= candidate.rows.size())
            against.push_back("The votes go both ways, as those of a reader with an opinion on each post do.");
        if (candidate.ownShare > 3 * candidate.share && candidate.elsewhere > 0)
            against.push_back(
                fmt::format("The token votes on this author at other times too, {:.2g} % of its other votes: a fan does that.",
                            100 * candidate.ownShare));
        if (up == candidate.rows.size())
            against.push_back(
                "All votes are in favour: somebody who has just found an author reads and likes one post after the other.");
        if (against.empty())
            against.push_back("A reader who is angry about one post may look for the author's others: that is against one person "
                              "all the same.");
    }

    /// The token's row: this author and those it voted on most besides.
    [[nodiscard]] domain::VoteMatrix matrixOf(const Candidate& candidate, std::span<const std::uint32_t> ofVoter) const
    {
        std::map<Index, std::int64_t> counts;
        for (const std::uint32_t row : ofVoter) {
            if (const Index author = m_votes.authorOf(m_votes.post[row]); author != domain::kNoIndex)
                ++counts[author];
        }
        std::vector<std::pair<std::int64_t, Index>> most;
        for (const auto& [author, votes] : counts) {
            if (author != candidate.author)
                most.emplace_back(-votes, author);
        }
        std::sort(most.begin(), most.end());
        most.resize(std::min<std::size_t>(most.size(), 9));
        most.insert(most.begin(), {-counts[candidate.author], candidate.author});
        domain::VoteMatrix matrix;
        matrix.voters.emplace_back(m_votes.tokens.key(candidate.voter));
        for (const auto& [votes, author] : most) {
            const double share = m_scene.facts.ofAuthor[author] / std::max(1.0, m_scene.facts.votesWithAuthor);
            matrix.cells.push_back(
                {0, static_cast<std::uint32_t>(matrix.authors.size()), -votes, share * static_cast<double>(ofVoter.size())});
            matrix.authors.emplace_back(m_votes.tokens.key(author));
        }
        return matrix;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const SerialVoterRule& m_rule;
};

} // namespace

std::optional<Findings> findSerialVoters(const Scene& scene, const std::vector<VoterAuthor>& suspects, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const std::vector<Index> voters = distinctOf(suspects, [](const VoterAuthor& suspect) { return suspect.voter; });
    const RowGroups cast = rowsByValue(votes.token, votes.castAt, voters, votes.tokens.size());
    const SerialVoter detector{scene};
    std::vector<Candidate> candidates;
    for (std::size_t at = 0; at < suspects.size(); ++at) {
        detector.addCandidates(suspects[at].author, cast.group(placeOf(voters, suspects[at].voter)), candidates);
        if (at % 1024 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findingsOf(candidates, scene, progress, [&](const Candidate& candidate) {
        return detector.flagOf(candidate, cast.group(placeOf(voters, candidate.voter)));
    });
}

} // namespace scr::detect
