#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

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
using domain::NetworkCode;
using domain::Severity;

/// A post with too many voters of a network.
struct Crowd {
    Index post{};
    std::size_t tokens{};
    double expected{};
    double log10{};
    std::vector<std::uint32_t> rows;
};

struct Candidate {
    NetworkCode network{};
    std::vector<Crowd> crowds; ///< the least likely first
    std::size_t tokens{};      ///< distinct, over all crowds
    std::size_t addresses{};
    double siteShare{};
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return network; }
};

class SubnetSocks {
    using Times = std::vector<std::int64_t>;
    static constexpr std::uint32_t kLikely = 1U << 31U;
    static constexpr std::uint32_t kUnlikely = kLikely + 1;

public:
    explicit SubnetSocks(const Scene& scene) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.subnetSocks}, m_here(scene.input.votes.posts.size())
    {
    }

    /// `rows`: all votes from the network, by time.
    void addCandidate(NetworkCode network, std::span<const std::uint32_t> rows, std::vector<Candidate>& candidates)
    {
        m_posts.clear();
        for (const std::uint32_t row : rows) {
            m_posts.push_back(m_votes.post[row]);
            ++m_here[m_posts.back()];
        }
        // of most networks no post survives this: only of the others rows are gathered
        bool anyUnlikely = false;
        for (const Index post : m_posts) {
            std::uint32_t& here = m_here[post];
            if (here < std::min(m_rule.tokens, m_rule.addresses) || here >= kLikely)
                continue;
            const bool unlikely = log10Crowd(here, m_scene.facts.ofPost[post], alwaysShare(post, here, rows.size()), m_rule) <=
                                  std::log10(m_rule.maxProbability);
            here = unlikely ? kUnlikely : kLikely;
            anyUnlikely = anyUnlikely || unlikely;
        }
        Candidate candidate;
        candidate.network = network;
        if (anyUnlikely)
            candidate.crowds = crowdsOf(rows);
        for (const Index post : m_posts)
            m_here[post] = 0;
        if (candidate.crowds.empty())
            return;
        finish(rows.size(), candidate);
        candidates.push_back(std::move(candidate));
    }

    [[nodiscard]] Flag flagOf(const Candidate& candidate) const
    {
        std::vector<std::uint32_t> rows;
        for (const Crowd& crowd : candidate.crowds)
            rows.insert(rows.end(), crowd.rows.begin(), crowd.rows.end());
        sortByTime(m_votes, rows);
        const std::string network = domain::networkText(candidate.network);
        Flag flag = flagOver(m_scene, domain::DetectorId::SubnetSocks, {domain::SubjectKind::Subnet, network, {}}, rows);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        flag.rule = parametersOf(m_rule);
        const Crowd& worst = candidate.crowds.front();
        const std::string posts = countOf(candidate.crowds.size(), "post", "posts");
        flag.headline = "One network brought a crowd of tokens";
        flag.summary = fmt::format("{} tokens of one network on {}", countText(candidate.tokens), posts);
        flag.explanation = fmt::format(
            "{} tokens of the network {} voted on {}. On post {} they are {} of {} voters; the network has {:.2g} % of the "
            "site's other "
            "votes, which lets expect {:.2g}, and {:g} times that is allowed for. So many come by chance {}. {}, from {}.",
            countText(candidate.tokens), network, posts, keyText(m_votes.posts.key(worst.post)), countText(worst.tokens),
            countText(m_scene.facts.ofPost[worst.post]), 100 * candidate.siteShare, worst.expected / m_rule.factor, m_rule.factor,
            tryText(worst.log10), directionText(m_votes, rows), countOf(candidate.addresses, "address", "addresses"));
        addCounterEvidence(candidate, rows, flag);
        flag.clearsIf =
            fmt::format("Clears if the network {} is that of a school, a company or a carrier whose people had reason to "
                        "vote on {}.",
                        network, candidate.crowds.size() == 1 ? "this post" : "these posts");
        domain::SubnetShare share{network, candidate.siteShare, {}};
        for (const Crowd& crowd : candidate.crowds)
            share.rows.push_back({domain::PostKey{m_votes.posts.key(crowd.post)}, static_cast<std::int64_t>(crowd.tokens),
                                  crowd.expected / m_rule.factor, static_cast<std::int64_t>(m_scene.facts.ofPost[crowd.post])});
        share.rows.resize(std::min<std::size_t>(share.rows.size(), 30));
        flag.evidence = std::move(share);
        return flag;
    }

