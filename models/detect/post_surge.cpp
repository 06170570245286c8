#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "detect/arrivals.h"
#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/tails.h"
#include "detect/token_rows.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Severity;

constexpr std::int64_t kHour = 3'600'000'000;

/// The voters of one post in two groups, times ascending.
struct Voters {
    Index post{};
    std::vector<std::uint32_t> oneOff;
    std::vector<std::uint32_t> regular;
    double expected{}; ///< one-off voters by the site's usual share
};

struct Contrast {
    double evenness{}; ///< log10 of the likelihood ratio: evenly or by the site's day against as the others came
    double shape{};    ///< log10 e-values
    double direction{};
    double networks{};
    [[nodiscard]] double evidence() const
    {
        // the mean of e-values is an e-value whatever they have to do with each other
        const std::array all{evenness, shape, direction, networks};
        const double most = *std::max_element(all.begin(), all.end());
        double sum = 0;
        for (const double one : all)
            sum += std::pow(10, one - most);
        return most + std::log10(sum / static_cast<double>(all.size()));
    }
};

struct Candidate {
    Voters voters;
    Contrast contrast;
    double distance{}; ///< Kolmogorov-Smirnov
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return voters.post; }
};

class PostSurge {
public:
    explicit PostSurge(const Scene& scene) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.postSurge}, m_habits{scene.input.votes}
    {
    }

    [[nodiscard]] bool isOneOff(std::uint32_t row) const
    {
        return m_scene.facts.ofToken[m_votes.token[row]] <= m_rule.oneOffVotes;
    }

    /// Posts with enough one-off voters to compare, ascending.
    [[nodiscard]] std::vector<Index> withOneOff(Progress& progress)
    {
        m_oneOff.assign(m_votes.posts.size(), 0);
        const bool went = forRows(m_votes.size(), progress, [&](std::size_t row) {
            m_oneOff[m_votes.post[row]] += isOneOff(static_cast<std::uint32_t>(row)) ? 1U : 0U;
        });
        if (!went)
            return {};
        learnShare();
        learnCrowds();
        std::vector<Index> posts;
        for (Index post = 0; post < m_oneOff.size(); ++post) {
            if (m_oneOff[post] >= m_rule.suspects)
                posts.push_back(post);
        }
        return posts;
    }

    /// Of these the posts with a crowd of one-off voters beyond the site's usual share. That share is the median post's, as
    /// attacks and viral posts would raise a mean.
    [[nodiscard]] std::vector<Index> crowded(Progress& progress)
    {
        std::vector<Index> posts = withOneOff(progress);
        std::erase_if(posts, [&](Index post) { return !isCrowdedPost(post); });
        return posts;
    }

    [[nodiscard]] bool isCrowdedPost(Index post) const
    {
        return log10PoissonTail(m_oneOff[post], 2 * expectedOn(post)) <= std::log10(m_rule.maxProbability) &&
               log10BinomialTail(m_oneOff[post], m_scene.facts.ofPost[post], m_most) <= std::log10(m_rule.maxProbability);
    }

    /// The post's voters in their two groups and what tells them apart; nothing with too few one-off voters.
    [[nodiscard]] std::optional<Candidate> contrasted(Index post, std::span<const std::uint32_t> rows) const
    {
        Candidate candidate;
        candidate.voters.post = post;
        for (const std::uint32_t row : rows)
            (isOneOff(row) ? candidate.voters.oneOff : candidate.voters.regular).push_back(row);
        candidate.voters.expected = expectedOn(post);
        narrow(candidate.voters);
        if (candidate.voters.oneOff.size() < m_rule.suspects)
            return std::nullopt;
        contrast(candidate);
        candidate.score = candidate.contrast.evidence();
        candidate.severity = severityBy(candidate.voters.oneOff.size(), m_rule.highVotes, m_rule.criticalVotes);
        return candidate;
    }

    [[nodiscard]] Flag flagOf(const Candidate& candidate) const
    {
        const Voters& voters = candidate.voters;
        const std::string post = m_votes.posts.key(voters.post);
        Flag flag = flagOver(m_scene, domain::DetectorId::PostSurge, {domain::SubjectKind::Post, post, domain::PostKey{post}},
                             voters.oneOff);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        flag.rule = parametersOf(m_rule);
        const std::size_t count = voters.oneOff.size();
        flag.headline = "Voters who hardly vote elsewhere arrived unlike the others";
        flag.summary = fmt::format("{} one-off tokens, {:.2g} usual", countText(count), voters.expected);
        flag.explanation = fmt::format(
            "{} tokens that cast no more than {} on this site voted on this post, {}, over {}; {:.2g} of them would be usual "
            "among "
            "its {}. {} The post's {} regular voters voted {}{}. That the two groups came about in the same way is {}.",
            countText(count), countOf(m_rule.oneOffVotes, "vote", "votes"), directionText(m_votes, voters.oneOff),
            domain::durationText(flag.to - flag.from), voters.expected, countOf(count + voters.regular.size(), "voter", "voters"),
            arrivalText(candidate), countText(voters.regular.size()), directionText(m_votes, voters.regular),
            earlyText(voters.regular), oddsText(-candidate.score));
        addCounterEvidence(candidate, flag);
        flag.clearsIf = "Clears if the post was linked from a place whose readers came at that time and in that number.";
        flag.evidence = pictureOf(voters);
        return flag;
    }

