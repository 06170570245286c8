#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/group_matrix.h"
#include "detect/groups.h"
#include "detect/tails.h"
#include "detect/token_rows.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::NetworkCode;

/// Two tokens of one address that voted on the same posts soon after each other.
struct Pair {
    TokenPair tokens;
    std::vector<std::uint32_t> rows; ///< of both at the address, by time
    std::size_t tries{};             ///< votes of the one soon after the other
    double expected{};
    double log10{};
};

/// Tokens of one address that one person seems to use by turns.
struct Candidate : LockstepGroup {
    std::size_t tries{};
    std::size_t seen{}; ///< tokens at the address
    std::string network;
};

/// The votes of one address, by time, and who met there.
struct Address {
    std::vector<std::uint32_t> rows;
    std::vector<Pair> pairs;
};

class TokenHopping {
public:
    explicit TokenHopping(const Scene& scene) : m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.tokenHopping} {}

    /// Once for each address that is to be looked at; `rows` by time.
    void addAddress(std::span<const std::uint32_t> rows)
    {
        std::vector<Pair> pairs = pairsOf(rows);
        if (!pairs.empty())
            m_addresses.push_back({{rows.begin(), rows.end()}, std::move(pairs)});
    }

    /// When all addresses are there.
    [[nodiscard]] std::vector<Candidate> candidates()
    {
        std::vector<Candidate> candidates;
        for (Address& address : m_addresses)
            addCandidates(address, candidates);
        return candidates;
    }

    [[nodiscard]] Flag flagOf(const Candidate& candidate) const
    {
        const LockstepGroup& group = candidate;
        Flag flag = flagOver(m_scene, domain::DetectorId::TokenHopping,
                             {domain::SubjectKind::Group, m_votes.tokens.key(group.members.front()), {}}, group.rows);
        flag.score = group.score;
        flag.severity = group.severity;
        flag.rule = parametersOf(m_rule);
        flag.extraVotes.clear(); // a person has one vote a post: the first one stays
        for (const LockstepEvent& event : group.events) {
            for (const std::uint32_t row : std::span{event.rows}.subspan(1))
                flag.extraVotes.emplace_back(m_votes.voteKeys.at(row));
        }
        flag.headline = "One address votes with one token after the other";
        flag.summary =
            fmt::format("{} tokens by turns on {} posts", countText(group.members.size()), countText(group.events.size()));
        flag.explanation = fmt::format(
            "{} tokens voted from one address of {}, on the same {} posts within {} of each other, {} votes in all, {}. While "
            "another one of them was there they cast {}; by what everybody voted on just then, {:.2g} of these would be on a "
            "post that the other had chosen, and {:g} times that is allowed for. That two of the site's tokens meet so often by "
            "chance is {}.",
            countText(group.members.size()), candidate.network, countText(group.events.size()),
            domain::durationText(m_rule.window), countText(group.rows.size()), directionText(m_votes, group.rows),
            countOf(candidate.tries, "vote", "votes"), group.expected / m_rule.factor, m_rule.factor, oddsText(-group.score));
        auto& against = flag.counterEvidence;
        if (group.members.size() == 2)
            against.emplace_back("Two people of one household who show each other what they read look like this.");
        else
            against.emplace_back("A class or a family at one screen takes turns like this.");
        if (group.severity == domain::Severity::Low)
            against.emplace_back("They vote at other times as well, or not always for the same.");
        if (candidate.seen > 2 * group.members.size())
            against.push_back(
                fmt::format("{} tokens were seen at the address: it may be a shared line.", countText(candidate.seen)));
        flag.clearsIf = "Clears if the tokens belong to people who sit together and were told of these posts.";
        flag.evidence = matrixOf(m_votes, group);
        return flag;
    }

