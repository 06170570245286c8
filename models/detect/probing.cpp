#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/tails.h"
#include "detect/waterfall.h"
#include "detect/words.h"
#include "domain/network.h"

namespace scr::detect {

namespace {

using domain::AttemptOutcome;
using domain::Flag;
using domain::Index;
using domain::kNoIndex;

/// Refusals that a person hardly meets. A vote cast a second time is refused to everybody now and then, and an error is the
/// site's own.
bool isRefusal(AttemptOutcome outcome)
{
    return outcome == AttemptOutcome::InvalidToken || outcome == AttemptOutcome::Closed ||
           outcome == AttemptOutcome::InvalidInput || outcome == AttemptOutcome::RateLimited;
}

struct Tries {
    std::uint64_t all = 0;
    std::uint64_t refused = 0;
    bool isApart = false; ///< not among everybody any more

    void count(bool isRefused)
    {
        ++all;
        refused += isRefused ? 1U : 0U;
    }
};

/// A token, or a network from where tokens came that nobody has, that was refused again and again.
struct Probe {
    Index token = kNoIndex;
    domain::NetworkCode network{};   ///< where there is no token
    std::vector<std::uint32_t> rows; ///< its refused attempts by time
    Tries tries;
    double share{}; ///< of everybody else's attempts that are refused so
    double
        inOrder{}; ///< share of its steps from one post to another that go to the next higher key; where keys are no numbers, 0
    std::size_t posts{};
    bool isOnlyLimited{};
    double score{};
    domain::Severity severity{};

    [[nodiscard]] auto order() const { return std::tuple{token, network}; }
};

class Probing {
public:
    explicit Probing(const Scene& scene) : m_scene{scene}, m_attempts{scene.input.attempts}, m_rule{scene.rules.probing} {}

    /// Nothing when stopped.
    [[nodiscard]] std::optional<std::vector<Probe>> find(Progress& progress)
    {
        m_ofToken.resize(m_scene.input.votes.tokens.size());
        const bool went = forRows(m_attempts.size(), progress, [&](std::size_t row) {
            const Index token = m_attempts.token[row];
            if (token != kNoIndex) {
                m_ofToken[token].count(isRefusal(m_attempts.outcome[row]));
                m_known.count(isRefusal(m_attempts.outcome[row]));
            }
            if (const domain::NetworkCode network = networkOf(row); network != 0) {
                m_ofNetwork[network].count(isUnknown(row));
                m_networks.count(isUnknown(row));
            }
        });
        if (!went)
            return std::nullopt;
        // who is found is no part of what is usual: with the first ones taken away others come to light
        std::vector<Probe> found = candidates();
        for (const Probe& probe : found) {
            const bool isToken = probe.token != kNoIndex;
            (isToken ? m_ofToken[probe.token] : m_ofNetwork[probe.network]).isApart = true;
            Tries& usual = isToken ? m_known : m_networks;
            usual.all -= probe.tries.all;
            usual.refused -= probe.tries.refused;
        }
        if (!found.empty())
            found = candidates();
        if (!readRows(found, progress))
            return std::nullopt;
        return found;
    }

    [[nodiscard]] Flag flagOf(const Probe& probe) const
    {
        const bool isToken = probe.token != kNoIndex;
        Flag flag;
        flag.detector = domain::DetectorId::Probing;
        flag.ruleVersion = m_scene.rules.version;
        flag.subject = isToken ? domain::Subject{domain::SubjectKind::Token, m_scene.input.votes.tokens.key(probe.token), {}}
                               : domain::Subject{domain::SubjectKind::Subnet, domain::networkText(probe.network), {}};
        flag.from = domain::timeOf(m_attempts.attemptedAt[probe.rows.front()]);
        flag.to = domain::timeOf(m_attempts.attemptedAt[probe.rows.back()]);
        flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
        flag.score = probe.score;
        flag.severity = probe.severity;
        if (isToken)
            flag.tokens.emplace_back(flag.subject.key);
        flag.rule = parametersOf(m_rule);
        flag.headline = isToken ? "A token tries what is refused, again and again" : "Somebody tries tokens that nobody has";
        flag.summary = fmt::format("{} of {} attempts refused", countText(probe.tries.refused), countText(probe.tries.all));
        flag.explanation = fmt::format(
            "{} of {} attempts {} were refused within {}: {}. They went to {}{}. Of everybody else's attempts {:.2g} % are "
            "refused "
            "for such a reason; so many are by chance {}.",
            countText(probe.tries.refused), countText(probe.tries.all),
            isToken ? std::string{"of this token"} : fmt::format("from {}", domain::networkText(probe.network)),
            domain::durationText(flag.to - flag.from), refusalText(m_attempts, probe.rows),
            countOf(probe.posts, "post", "different posts"),
            probe.inOrder >= m_rule.inOrder ? fmt::format(", {:.0f} % of the steps to the next higher number: the posts are "
                                                          "tried one by one",
                                                          100 * probe.inOrder)
                                            : std::string{},
            100 * probe.share, tryText(-probe.score));
        addCounterEvidence(probe, flag);
        flag.clearsIf = isToken ? "Clears if the token belongs to a test, a monitor or a client of the site's own."
                                : "Clears if a client of the site's own lost its tokens, as after a change of keys.";
        flag.evidence = waterfallOfAttempts(m_attempts, probe.rows, {});
        return flag;
    }

private:
    /// An attempt with a token that nobody has.
    [[nodiscard]] bool isUnknown(std::size_t row) const
    {
        return m_attempts.token[row] == kNoIndex && m_attempts.outcome[row] == AttemptOutcome::InvalidToken;
    }