private:
    static double countBetween(const Times& times, std::int64_t from, std::int64_t to)
    {
        return static_cast<double>(std::upper_bound(times.begin(), times.end(), to) -
                                   std::lower_bound(times.begin(), times.end(), from));
    }

    /// The network's share of the votes on other posts: leave-one-out, an empty network makes a crowd unlikely, a campus does
    /// not.
    [[nodiscard]] double alwaysShare(Index post, std::size_t here, std::size_t all) const
    {
        return (static_cast<double>(all - here) + 0.5) / (m_scene.facts.votesWithNetwork - m_scene.facts.ofPost[post] + 1);
    }

    /// The least likely first; what m_here says of posts decides which are looked at.
    [[nodiscard]] std::vector<Crowd> crowdsOf(std::span<const std::uint32_t> rows) const
    {
        std::map<Index, std::vector<std::uint32_t>> unlikely;
        Times scattered; // on posts that few of the network voted on
        for (std::size_t at = 0; at < rows.size(); ++at) {
            const std::uint32_t here = m_here[m_posts[at]];
            if (here == kUnlikely)
                unlikely[m_posts[at]].push_back(rows[at]);
            else if (here != kLikely)
                scattered.push_back(m_votes.castAt[rows[at]]);
        }
        std::vector<Crowd> crowds;
        for (auto& [post, here] : unlikely)
            judge(post, std::move(here), rows.size(), scattered, crowds);
        std::sort(crowds.begin(), crowds.end(), [](const Crowd& left, const Crowd& right) {
            return std::tuple{left.log10, left.post} < std::tuple{right.log10, right.post};
        });
        return crowds;
    }

    void judge(Index post, std::vector<std::uint32_t> here, std::size_t all, const Times& scattered,
               std::vector<Crowd>& crowds) const
    {
        const double ofPost = m_scene.facts.ofPost[post];
        std::unordered_set<Index> tokens;
        std::unordered_set<std::uint64_t> households;
        for (const std::uint32_t row : here) {
            tokens.insert(m_votes.token[row]);
            households.insert(householdOf(row));
        }
        if (tokens.size() < m_rule.tokens && (tokens.size() < m_rule.addresses || households.size() < m_rule.addresses))
            return;
        // a class that votes for an hour has that hour's share, not that of the year
        const std::int64_t from = m_votes.castAt[here.front()];
        const std::int64_t to = m_votes.castAt[here.back()];
        const double then =
            countBetween(scattered, from, to) /
            std::max(1.0, static_cast<double>(m_scene.order.countBetween(from, to)) - static_cast<double>(here.size()));
        const double share = std::max(alwaysShare(post, here.size(), all), then);
        const double expected = expectedCrowd(ofPost, share, m_rule);
        const double log10 = log10Crowd(tokens.size(), ofPost, share, m_rule);
        if (log10 <= std::log10(m_rule.maxProbability))
            crowds.push_back({post, tokens.size(), expected, log10, std::move(here)});
    }

    [[nodiscard]] std::uint64_t householdOf(std::uint32_t row) const
    {
        const auto network = static_cast<NetworkCode>(m_votes.networks.number(m_votes.network[row]));
        return domain::householdOf({network, m_votes.host[row]});
    }

    void finish(std::size_t all, Candidate& candidate) const
    {
        std::unordered_set<Index> tokens;
        std::unordered_set<std::uint64_t> addresses;
        std::size_t rows = 0;
        for (const Crowd& crowd : candidate.crowds) {
            candidate.score -= crowd.log10;
            rows += crowd.rows.size();
            for (const std::uint32_t row : crowd.rows) {
                tokens.insert(m_votes.token[row]);
                addresses.insert(static_cast<std::uint64_t>(m_votes.network[row]) << 8U | m_votes.host[row]);
            }
        }
        candidate.tokens = tokens.size();
        candidate.addresses = addresses.size();
        candidate.siteShare = (static_cast<double>(all - rows) + 0.5) / (m_scene.facts.votesWithNetwork + 1);
        candidate.severity = severityBy(candidate.tokens, m_rule.highTokens, m_rule.criticalTokens);
    }

    void addCounterEvidence(const Candidate& candidate, std::span<const std::uint32_t> rows, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (candidate.addresses * 4 < candidate.tokens)
            against.push_back(
                fmt::format("The {} tokens use only {}: a shared line, as a school or a carrier has, looks like that.",
                            countText(candidate.tokens), countOf(candidate.addresses, "address", "addresses")));
        std::size_t busy = 0;
        std::unordered_set<Index> seen;
        for (const std::uint32_t row : rows) {
            if (seen.insert(m_votes.token[row]).second &&
                m_scene.facts.ofToken[m_votes.token[row]] > 2 * candidate.crowds.size() + 3)
                ++busy;
        }
        if (2 * busy >= candidate.tokens)
            against.push_back(fmt::format("{} of the {} tokens vote elsewhere as well, on other posts.", countText(busy),
                                          countText(candidate.tokens)));
        if (against.empty())
            against.push_back("Neighbours may know each other: a post about their town would bring them all.");
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const SubnetSocksRule& m_rule;
    /// Votes of the network looked at, by post, or what was found out about so many; all 0 between networks.
    std::vector<std::uint32_t> m_here;
    std::vector<Index> m_posts; ///< of the network's votes, in their order
};