private:
    void addCandidates(Address& address, std::vector<Candidate>& candidates) const
    {
        std::vector<TokenPair> edges;
        for (Pair& pair : address.pairs) {
            judge(pair);
            if (pair.log10 <= std::log10(m_rule.maxProbability))
                edges.push_back(pair.tokens);
        }
        if (edges.empty())
            return;
        const std::size_t seen = distinctOf(address.rows, [&](std::uint32_t row) { return m_votes.token[row]; }).size();
        std::sort(edges.begin(), edges.end());
        for (Group& group : componentsOf(edges)) {
            Candidate candidate;
            candidate.seen = seen;
            candidate.network =
                domain::networkText(static_cast<NetworkCode>(m_votes.networks.number(m_votes.network[address.rows.front()])));
            candidate.members = std::move(group.members);
            for (const Pair& pair : address.pairs) {
                if (!std::binary_search(group.edges.begin(), group.edges.end(), pair.tokens))
                    continue;
                candidate.tries += pair.tries;
                candidate.expected += pair.expected;
                candidate.score = std::max(candidate.score, -pair.log10); // pairs of one person are not independent
            }
            addEvents(address.rows, candidate);
            candidate.severity = candidate.members.size() > 2 || isNothingElse(candidate)
                                     ? severityBy(candidate.members.size(), m_rule.highMembers, m_rule.criticalMembers)
                                     : domain::Severity::Low;
            candidates.push_back(std::move(candidate));
        }
    }

    using Meetings = std::map<TokenPair, std::size_t>;

    /// How often tokens met, of those that met on enough posts; of an address with many at one time, a vote looks back at the
    /// last few only.
    [[nodiscard]] Meetings meetingsOf(std::span<const std::uint32_t> rows) const
    {
        constexpr std::size_t kBack = 64;
        struct Visit {
            std::int64_t at;
            Index token;
            Index post;
        };
        std::vector<Visit> visits; // side by side, as each is compared with so many
        visits.reserve(rows.size());
        for (const std::uint32_t row : rows)
            visits.push_back({m_votes.castAt[row], m_votes.token[row], m_votes.post[row]});
        Meetings meetings;
        for (std::size_t at = 0; at < visits.size(); ++at) {
            const Visit& one = visits[at];
            for (std::size_t back = at; back-- > 0 && at - back <= kBack;) {
                const Visit& other = visits[back];
                if (one.at - other.at > m_rule.window.count())
                    break;
                if (one.post == other.post && one.token != other.token)
                    ++meetings[{std::min(one.token, other.token), std::max(one.token, other.token)}];
            }
        }
        std::erase_if(meetings, [&](const auto& entry) { return entry.second < m_rule.posts; });
        return meetings;
    }

    [[nodiscard]] std::vector<Pair> pairsOf(std::span<const std::uint32_t> rows) const
    {
        const Meetings meetings = meetingsOf(rows);
        std::unordered_map<Index, std::vector<std::size_t>> placesOf; // in `rows`, of the tokens of these pairs
        for (const auto& meeting : meetings)
            placesOf[meeting.first.first] = placesOf[meeting.first.second] = {};
        for (std::size_t at = 0; !placesOf.empty() && at < rows.size(); ++at) {
            if (const auto of = placesOf.find(m_votes.token[rows[at]]); of != placesOf.end())
                of->second.push_back(at);
        }
        std::vector<Pair> pairs;
        for (const auto& meeting : meetings) {
            std::vector<std::size_t> places;
            std::ranges::merge(placesOf[meeting.first.first], placesOf[meeting.first.second], std::back_inserter(places));
            Pair& pair = pairs.emplace_back(Pair{meeting.first, {}, 0, 0, 0});
            for (const std::size_t place : places)
                pair.rows.push_back(rows[place]);
        }
        return pairs;
    }

    /// Votes of the one soon after the other's, and how many of them were on a post that the other had just voted on.
    struct Following {
        std::size_t tries = 0;
        std::size_t meetings = 0;
        double expected = 0;

        void add(double likely, bool isMeeting)
        {
            ++tries;
            meetings += isMeeting ? 1U : 0U;
            expected += std::min(1.0, likely);
        }
        /// A sum of trials of unlike chances exceeds no more than one of like ones (Hoeffding 1956).
        [[nodiscard]] double log10() const
        {
            return tries == 0 ? 0 : log10BinomialTail(meetings, tries, std::min(0.95, expected / static_cast<double>(tries)));
        }
    };

    /// That the one, when both were there, chose what the other had chosen, by what everybody chose just then: that they come at
    /// one time is no evidence, people of one household do. Asked of all that the other chose within the window, and of the last
    /// one alone, which says more where few posts are alive; the better answer counts half.
    void judge(Pair& pair) const
    {
        Following any;
        Following last;
        std::unordered_set<Index> voted[2]; // a token votes on a post once
        for (std::size_t at = 0; at < pair.rows.size(); ++at) {
            const std::uint32_t row = pair.rows[at];
            std::unordered_set<Index>& own = voted[m_votes.token[row] == pair.tokens.first ? 0 : 1];
            double share = 0;
            bool isTry = false;
            bool isMeeting = false;
            for (std::size_t back = at; back-- > 0;) {
                const std::uint32_t before = pair.rows[back];
                if (m_votes.castAt[row] - m_votes.castAt[before] > m_rule.window.count())
                    break;
                if (m_votes.token[before] == m_votes.token[row] || own.contains(m_votes.post[before]))
                    continue;
                const double one = shareOf(m_votes.post[before], m_votes.castAt[before]);
                const bool isSame = m_votes.post[before] == m_votes.post[row];
                if (back + 1 == at)
                    last.add(m_rule.factor * one, isSame);
                isTry = true;
                isMeeting = isMeeting || isSame;
                share += one;
            }
            if (isTry)
                any.add(m_rule.factor * share, isMeeting);
            own.insert(m_votes.post[row]);
        }
        if (any.meetings < m_rule.posts)
            return;
        const Following& better = last.meetings >= m_rule.posts && last.log10() < any.log10() ? last : any;
        pair.tries = better.tries;
        pair.expected = better.expected;
        pair.log10 = better.log10() + std::log10(2) + log10Choose(static_cast<double>(m_scene.facts.activeTokens), 2);
    }

    /// The post's share of what everybody voted on about then.
    [[nodiscard]] double shareOf(Index post, std::int64_t at) const
    {
        constexpr double kPrior = 20; ///< votes that the post's share of all time weighs
        const std::span<const std::uint32_t> rows = m_scene.byPost().group(post);
        const auto isBefore = [&](std::uint32_t row, std::int64_t time) { return m_votes.castAt[row] < time; };
        const auto begin = std::lower_bound(rows.begin(), rows.end(), at - m_rule.window.count(), isBefore);
        const auto end = std::lower_bound(begin, rows.end(), at + m_rule.window.count() + 1, isBefore);
        const double always = m_scene.facts.ofPost[post] / m_scene.facts.votes;
        const auto site = static_cast<double>(m_scene.order.countBetween(at - m_rule.window.count(), at + m_rule.window.count()));
        const double others = std::max(0.0, static_cast<double>(end - begin) - 2) + 0.5; // without those of the two
        return (others + kPrior * always) / (site + kPrior);
    }

    /// Whether the members hardly vote but together, and always for the same: two people of one household differ at times.
    [[nodiscard]] bool isNothingElse(const Candidate& candidate) const
    {
        constexpr double kMost = 0.8;
        double own = 0;
        for (const Index member : candidate.members)
            own += m_scene.facts.ofToken[member];
        const auto isOfOneMind = [&](const LockstepEvent& event) {
            return std::all_of(event.rows.begin(), event.rows.end(), [&](std::uint32_t row) {
                return (m_votes.value[row] > 0) == (m_votes.value[event.rows.front()] > 0);
            });
        };
        return static_cast<double>(candidate.rows.size()) >= kMost * own &&
               std::all_of(candidate.events.begin(), candidate.events.end(), isOfOneMind);
    }

    /// The posts on which members met, by time of the first.
    void addEvents(std::span<const std::uint32_t> rows, LockstepGroup& group) const
    {
        std::map<Index, std::vector<std::uint32_t>> ofPost;
        for (const std::uint32_t row : rows) {
            if (std::binary_search(group.members.begin(), group.members.end(), m_votes.token[row]))
                ofPost[m_votes.post[row]].push_back(row);
        }
        for (const auto& ofOne : ofPost) {
            const std::vector<std::uint32_t>& here = ofOne.second;
            LockstepEvent event;
            for (std::size_t at = 0; at < here.size(); ++at) {
                const auto isNear = [&](std::size_t other) {
                    return other < here.size() && m_votes.token[here[other]] != m_votes.token[here[at]] &&
                           std::abs(m_votes.castAt[here[other]] - m_votes.castAt[here[at]]) <= m_rule.window.count();
                };
                if (isNear(at + 1) || isNear(at - 1)) // before the first there is none: its number is beyond all
                    event.rows.push_back(here[at]);
            }
            if (event.rows.empty())
                continue;
            event.post = ofOne.first;
            event.from = m_votes.castAt[event.rows.front()];
            event.to = m_votes.castAt[event.rows.back()];
            group.rows.insert(group.rows.end(), event.rows.begin(), event.rows.end());
            group.events.push_back(std::move(event));
        }
        std::sort(group.events.begin(), group.events.end(), [](const LockstepEvent& left, const LockstepEvent& right) {
            return std::tuple{left.from, left.post} < std::tuple{right.from, right.post};
        });
        sortByTime(m_votes, group.rows);
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const TokenHoppingRule& m_rule;
    std::vector<Address> m_addresses; ///< at which tokens met often
};

} // namespace

