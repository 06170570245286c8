#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/start_counts.h"
#include "detect/tails.h"
#include "detect/token_rows.h"
#include "detect/words.h"
#include "domain/network.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::kNoIndex;
using domain::Severity;

/// What is seen of a token: from its first vote to its last.
struct Life {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    Index network = kNoIndex; ///< of the first vote
};

/// A throwaway token.
struct Birth {
    Index network{};
    std::int64_t hour{}; ///< since the epoch
    Index token{};
    friend auto operator<=>(const Birth&, const Birth&) = default;
};

struct Candidate {
    Index network{};
    std::vector<Index> tokens; ///< throwaway tokens of the hours that stand out, ascending
    double score{};
    double expected{};  ///< of them in those hours, before the rule's factor
    double siteShare{}; ///< of the throwaway tokens of the site at other times
    Severity severity{};
    std::int64_t from{}; ///< hours since the epoch
    std::int64_t to{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{network}; }
};

class TokenMint {
public:
    explicit TokenMint(const Scene& scene) : m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.tokenMint} {}

    /// Nothing when stopped.
    [[nodiscard]] std::optional<std::vector<Candidate>> find(Progress& progress)
    {
        m_lives.resize(m_votes.tokens.size());
        const bool went = forRows(m_votes.size(), progress, [&](std::size_t place) {
            const std::uint32_t row = m_scene.order.row(place);
            Life& life = m_lives[m_votes.token[row]];
            if (life.first > life.last)
                life = {m_votes.castAt[row], m_votes.castAt[row], m_votes.networkOf(row)};
            life.last = m_votes.castAt[row];
        });
        if (!went)
            return std::nullopt;
        findBirths();
        std::vector<Candidate> candidates;
        for (std::size_t begin = 0; begin < m_births.size();) {
            std::size_t end = begin;
            while (end < m_births.size() && m_births[end].network == m_births[begin].network)
                ++end;
            addCandidate(begin, end, candidates);
            begin = end;
        }
        return candidates;
    }

    [[nodiscard]] Flag flagOf(const Candidate& candidate, std::span<const std::uint32_t> rows) const
    {
        const std::string network =
            domain::networkText(static_cast<domain::NetworkCode>(m_votes.networks.number(candidate.network)));
        Flag flag = flagOver(m_scene, domain::DetectorId::TokenMint, {domain::SubjectKind::Subnet, network, {}}, rows);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        flag.rule = parametersOf(m_rule);
        const std::string span = domain::durationText(flag.to - flag.from);
        flag.headline = "One network brings tokens that vote once and are gone";
        flag.summary = fmt::format("{} throwaway tokens in {}", countText(candidate.tokens.size()), span);
        flag.explanation = fmt::format(
            "{} tokens of the network {} were first seen within {}, cast {} on {} and were not seen again an hour later. "
            "Of the site's other throwaway tokens {:.2g} % come from there, which lets expect {:.2g} in those hours, and {:g} "
            "times that is allowed for. So many come by chance {}. {}.",
            countText(candidate.tokens.size()), network, span, countOf(rows.size(), "vote", "votes"),
            countOf(flag.posts.size(), "post", "posts"), 100 * candidate.siteShare, candidate.expected, m_rule.factor,
            tryText(-candidate.score), directionText(m_votes, rows));
        addCounterEvidence(rows, flag);
        flag.clearsIf = fmt::format(
            "Clears if an event brought people of the network {} here at that time, as a class or a talk does.", network);
        flag.evidence = histogramOf(candidate);
        return flag;
    }

