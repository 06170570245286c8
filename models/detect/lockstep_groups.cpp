#include "detect/lockstep_groups.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "detect/flag_parts.h"
#include "detect/followers.h"
#include "detect/groups.h"
#include "detect/post_popularity.h"
#include "detect/tails.h"
#include "detect/token_rows.h"

namespace scr::detect {

namespace {

using domain::Index;

constexpr double kPresence = 0.25;    ///< share of the members that make an event of a post
constexpr double kMembership = 0.3;   ///< share of the events that make a member
constexpr std::size_t kTriangles = 2; ///< of four tokens that all met
constexpr double kLog10Joins = -6;    ///< of a token that was not named by the screen

class Search {
public:
    Search(const Scene& scene, const LockstepRule& rule, const RowGroups& byToken) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{rule}, m_byToken{byToken}
    {
    }

    [[nodiscard]] std::vector<LockstepGroup> run(const std::vector<TokenPair>& pairs, Progress& progress)
    {
        std::vector<LockstepGroup> found;
        std::vector<TokenPair> edges = trussOf(pairs, kTriangles);
        if (edges.empty())
            return found;
        readRows();
        // A group that hung on a denser one by chance can have fallen apart before the two came apart: without the members of
        // what was found it gets another look.
        for (std::size_t before = 1; before > 0 && progress.advance(0);) {
            const std::size_t known = found.size();
            for (Group& group : componentsOf(edges))
                takeApart(std::move(group), found, progress);
            before = found.size() - known;
            std::vector<Index> taken;
            for (std::size_t at = known; at < found.size(); ++at)
                taken.insert(taken.end(), found[at].members.begin(), found[at].members.end());
            std::sort(taken.begin(), taken.end());
            edges = edgesWithout(std::move(edges), taken);
        }
        dropRepeated(found);
        return found;
    }

private:
    [[nodiscard]] static std::vector<TokenPair> edgesWithout(std::vector<TokenPair> edges, const std::vector<Index>& members)
    {
        const auto isMember = [&](Index token) { return std::binary_search(members.begin(), members.end(), token); };
        std::erase_if(edges, [&](const TokenPair& edge) { return isMember(edge.first) || isMember(edge.second); });
        return trussOf(std::move(edges), kTriangles);
    }

    /// Looks at a component, and where it is no group at what is left of it when looser edges fall away, again and again.
    void takeApart(Group component, std::vector<LockstepGroup>& found, Progress& progress)
    {
        std::vector<std::pair<Group, std::size_t>> waiting;
        waiting.emplace_back(std::move(component), kTriangles);
        while (!waiting.empty() && progress.advance(0)) {
            const auto [group, least] = std::move(waiting.back());
            waiting.pop_back();
            if (group.members.size() < m_rule.members)
                continue;
            const std::size_t known = found.size();
            look(group.members, found);
            const bool isGroup = found.size() > known;
            const std::size_t next = isGroup ? least : least + 1 + least / 2;
            const std::vector<TokenPair> rest =
                isGroup ? edgesWithout(group.edges, found.back().members) : trussOf(group.edges, next);
            for (Group& part : componentsOf(rest))
                waiting.emplace_back(std::move(part), next);
        }
    }

    /// Rows of the tokens on posts with at least `needed` of them, by post, then time.
    [[nodiscard]] std::vector<std::uint32_t> rowsOf(const std::vector<Index>& tokens, std::size_t needed)
    {
        const auto eachRow = [&](auto visit) {
            for (const Index token : tokens) {
                for (const std::uint32_t row : m_byToken.group(token))
                    visit(row);
            }
        };
        eachRow([&](std::uint32_t row) { ++m_onPost[m_votes.post[row]]; });
        std::vector<std::uint32_t> rows;
        eachRow([&](std::uint32_t row) {
            if (m_onPost[m_votes.post[row]] >= needed)
                rows.push_back(row);
        });
        eachRow([&](std::uint32_t row) { m_onPost[m_votes.post[row]] = 0; });
        std::sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
            return std::tuple{m_votes.post[left], m_votes.castAt[left], left} <
                   std::tuple{m_votes.post[right], m_votes.castAt[right], right};
        });
        return rows;
    }

