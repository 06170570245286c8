#include <algorithm>
#include <array>
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

namespace scr::detect {

namespace {

using domain::AttemptOutcome;
using domain::Flag;
using domain::Index;
using domain::kNoIndex;

/// Refusals that a person hardly meets. A vote cast a second time is refused to everybody now and then, and an error is the
/// site's own.
constexpr std::array kRefusals{
    std::pair{AttemptOutcome::InvalidToken, "for the token"}, std::pair{AttemptOutcome::Closed, "because the post was closed"},
    std::pair{AttemptOutcome::InvalidInput, "as invalid input"}, std::pair{AttemptOutcome::RateLimited, "by the rate limit"}};

bool isRefusal(AttemptOutcome outcome)
{
    return std::any_of(kRefusals.begin(), kRefusals.end(), [&](const auto& refusal) { return refusal.first == outcome; });
}

struct Tries {
    std::uint64_t all = 0;
    std::uint64_t refused = 0;
};

/// A token, or an address from where tokens came that nobody has, that was refused again and again.
struct Probe {
    Index token = kNoIndex;
    std::string_view origin;         ///< where there is no token
    std::vector<std::uint32_t> rows; ///< its refused attempts by time
    Tries tries;
    double share{}; ///< of everybody else's attempts that are refused so
    double
        inOrder{}; ///< share of its steps from one post to another that go to the next higher key; where keys are no numbers, 0
    std::size_t posts{};
    bool isOnlyLimited{};
    double score{};
    domain::Severity severity{};

    [[nodiscard]] auto order() const { return std::tuple{token, origin}; }
};

class Probing {
public:
    explicit Probing(const Scene& scene) : m_scene{scene}, m_attempts{scene.input.attempts}, m_rule{scene.rules.probing} {}

    /// Nothing when stopped.
    [[nodiscard]] std::optional<std::vector<Probe>> find(Progress& progress)
    {
        m_ofToken.resize(m_scene.input.votes.tokens.size());
        const bool hasOrigins = !m_attempts.origin.empty();
        const bool went = forRows(m_attempts.size(), progress, [&](std::size_t row) {
            const bool refused = isRefusal(m_attempts.outcome[row]);
            const auto count = [refused](Tries& tries) {
                ++tries.all;
                tries.refused += refused ? 1U : 0U;
            };
            count(m_everybody);
            if (m_attempts.token[row] != kNoIndex)
                count(m_ofToken[m_attempts.token[row]]);
            else if (hasOrigins && !m_attempts.origin[row].empty())
                count(m_ofOrigin[m_attempts.origin[row]]);
        });
        std::vector<Probe> found;
        for (Index token = 0; went && token < m_ofToken.size(); ++token)
            add({token, {}, {}, m_ofToken[token], {}, {}, {}, {}, {}, {}}, found);
        for (const auto& [origin, tries] : m_ofOrigin)
            add({kNoIndex, origin, {}, tries, {}, {}, {}, {}, {}, {}}, found);
        if (!went || !readRows(found, progress))
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
                               : domain::Subject{domain::SubjectKind::Subnet, std::string{probe.origin}, {}};
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
            isToken ? std::string{"of this token"} : fmt::format("with unknown tokens from {}", probe.origin),
            domain::durationText(flag.to - flag.from), reasons(probe.rows), countOf(probe.posts, "post", "different posts"),
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
    void add(Probe probe, std::vector<Probe>& found) const
    {
        if (probe.tries.refused < m_rule.refusals)
            return;
        probe.share = (static_cast<double>(m_everybody.refused - probe.tries.refused) + 0.5) /
                      (static_cast<double>(m_everybody.all - probe.tries.all) + 1);
        const double log10 = log10BinomialTail(probe.tries.refused, probe.tries.all, std::min(0.5, m_rule.factor * probe.share));
        if (log10 > std::log10(m_rule.maxProbability))
            return;
        probe.score = -log10;
        found.push_back(std::move(probe));
    }

    [[nodiscard]] bool readRows(std::vector<Probe>& found, Progress& progress) const
    {
        std::unordered_map<Index, Probe*> byToken;
        std::unordered_map<std::string_view, Probe*> byOrigin;
        for (Probe& probe : found) {
            if (probe.token != kNoIndex)
                byToken[probe.token] = &probe;
            else
                byOrigin[probe.origin] = &probe;
        }
        const bool went =
            found.empty() ? progress.advance(m_attempts.size()) : forRows(m_attempts.size(), progress, [&](std::size_t row) {
                if (!isRefusal(m_attempts.outcome[row]))
                    return;
                Probe* probe = nullptr;
                if (m_attempts.token[row] != kNoIndex) {
                    const auto at = byToken.find(m_attempts.token[row]);
                    probe = at == byToken.end() ? nullptr : at->second;
                } else if (!byOrigin.empty()) {
                    const auto at = byOrigin.find(m_attempts.origin[row]);
                    probe = at == byOrigin.end() ? nullptr : at->second;
                }
                if (probe != nullptr)
                    probe->rows.push_back(static_cast<std::uint32_t>(row));
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
        probe.isOnlyLimited = true;
        for (std::size_t at = 0; at < probe.rows.size(); ++at) {
            const Index post = m_attempts.post[probe.rows[at]];
            seen.insert(post);
            probe.isOnlyLimited = probe.isOnlyLimited && m_attempts.outcome[probe.rows[at]] == AttemptOutcome::RateLimited;
            const Index before = at == 0 ? post : m_attempts.post[probe.rows[at - 1]];
            if (post == before || post == kNoIndex || before == kNoIndex)
                continue;
            ++steps;
            upward += posts.isNumber(post) && posts.isNumber(before) && posts.number(post) > posts.number(before) ? 1U : 0U;
        }
        probe.posts = seen.size();
        probe.inOrder = steps < m_rule.refusals ? 0 : static_cast<double>(upward) / static_cast<double>(steps);
        // who runs into the limit may be a client that does not wait: a remark
        const domain::Severity most = probe.isOnlyLimited ? domain::Severity::Low : domain::Severity::Critical;
        probe.severity = std::min(most, severityBy(probe.rows.size(), m_rule.highRefusals, m_rule.criticalRefusals));
    }

    /// "180 for the token, 20 by the rate limit"
    [[nodiscard]] std::string reasons(const std::vector<std::uint32_t>& rows) const
    {
        std::string text;
        for (const auto& [outcome, words] : kRefusals) {
            const auto count =
                std::count_if(rows.begin(), rows.end(), [&](std::uint32_t row) { return m_attempts.outcome[row] == outcome; });
            if (count > 0)
                text += fmt::format("{}{} {}", text.empty() ? "" : ", ", countText(static_cast<std::uint64_t>(count)), words);
        }
        return text;
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
            against.emplace_back("Several people may share the address.");
        if (against.empty())
            against.emplace_back("Not one vote came of these attempts: whoever it was gained nothing by them.");
    }

    const Scene& m_scene;
    const domain::AttemptColumns& m_attempts;
    const ProbingRule& m_rule;
    Tries m_everybody;
    std::vector<Tries> m_ofToken;
    std::unordered_map<std::string_view, Tries> m_ofOrigin;
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