private:
    void learnShare()
    {
        std::vector<double> shares;
        for (Index post = 0; post < m_oneOff.size(); ++post) {
            if (m_scene.facts.ofPost[post] >= 20)
                shares.push_back(static_cast<double>(m_oneOff[post]) / m_scene.facts.ofPost[post]);
        }
        std::sort(shares.begin(), shares.end());
        // of posts without any, the mean of the lower nine tenths says more than a median of zero
        const std::size_t usual = shares.size() * 9 / 10;
        double sum = 0;
        for (std::size_t at = 0; at < usual; ++at)
            sum += shares[at];
        const double mean = usual == 0 ? 0.5 : sum / static_cast<double>(usual);
        m_share = std::clamp(mean, 0.002, 0.9);
        m_most = std::max(2 * m_share, usual < shares.size() ? shares[usual] : 0.5);
    }

    /// Networks are crowded from the size on at which they hold the upper quarter of all votes.
    void learnCrowds()
    {
        std::vector<std::uint32_t> sizes = m_scene.facts.ofNetwork;
        std::sort(sizes.begin(), sizes.end(), std::greater<>{});
        double sum = 0;
        for (const std::uint32_t size : sizes) {
            sum += size;
            m_crowdFrom = size;
            if (4 * sum >= m_scene.facts.votesWithNetwork)
                break;
        }
        for (std::uint32_t row = 0; row < m_votes.network.size(); ++row) {
            if (m_votes.network[row] == domain::kNoIndex || !isOneOff(row))
                continue;
            ++m_knownOneOff;
            m_crowdedOneOff += isCrowded(m_votes.network[row]) ? 1U : 0U;
        }
    }

    [[nodiscard]] double expectedOn(Index post) const
    {
        const double others = static_cast<double>(m_scene.facts.ofPost[post]) - m_oneOff[post];
        return others * m_share / (1 - m_share) + 1;
    }

    [[nodiscard]] std::int64_t at(std::uint32_t row) const { return m_votes.castAt[row]; }

    /// Leaves out one-off voters who came long before or after the rest: they are the usual ones.
    void narrow(Voters& voters) const
    {
        std::vector<std::uint32_t>& rows = voters.oneOff;
        for (int round = 0; round < 8 && rows.size() > m_rule.suspects; ++round) {
            const std::int64_t middle = at(rows[rows.size() * 9 / 10]) - at(rows[rows.size() / 10]);
            const auto gap = [&](std::size_t later) { return at(rows[later]) - at(rows[later - 1]); };
            const std::int64_t far = std::max<std::int64_t>(middle / 8, kHour / 4);
            if (gap(rows.size() - 1) > far)
                rows.pop_back();
            else if (gap(1) > far)
                rows.erase(rows.begin());
            else
                break;
        }
    }

    [[nodiscard]] std::vector<std::int64_t> timesOf(const std::vector<std::uint32_t>& rows) const
    {
        std::vector<std::int64_t> times;
        for (const std::uint32_t row : rows)
            times.push_back(at(row));
        return times;
    }

    /// Too pure by the post's regular voters: hypergeometric, bounded by the binomial (Hoeffding 1963).
    [[nodiscard]] double direction(const Voters& voters) const
    {
        const auto upOf = [&](const std::vector<std::uint32_t>& rows) {
            return static_cast<std::size_t>(
                std::count_if(rows.begin(), rows.end(), [&](std::uint32_t row) { return m_votes.value[row] > 0; }));
        };
        if (voters.regular.size() < m_rule.established)
            return 0;
        const std::size_t up = upOf(voters.oneOff);
        const std::size_t down = voters.oneOff.size() - up;
        const double regularUp =
            (static_cast<double>(upOf(voters.regular)) + 1) / (static_cast<double>(voters.regular.size()) + 2);
        // the regular voters' own share is known only so well
        const double spread = 2 * std::sqrt(regularUp * (1 - regularUp) / static_cast<double>(voters.regular.size()));
        const double tooMuch = log10BinomialTail(up, voters.oneOff.size(), std::min(0.999, regularUp + spread));
        const double tooLittle = log10BinomialTail(down, voters.oneOff.size(), std::min(0.999, 1 - regularUp + spread));
        return log10Evidence(std::min(tooMuch, tooLittle));
    }

    /// Too few from networks that many use: bots are given lines of their own. Compared with the post's regular voters and with
    /// one-off voters elsewhere, whichever speaks less against them.
    [[nodiscard]] double networks(const Voters& voters) const
    {
        if (m_votes.network.empty())
            return 0;
        const auto crowded = [&](const std::vector<std::uint32_t>& rows) {
            std::pair<std::uint64_t, std::uint64_t> count; // from crowded networks, of known networks
            for (const std::uint32_t row : rows) {
                if (m_votes.network[row] == domain::kNoIndex)
                    continue;
                ++count.second;
                count.first += isCrowded(m_votes.network[row]) ? 1U : 0U;
            }
            return count;
        };
        const auto [few, known] = crowded(voters.oneOff);
        if (2 * known < voters.oneOff.size())
            return 0;
        const auto elsewhere = static_cast<double>(m_crowdedOneOff) - static_cast<double>(few);
        const auto others = static_cast<double>(m_knownOneOff) - static_cast<double>(known);
        if (others < 200)
            return 0;
        double share = elsewhere / others;
        if (const auto [some, regular] = crowded(voters.regular); regular >= m_rule.established)
            share = std::min(share, (static_cast<double>(some) + 1) / (static_cast<double>(regular) + 2));
        share = std::max(0.0, share - 2 * std::sqrt(share * (1 - share) / others));
        return log10Evidence(log10BinomialTail(known - few, known, 1 - share));
    }

    [[nodiscard]] bool isCrowded(Index network) const { return m_scene.facts.ofNetwork[network] >= m_crowdFrom; }

    void contrast(Candidate& candidate) const
    {
        const std::vector<std::int64_t> suspects = timesOf(candidate.voters.oneOff);
        const std::vector<std::int64_t> regular = timesOf(candidate.voters.regular);
        candidate.contrast.evenness = log10Evenness(m_habits, suspects, regular, regular.size() >= m_rule.established);
        candidate.distance = smirnovDistance(suspects, regular);
        // another shape alone is no accusation: newcomers come later than the regulars. It counts where the arrivals are even
        // too.
        const bool counts = regular.size() >= m_rule.established && candidate.contrast.evenness > 4;
        candidate.contrast.shape =
            counts ? log10Evidence(log10SmirnovTail(candidate.distance, suspects.size(), regular.size())) : 0;
        candidate.contrast.direction = candidate.contrast.evenness > 0 ? direction(candidate.voters) : 0;
        candidate.contrast.networks = networks(candidate.voters);
    }

    [[nodiscard]] std::string arrivalText(const Candidate& candidate) const
    {
        const Contrast& contrast = candidate.contrast;
        if (contrast.evenness >= std::max({contrast.shape, contrast.direction, contrast.networks}))
            return "They came evenly, as a program sends them and no crowd does.";
        if (contrast.networks >= std::max(contrast.shape, contrast.direction))
            return "Hardly any of them shares a network with many others, as a good part of this site's voters does.";
        return contrast.shape >= contrast.direction ? "They came at other times than the regular voters."
                                                    : "They voted far more one way than the regular voters.";
    }

    [[nodiscard]] std::string earlyText(const std::vector<std::uint32_t>& rows) const
    {
        if (rows.size() < 5)
            return {};
        const std::int64_t most = at(rows[rows.size() * 8 / 10]) - at(rows.front());
        return fmt::format(", 80 % of them within {} of the first", domain::durationText(domain::Micros{most}));
    }

    void addCounterEvidence(const Candidate& candidate, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (candidate.voters.regular.size() < m_rule.established)
            against.push_back(fmt::format("The post has only {} to compare with; the site's usual pace stands in.",
                                          countOf(candidate.voters.regular.size(), "regular voter", "regular voters")));
        if (candidate.contrast.direction <= 1)
            against.push_back("They voted up and down about as the regular voters did.");
        if (candidate.contrast.shape <= 1)
            against.push_back("They came at about the times at which the regular voters came.");
        if (against.empty())
            against.push_back("A newsletter sent in portions would bring readers as evenly.");
    }

    [[nodiscard]] domain::CompositionContrast pictureOf(const Voters& voters) const
    {
        constexpr std::int64_t kShownBins = 60;
        std::int64_t from = at(voters.oneOff.front());
        std::int64_t to = at(voters.oneOff.back());
        for (const std::uint32_t row : voters.regular) {
            from = std::min(from, at(row));
            to = std::max(
                to, std::min(at(row), at(voters.oneOff.back()) + (at(voters.oneOff.back()) - at(voters.oneOff.front())) / 2));
        }
        domain::CompositionContrast picture;
        picture.start = domain::timeOf(from);
        const std::int64_t bin = std::max<std::int64_t>(1, (to - from) / kShownBins + 1);
        picture.binSeconds = static_cast<double>(bin) / 1e6;
        picture.expectedOneOff = voters.expected;
        const auto count = [&](const std::vector<std::uint32_t>& rows, domain::CompositionContrast::Group& group) {
            group.arrivals.assign(kShownBins, 0);
            for (const std::uint32_t row : rows) {
                ++group.votes;
                group.up += m_votes.value[row] > 0 ? 1 : 0;
                if (const std::int64_t place = (at(row) - from) / bin; place >= 0 && place < kShownBins)
                    ++group.arrivals[static_cast<std::size_t>(place)];
            }
        };
        count(voters.oneOff, picture.oneOff);
        count(voters.regular, picture.regular);
        return picture;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const PostSurgeRule& m_rule;
    VotingHabits m_habits;
    std::vector<std::uint32_t> m_oneOff; ///< one-off voters by post
    std::uint32_t m_crowdFrom = 0;
    std::uint64_t m_knownOneOff = 0;   ///< votes of one-off tokens whose network is known
    std::uint64_t m_crowdedOneOff = 0; ///< of them from crowded networks
    double m_most = 0;                 ///< share that nine of ten posts stay below: some attract the passing more than others
    double m_share = 0;                ///< of votes that are a one-off token's, usually
};

} // namespace