    /// The window with the most distinct tokens among one post's votes.
    [[nodiscard]] LockstepEvent densest(std::span<const std::uint32_t> rows) const
    {
        LockstepEvent best;
        std::size_t most = 0;
        std::size_t first = 0;
        std::size_t last = 0;
        std::size_t oldest = 0;
        for (std::size_t newest = 0; newest < rows.size(); ++newest) {
            while (m_votes.castAt[rows[newest]] - m_votes.castAt[rows[oldest]] > m_rule.window.count())
                ++oldest;
            if (newest - oldest + 1 > most) {
                most = newest - oldest + 1;
                first = oldest;
                last = newest;
            }
        }
        best.post = m_votes.post[rows.front()];
        best.from = m_votes.castAt[rows[first]];
        best.to = m_votes.castAt[rows[last]];
        std::unordered_set<Index> seen;
        for (std::size_t at = first; at <= last; ++at) {
            if (seen.insert(m_votes.token[rows[at]]).second)
                best.rows.push_back(rows[at]);
        }
        for (const std::uint32_t row : rows)
            seen.insert(m_votes.token[row]);
        best.members = seen.size();
        return best;
    }

    [[nodiscard]] static std::size_t presenceNeeded(std::size_t members)
    {
        return std::max<std::size_t>(3, static_cast<std::size_t>(std::ceil(kPresence * static_cast<double>(members))));
    }

    /// Posts on which a good part of the members met; `common` counts what they voted on in common at all.
    [[nodiscard]] std::vector<LockstepEvent> eventsOf(const std::vector<Index>& members, std::size_t& common)
    {
        const std::size_t needed = presenceNeeded(members.size());
        const std::vector<std::uint32_t> rows = rowsOf(members, needed);
        std::vector<LockstepEvent> events;
        common = 0;
        for (std::size_t begin = 0; begin < rows.size();) {
            std::size_t end = begin + 1;
            while (end < rows.size() && m_votes.post[rows[end]] == m_votes.post[rows[begin]])
                ++end;
            if (end - begin >= needed) {
                LockstepEvent event = densest(std::span{rows}.subspan(begin, end - begin));
                common += event.members >= needed ? event.members : 0;
                if (event.rows.size() >= needed)
                    events.push_back(std::move(event));
            }
            begin = end;
        }
        std::sort(events.begin(), events.end(), [](const LockstepEvent& left, const LockstepEvent& right) {
            return std::tuple{left.from, left.post} < std::tuple{right.from, right.post};
        });
        return events;
    }

    [[nodiscard]] std::size_t eventsNeeded(std::size_t events) const
    {
        return std::max<std::size_t>(m_rule.posts,
                                     static_cast<std::size_t>(std::ceil(kMembership * static_cast<double>(events))));
    }

    /// Members that were part of enough events.
    [[nodiscard]] std::vector<Index> faithful(const std::vector<LockstepEvent>& events) const
    {
        std::unordered_map<Index, std::size_t> count;
        for (const LockstepEvent& event : events) {
            for (const std::uint32_t row : event.rows)
                ++count[m_votes.token[row]];
        }
        std::vector<Index> members;
        for (const auto& [token, times] : count) {
            if (times >= eventsNeeded(events.size()))
                members.push_back(token);
        }
        std::sort(members.begin(), members.end());
        return members;
    }

    /// All rows by post, once: looking for those of each group anew would walk all votes each time.
    void readRows()
    {
        m_onPost.assign(m_votes.posts.size(), 0);
        m_popularity.emplace(m_scene.facts);
    }

    /// Calls with each vote of somebody else on the event's post within the window.
    template <class Visit>
    void eachOther(const LockstepEvent& event, const std::vector<Index>& members, Visit visit) const
    {
        const auto [from, to] = windowAround(event, m_rule);
        const std::span<const std::uint32_t> rows = m_scene.byPost().group(event.post);
        auto at = std::partition_point(rows.begin(), rows.end(),
                                       [&, start = from](std::uint32_t row) { return m_votes.castAt[row] < start; });
        for (; at != rows.end() && m_votes.castAt[*at] <= to; ++at) {
            if (!std::binary_search(members.begin(), members.end(), m_votes.token[*at]))
                visit(m_votes.token[*at]);
        }
    }