std::optional<Findings> findTokenHopping(const Scene& scene, const std::vector<NetworkCode>& suspects, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    std::vector<Index> networks;
    for (const NetworkCode code : suspects)
        networks.push_back(votes.networks.find(static_cast<std::int64_t>(code)));
    std::sort(networks.begin(), networks.end());
    const RowGroups groups = rowsByValue(votes.network, votes.castAt, networks, votes.networks.size());
    TokenHopping detector{scene};
    for (std::size_t at = 0; at < groups.size(); ++at) {
        std::vector<std::uint32_t> rows{groups.group(at).begin(), groups.group(at).end()};
        std::stable_sort(rows.begin(), rows.end(),
                         [&](std::uint32_t left, std::uint32_t right) { return votes.host[left] < votes.host[right]; });
        for (auto begin = rows.begin(); begin != rows.end();) {
            const auto end =
                std::find_if(begin, rows.end(), [&](std::uint32_t row) { return votes.host[row] != votes.host[*begin]; });
            detector.addAddress({begin, end});
            begin = end;
            if (!progress.advance(0))
                return std::nullopt;
        }
    }
    std::vector<Candidate> candidates = detector.candidates();
    return findingsOf(candidates, scene, progress, [&](const Candidate& candidate) { return detector.flagOf(candidate); });
}

} // namespace scr::detect
