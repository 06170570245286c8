#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/flag_parts.h"
#include "detect/group_matrix.h"
#include "detect/lockstep_groups.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;

/// Tells of a group what a moderator needs.
class Lockstep {
public:
    explicit Lockstep(const Scene& scene) : m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.lockstep} {}

    [[nodiscard]] Flag flagOf(const LockstepGroup& candidate) const
    {
        Flag flag = flagOver(m_scene, domain::DetectorId::Lockstep,
                             {domain::SubjectKind::Group, m_votes.tokens.key(candidate.members.front()), {}}, candidate.rows);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        flag.rule = parametersOf(m_rule);
        const std::size_t members = candidate.members.size();
        const std::size_t events = candidate.events.size();
        flag.headline = "A group of tokens votes in step";
        flag.summary = fmt::format("{} tokens together on {} posts", countText(members), countText(events));
        flag.explanation = fmt::format(
            "{} tokens voted on the same {} posts, each time within {} of each other, {} votes in all, {}. {:.0f} % of what they "
            "voted on in common fell together like that. By how active they and the posts are{}, at most {:.2g} of them would "
            "meet on one of these posts; that such a group exists by chance is {}.",
            countText(members), countText(events), domain::durationText(longest(candidate)), countText(candidate.rows.size()),
            directionText(m_votes, candidate.rows), 100 * candidate.together,
            candidate.followed ? ", and by when others come who follow their authors" : "",
            candidate.expected / kLockstepOverdispersion, oddsText(-candidate.score));
        addCounterEvidence(candidate, flag);
        flag.clearsIf = "Clears if the tokens were sent to these posts together, as a class or a chat group is by a link.";
        flag.evidence = matrixOf(m_votes, candidate);
        return flag;
    }

private:
    static domain::Micros longest(const LockstepGroup& candidate)
    {
        std::int64_t most = 0;
        for (const LockstepEvent& event : candidate.events)
            most = std::max(most, event.to - event.from);
        return domain::Micros{most};
    }

    void addCounterEvidence(const LockstepGroup& candidate, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        std::unordered_set<Index> authors;
        std::unordered_set<Index> networks;
        for (const std::uint32_t row : candidate.rows) {
            authors.insert(m_votes.authorOf(m_votes.post[row]));
            networks.insert(m_votes.networkOf(row));
        }
        if (!authors.contains(domain::kNoIndex) && 2 * authors.size() <= candidate.events.size())
            against.push_back(
                fmt::format("The {} posts are by only {}: those who follow an author come when something is published.",
                            countText(candidate.events.size()), countOf(authors.size(), "author", "authors")));
        if (networks.contains(domain::kNoIndex))
            against.push_back("Where the votes came from is not known, so a shared line cannot be ruled out.");
        else if (4 * networks.size() <= candidate.members.size())
            against.push_back(fmt::format("The tokens share {}: one house full of people would look like this.",
                                          countOf(networks.size(), "network", "networks")));
        double own = 0;
        for (const Index member : candidate.members)
            own += m_scene.facts.ofToken[member];
        if (own > 2 * static_cast<double>(candidate.rows.size()))
            against.push_back(fmt::format("{:.0f} % of the tokens' votes are others, at times of their own.",
                                          100 * (1 - static_cast<double>(candidate.rows.size()) / own)));
        if (against.empty())
            against.push_back("A link sent to a group of people brings all of them within minutes, but hardly so often.");
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const LockstepRule& m_rule;
};

} // namespace

std::optional<Findings> findLockstep(const Scene& scene, const RowGroups& byToken, const std::vector<TokenPair>& pairs,
                                     Progress& progress)
{
    if (pairs.empty())
        return Findings{};
    std::vector<LockstepGroup> groups = lockstepGroups(scene, scene.rules.lockstep, byToken, pairs, progress);
    if (progress.stopped())
        return std::nullopt;
    const Lockstep detector{scene};
    return findingsOf(groups, scene, progress, [&](const LockstepGroup& group) { return detector.flagOf(group); });
}

} // namespace scr::detect