    void countOthers(std::vector<LockstepEvent>& events, const std::vector<Index>& members) const
    {
        for (LockstepEvent& event : events)
            eachOther(event, members, [&](Index) { event.others += 1; });
    }

    /// The members, and with them tokens that were part of enough of the events, and hardly by chance.
    [[nodiscard]] std::vector<Index> joined(const std::vector<LockstepEvent>& events, const std::vector<Index>& members) const
    {
        std::unordered_map<Index, std::size_t> count;
        double near = 0;
        for (const LockstepEvent& event : events) {
            eachOther(event, members, [&](Index token) { ++count[token]; });
            near += event.others;
        }
        std::vector<Index> more = members;
        for (const auto& [token, times] : count) {
            const double expected = kLockstepOverdispersion * m_scene.facts.ofToken[token] * near / m_scene.facts.votes;
            if (times >= eventsNeeded(events.size()) && log10PoissonTail(times, expected) <= kLog10Joins)
                more.push_back(token);
        }
        std::sort(more.begin(), more.end());
        return more;
    }

    void look(std::vector<Index> members, std::vector<LockstepGroup>& found)
    {
        LockstepGroup candidate;
        std::size_t common = 0;
        for (int round = 0; round < 4; ++round) {
            candidate.events = eventsOf(members, common);
            const std::vector<Index> kept = faithful(candidate.events);
            const bool settled = kept == members;
            members = kept;
            if (members.size() < m_rule.members)
                return;
            if (settled)
                break;
        }
        candidate.events = eventsOf(members, common);
        countOthers(candidate.events, members);
        const std::vector<Index> more = joined(candidate.events, members);
        if (more != members) {
            candidate.events = eventsOf(more, common);
            members = faithful(candidate.events);
            candidate.events = eventsOf(members, common);
            countOthers(candidate.events, members);
        }
        candidate.members = std::move(members);
        judge(std::move(candidate), common, found);
    }

    /// Counts what members and others did while the group met.
    void lookAround(const std::vector<Index>& members, LockstepEvent& event) const
    {
        const auto [from, to] = windowAround(event, m_rule);
        for (const Index member : members) {
            const std::span<const std::uint32_t> rows = m_byToken.group(member);
            const auto begin = std::partition_point(rows.begin(), rows.end(),
                                                    [&, start = from](std::uint32_t row) { return m_votes.castAt[row] < start; });
            const auto end = std::partition_point(begin, rows.end(),
                                                  [&, last = to](std::uint32_t row) { return m_votes.castAt[row] <= last; });
            event.meanwhile += static_cast<std::size_t>(end - begin);
        }
        event.site = static_cast<double>(m_scene.order.countBetween(from, to)) - static_cast<double>(event.meanwhile);
    }

    /// That so many of the votes which the members cast just then went to this post, by what everybody else voted on just then:
    /// an event that brings everybody at one time is no evidence, only what they chose is.
    [[nodiscard]] double choiceLog10(const LockstepEvent& event) const
    {
        constexpr double kPrior = 20; ///< votes that the post's share of all time weighs
        const double always =
            (static_cast<double>(m_scene.facts.ofPost[event.post]) - static_cast<double>(event.rows.size()) + 1) /
            m_scene.facts.votes;
        const double share = (event.others + 0.5 + kPrior * always) / (std::max(0.0, event.site) + kPrior);
        return log10BinomialTail(event.rows.size(), std::max(event.meanwhile, event.rows.size()),
                                 std::min(0.95, kLockstepOverdispersion * share));
    }