std::optional<Findings> findPostSurges(const Scene& scene, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    PostSurge detector{scene};
    const std::vector<Index> posts = detector.crowded(progress);
    if (progress.stopped())
        return std::nullopt;
    const RowGroups rows = rowsByValue(votes.post, votes.castAt, posts, votes.posts.size());
    std::vector<Candidate> candidates;
    for (std::size_t at = 0; at < posts.size(); ++at) {
        std::optional<Candidate> candidate = detector.contrasted(posts[at], rows.group(at));
        if (candidate && candidate->score >= std::log10(scene.rules.postSurge.minEvidence))
            candidates.push_back(std::move(*candidate));
        if (!progress.advance(0))
            return std::nullopt;
    }
    return findingsOf(candidates, scene, progress, [&](const Candidate& candidate) { return detector.flagOf(candidate); });
}

std::vector<double> postContrasts(const Scene& scene, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    PostSurge detector{scene};
    const std::vector<Index> posts = detector.withOneOff(progress);
    const RowGroups rows = rowsByValue(votes.post, votes.castAt, posts, votes.posts.size());
    std::vector<double> contrasts;
    for (std::size_t at = 0; at < posts.size() && progress.advance(0); ++at) {
        const std::optional<Candidate> candidate = detector.contrasted(posts[at], rows.group(at));
        contrasts.push_back(candidate && detector.isCrowdedPost(posts[at]) ? candidate->score : 0);
    }
    return contrasts;
}

} // namespace scr::detect