/// Drops a wide network whose crowds a narrower one explains, and the other way round where the wide one holds many more.
void keepTheBetter(std::vector<Candidate>& candidates)
{
    std::unordered_map<NetworkCode, std::size_t> tokens;
    for (const Candidate& candidate : candidates)
        tokens[candidate.network] = candidate.tokens;
    std::unordered_map<NetworkCode, std::size_t> within;
    for (const Candidate& candidate : candidates) {
        if (const NetworkCode wider = domain::widerNetwork(candidate.network); wider != 0 && tokens.contains(wider))
            within[wider] += candidate.tokens;
    }
    const auto isSpread = [&](NetworkCode wide) { return 2 * within[wide] < tokens[wide]; };
    std::erase_if(candidates, [&](const Candidate& candidate) {
        if (within.contains(candidate.network) && !isSpread(candidate.network))
            return true;
        const NetworkCode wider = domain::widerNetwork(candidate.network);
        return wider != 0 && within.contains(wider) && isSpread(wider);
    });
}

} // namespace

std::optional<Findings> findSubnetSocks(const Scene& scene, const std::vector<NetworkCode>& suspects, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    // narrow networks by their index; wide ones gather those of all their narrow ones
    std::unordered_map<NetworkCode, std::vector<std::uint32_t>> rowsOf;
    for (const NetworkCode code : suspects)
        rowsOf[code];
    std::vector<std::vector<std::uint32_t>*> narrow(votes.networks.size());
    std::vector<std::vector<std::uint32_t>*> wide(votes.networks.size());
    for (Index network = 0; network < votes.networks.size(); ++network) {
        const auto code = static_cast<NetworkCode>(votes.networks.number(network));
        if (const auto at = rowsOf.find(code); at != rowsOf.end())
            narrow[network] = &at->second;
        if (const auto at = rowsOf.find(domain::widerNetwork(code)); at != rowsOf.end())
            wide[network] = &at->second;
    }
    for (std::size_t place = 0; place < votes.size(); ++place) {
        const std::uint32_t row = scene.order.row(place);
        const Index network = votes.networkOf(row);
        if (network == domain::kNoIndex)
            continue;
        if (narrow[network] != nullptr)
            narrow[network]->push_back(row);
        if (wide[network] != nullptr)
            wide[network]->push_back(row);
    }
    SubnetSocks detector{scene};
    std::vector<Candidate> candidates;
    for (const NetworkCode code : suspects) {
        detector.addCandidate(code, rowsOf[code], candidates);
        if (!progress.advance(0))
            return std::nullopt;
    }
    keepTheBetter(candidates);
    return findingsOf(candidates, scene, progress, [&](const Candidate& candidate) { return detector.flagOf(candidate); });
}

} // namespace scr::detect