private:
    void findBirths()
    {
        for (Index token = 0; token < m_lives.size(); ++token) {
            const Life& life = m_lives[token];
            if (life.network == kNoIndex || m_scene.facts.ofToken[token] > m_rule.votes ||
                life.last - life.first >= m_rule.lifetime.count())
                continue;
            m_births.push_back({life.network, (life.first - intoHour(life.first)) / kHourMicros, token});
        }
        std::sort(m_births.begin(), m_births.end());
        if (m_births.empty())
            return;
        const auto [least, most] =
            std::minmax_element(m_births.begin(), m_births.end(), [](const Birth& a, const Birth& b) { return a.hour < b.hour; });
        m_firstHour = least->hour;
        constexpr std::int64_t kMostHours = 1 << 20; // a hundred years: times beyond are no times
        m_ofHour.assign(static_cast<std::size_t>(std::min(kMostHours, most->hour - m_firstHour + 1)), 0);
        for (const Birth& birth : m_births)
            ++m_ofHour[placeOf(birth.hour)];
    }

    [[nodiscard]] std::size_t placeOf(std::int64_t hour) const
    {
        return std::min(m_ofHour.size() - 1, static_cast<std::size_t>(hour - m_firstHour));
    }

    /// Births [begin, end) of one network, by hour. An hour is judged by the network's share of the others.
    void addCandidate(std::size_t begin, std::size_t end, std::vector<Candidate>& candidates) const
    {
        if (end - begin < m_rule.tokens)
            return;
        Candidate candidate;
        candidate.network = m_births[begin].network;
        const double limit = std::log10(m_rule.maxProbability);
        const std::size_t all = end - begin;
        double births = 0;
        for (std::size_t first = begin; first < end;) {
            std::size_t next = first;
            while (next < end && m_births[next].hour == m_births[first].hour)
                ++next;
            const std::size_t here = next - first;
            const double ofHour = m_ofHour[placeOf(m_births[first].hour)];
            const double share = (static_cast<double>(all - here) + 0.5) / (static_cast<double>(m_births.size()) - ofHour + 1);
            const double expected = share * ofHour;
            const double log10 = here < m_rule.tokens ? 0 : log10PoissonTail(here, m_rule.factor * expected);
            if (here >= m_rule.tokens && log10 <= limit) {
                if (candidate.tokens.empty())
                    candidate.from = m_births[first].hour;
                candidate.to = m_births[first].hour;
                candidate.score -= log10;
                candidate.expected += expected;
                births += ofHour;
                for (std::size_t at = first; at < next; ++at)
                    candidate.tokens.push_back(m_births[at].token);
            }
            first = next;
        }
        if (candidate.tokens.empty())
            return;
        candidate.siteShare =
            (static_cast<double>(all - candidate.tokens.size()) + 0.5) / (static_cast<double>(m_births.size()) - births + 1);
        std::sort(candidate.tokens.begin(), candidate.tokens.end());
        candidate.severity = severityBy(candidate.tokens.size(), m_rule.highTokens, m_rule.criticalTokens);
        candidates.push_back(std::move(candidate));
    }

    void addCounterEvidence(std::span<const std::uint32_t> rows, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        std::vector<std::uint8_t> hosts;
        for (const std::uint32_t row : rows)
            hosts.push_back(m_votes.host[row]);
        std::sort(hosts.begin(), hosts.end());
        hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
        if (hosts.size() * 4 < flag.tokens.size())
            against.push_back(
                fmt::format("The {} tokens use only {}: a shared line, as a school or a carrier has, looks like that.",
                            countText(flag.tokens.size()), countOf(hosts.size(), "address", "addresses")));
        if (flag.posts.size() * 2 > flag.tokens.size())
            against.push_back(fmt::format("Their votes are spread over {}: they push no single one.",
                                          countOf(flag.posts.size(), "post", "posts")));
        const std::int64_t lastSeen = m_scene.order.size() == 0 ? 0 : m_votes.castAt[m_scene.order.row(m_scene.order.size() - 1)];
        if (lastSeen - domain::microsOf(flag.to) < m_rule.lifetime.count())
            against.emplace_back("They may still come back: what was read ends shortly after their votes.");
        if (against.empty())
            against.emplace_back("People who came for one post and left again look the same, if they sat in one place.");
    }

    [[nodiscard]] domain::TimeHistogram histogramOf(const Candidate& candidate) const
    {
        constexpr std::int64_t kAround = 24;
        constexpr std::int64_t kMostBins = 24 * 14;
        domain::TimeHistogram histogram;
        histogram.counted = "throwaway tokens of the network, by hour";
        histogram.flagged = "more than its share";
        histogram.binSeconds = 3600;
        const std::int64_t from = std::max(m_firstHour, candidate.from - kAround);
        const std::int64_t to =
            std::min({m_firstHour + static_cast<std::int64_t>(m_ofHour.size()) - 1, candidate.to + kAround, from + kMostBins});
        histogram.start = domain::timeOf(from * kHourMicros);
        const auto bins = static_cast<std::size_t>(std::max<std::int64_t>(1, to - from + 1));
        histogram.others.assign(bins, 0);
        histogram.hits.assign(bins, 0);
        for (std::size_t bin = 0; bin < bins; ++bin)
            histogram.expected.push_back(candidate.siteShare * m_ofHour[placeOf(from + static_cast<std::int64_t>(bin))]);
        const auto [begin, end] = std::equal_range(m_births.begin(), m_births.end(), Birth{candidate.network, 0, 0},
                                                   [](const Birth& a, const Birth& b) { return a.network < b.network; });
        for (auto birth = begin; birth != end; ++birth) {
            if (birth->hour < from || birth->hour > to)
                continue;
            const bool isHit = std::binary_search(candidate.tokens.begin(), candidate.tokens.end(), birth->token);
            ++(isHit ? histogram.hits : histogram.others)[static_cast<std::size_t>(birth->hour - from)];
        }
        return histogram;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const TokenMintRule& m_rule;
    std::vector<Life> m_lives;   ///< by token
    std::vector<Birth> m_births; ///< by network, then hour
    std::int64_t m_firstHour = 0;
    std::vector<std::uint32_t> m_ofHour; ///< births on the whole site
};

} // namespace

std::optional<Findings> findTokenMints(const Scene& scene, Progress& progress)
{
    TokenMint detector{scene};
    std::optional<std::vector<Candidate>> found = detector.find(progress);
    if (!found)
        return std::nullopt;
    const domain::VoteColumns& votes = scene.input.votes;
    Findings findings;
    findings.leftOut = keepWorst(*found, scene.rules.flagsPerDetector);
    std::vector<Index> tokens;
    for (const Candidate& candidate : *found)
        tokens.insert(tokens.end(), candidate.tokens.begin(), candidate.tokens.end());
    std::sort(tokens.begin(), tokens.end());
    const RowGroups cast = rowsByValue(votes.token, votes.castAt, tokens, votes.tokens.size());
    for (const Candidate& candidate : *found) {
        std::vector<std::uint32_t> rows;
        for (const Index token : candidate.tokens) {
            const auto group = cast.group(placeOf(tokens, token));
            rows.insert(rows.end(), group.begin(), group.end());
        }
        sortByTime(votes, rows);
        findings.flags.push_back(detector.flagOf(candidate, rows));
        if (findings.flags.size() % 256 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findings;
}

} // namespace scr::detect