    [[nodiscard]] domain::NetworkCode networkOf(std::size_t row) const
    {
        return m_attempts.origin.empty() ? domain::NetworkCode{0} : domain::originOf(m_attempts.origin[row]).network;
    }

    [[nodiscard]] std::vector<Probe> candidates() const
    {
        std::vector<Probe> found;
        for (Index token = 0; token < m_ofToken.size(); ++token)
            add(token, 0, m_ofToken[token], m_known, found);
        for (const auto& [network, tries] : m_ofNetwork)
            add(kNoIndex, network, tries, m_networks, found);
        return found;
    }

    void add(Index token, domain::NetworkCode network, const Tries& tries, const Tries& usual, std::vector<Probe>& found) const
    {
        if (tries.refused < m_rule.refusals)
            return;
        const auto without = [&](std::uint64_t all, std::uint64_t part) {
            return static_cast<double>(all - (tries.isApart ? 0 : part));
        };
        Probe probe;
        probe.token = token;
        probe.network = network;
        probe.tries = tries;
        probe.share = (without(usual.refused, tries.refused) + 0.5) / (without(usual.all, tries.all) + 1);
        const double log10 = log10BinomialTail(tries.refused, tries.all, std::min(0.95, m_rule.factor * probe.share));
        if (log10 > std::log10(m_rule.maxProbability))
            return;
        probe.score = -log10;
        found.push_back(std::move(probe));
    }

    [[nodiscard]] bool readRows(std::vector<Probe>& found, Progress& progress) const
    {
        std::unordered_map<Index, Probe*> byToken;
        std::unordered_map<domain::NetworkCode, Probe*> byNetwork;
        for (Probe& probe : found) {
            if (probe.token != kNoIndex)
                byToken[probe.token] = &probe;
            else
                byNetwork[probe.network] = &probe;
        }
        const auto push = [](auto& probes, auto key, std::size_t row) {
            if (const auto at = probes.find(key); at != probes.end())
                at->second->rows.push_back(static_cast<std::uint32_t>(row));
        };
        const bool went =
            found.empty() ? progress.advance(m_attempts.size()) : forRows(m_attempts.size(), progress, [&](std::size_t row) {
                if (m_attempts.token[row] != kNoIndex && isRefusal(m_attempts.outcome[row]))
                    push(byToken, m_attempts.token[row], row);
                else if (isUnknown(row) && !byNetwork.empty())
                    push(byNetwork, networkOf(row), row);
            });
        for (Probe& probe : found)
            describe(probe);
        return went;
    }

    void describe(Probe& probe) const
    {
        std::stable_sort(probe.rows.begin(), probe.rows.end(), [&](std::uint32_t left, std::uint32_t right) {
            return m_attempts.attemptedAt[left] < m_attempts.attemptedAt[right];
        });
        const domain::KeyTable& posts = m_scene.input.votes.posts;
        std::unordered_set<Index> seen;
        std::size_t steps = 0;
        std::size_t upward = 0;
        std::size_t limited = 0;
        for (std::size_t at = 0; at < probe.rows.size(); ++at) {
            const Index post = m_attempts.post[probe.rows[at]];
            seen.insert(post);
            limited += m_attempts.outcome[probe.rows[at]] == AttemptOutcome::RateLimited ? 1U : 0U;
            const Index before = at == 0 ? post : m_attempts.post[probe.rows[at - 1]];
            if (post == before || post == kNoIndex || before == kNoIndex)
                continue;
            ++steps;
            upward += posts.isNumber(post) && posts.isNumber(before) && posts.number(post) > posts.number(before) ? 1U : 0U;
        }
        probe.posts = seen.size();
        probe.inOrder = steps < m_rule.refusals ? 0 : static_cast<double>(upward) / static_cast<double>(steps);
        // who runs into the limit may be a client that does not wait: by itself that is a remark
        const std::size_t others = probe.rows.size() - limited;
        probe.isOnlyLimited = limited == probe.rows.size();
        probe.severity =
            others < m_rule.refusals ? domain::Severity::Low : severityBy(others, m_rule.highRefusals, m_rule.criticalRefusals);
    }

    void addCounterEvidence(const Probe& probe, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (probe.isOnlyLimited)
            against.emplace_back("All were refused by the rate limit alone: a client that does not wait looks like this.");
        if (probe.posts == 1)
            against.emplace_back("All went to one post: a client that repeats one request looks like this.");
        if (auto requests = requestSentence(m_attempts, probe.rows); !requests.empty())
            against.push_back(std::move(requests));
        if (probe.token == kNoIndex)
            against.emplace_back("Several people may share the network.");
        if (against.empty())
            against.emplace_back("Not one vote came of these attempts: whoever it was gained nothing by them.");
    }

    const Scene& m_scene;
    const domain::AttemptColumns& m_attempts;
    const ProbingRule& m_rule;
    Tries m_known;                ///< attempts of known tokens; of those who are found not after the first look
    Tries m_networks;             ///< all attempts whose network is known; "refused" are those with unknown tokens
    std::vector<Tries> m_ofToken; ///< as m_known
    std::unordered_map<domain::NetworkCode, Tries> m_ofNetwork; ///< as m_networks
};

} // namespace

std::optional<Findings> findProbing(const Scene& scene, Progress& progress)
{
    Probing detector{scene};
    std::optional<std::vector<Probe>> found = detector.find(progress);
    if (!found)
        return std::nullopt;
    return findingsOf(*found, scene, progress, [&](const Probe& probe) { return detector.flagOf(probe); });
}

} // namespace scr::detect