    /// That so many of the members were there just then, by how active they are and how many others were. People have reasons to
    /// come at one time that the counts do not show, so it counts for little.
    [[nodiscard]] double presenceLog10(const LockstepEvent& event, double activity) const
    {
        constexpr double kMost = -8;
        constexpr double kFactor = 3;
        const double expected = kFactor * activity * (std::max(0.0, event.site) + 1) / m_scene.facts.votes;
        return std::max(kMost, log10PoissonTail(event.rows.size(), expected));
    }

    void judge(LockstepGroup candidate, std::size_t common, std::vector<LockstepGroup>& found) const
    {
        if (candidate.members.size() < m_rule.members || candidate.events.size() < m_rule.posts)
            return;
        double activity = 0;
        for (const Index member : candidate.members)
            activity += m_scene.facts.ofToken[member];
        double log10 =
            log10Choose(static_cast<double>(m_scene.facts.activeTokens), static_cast<double>(candidate.members.size())) +
            log10Choose(static_cast<double>(m_scene.facts.activePosts), static_cast<double>(candidate.events.size()));
        std::size_t fell = 0;
        const std::vector<double> following =
            expectedOfFollowers(m_scene, m_rule, m_scene.byPost(), candidate.members, candidate.events);
        for (std::size_t at = 0; at < candidate.events.size(); ++at) {
            LockstepEvent& event = candidate.events[at];
            lookAround(candidate.members, event);
            const double active = activity * (event.others + 1) / m_scene.facts.votes;
            candidate.followed = candidate.followed || following[at] > active;
            const double expected = kLockstepOverdispersion * std::max(active, following[at]);
            log10 += std::max(log10PoissonTail(event.rows.size(), expected), choiceLog10(event) + presenceLog10(event, activity));
            candidate.expected = std::max(candidate.expected, expected);
            fell += event.rows.size();
            candidate.rows.insert(candidate.rows.end(), event.rows.begin(), event.rows.end());
        }
        const double inStep = static_cast<double>(fell);
        const double byChance =
            m_popularity->commonByChance(presenceNeeded(candidate.members.size()), std::max(0.0, activity - inStep));
        candidate.together = inStep / std::max({1.0, inStep, static_cast<double>(common) - byChance});
        if (log10 > std::log10(m_rule.maxProbability) || candidate.together < m_rule.together)
            return;
        sortByTime(m_votes, candidate.rows);
        candidate.score = -log10;
        candidate.severity = severityBy(candidate.members.size(), m_rule.highMembers, m_rule.criticalMembers);
        found.push_back(std::move(candidate));
    }

    /// Two components may grow into one and the same group.
    static void dropRepeated(std::vector<LockstepGroup>& found)
    {
        std::sort(found.begin(), found.end(), [](const LockstepGroup& left, const LockstepGroup& right) {
            return std::tuple{left.members, -left.score} < std::tuple{right.members, -right.score};
        });
        std::vector<LockstepGroup> kept;
        for (LockstepGroup& candidate : found) {
            const bool known = std::any_of(kept.begin(), kept.end(), [&](const LockstepGroup& other) {
                std::vector<Index> both;
                std::set_intersection(candidate.members.begin(), candidate.members.end(), other.members.begin(),
                                      other.members.end(), std::back_inserter(both));
                return 2 * both.size() > candidate.members.size();
            });
            if (!known)
                kept.push_back(std::move(candidate));
        }
        found = std::move(kept);
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const LockstepRule& m_rule;
    const RowGroups& m_byToken;
    std::vector<std::uint32_t> m_onPost; ///< rows of the tokens looked at, by post; all 0 in between
    std::optional<PostPopularity> m_popularity;
};

} // namespace

std::pair<std::int64_t, std::int64_t> windowAround(const LockstepEvent& event, const LockstepRule& rule) noexcept
{
    const std::int64_t slack = std::max<std::int64_t>(0, rule.window.count() - (event.to - event.from)) / 2;
    return {event.from - slack, event.to + slack};
}

std::vector<LockstepGroup> lockstepGroups(const Scene& scene, const LockstepRule& rule, const RowGroups& byToken,
                                          const std::vector<TokenPair>& pairs, Progress& progress)
{
    return Search{scene, rule, byToken}.run(pairs, progress);
}

} // namespace scr::detect
