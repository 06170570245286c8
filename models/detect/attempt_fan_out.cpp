#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/bounded_table.h"
#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/token_rows.h"
#include "detect/waterfall.h"
#include "detect/words.h"
#include "domain/network.h"

namespace scr::detect {

namespace {

using domain::AttemptOutcome;
using domain::Flag;
using domain::Index;
using domain::kNoIndex;
using domain::Severity;

constexpr std::uint32_t kRing = 16;

/// When the last attempts of one sender came.
struct Ring {
    std::int64_t times[kRing];
    std::uint32_t count;
};

/// Attempts that one script sent at once: of a token on many posts, or of an address for many tokens on one post.
struct Fan {
    Index token = kNoIndex;              ///< or, where there is none,
    std::string origin;                  ///< an address
    Index post = kNoIndex;               ///< and the post
    std::vector<std::uint32_t> rows;     ///< attempts by time
    std::vector<std::uint32_t> accepted; ///< counted votes that came of them, by time
    std::size_t late{};                  ///< of these, cast long before they were sent
    std::size_t widest{};                ///< posts, or tokens, within one window
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const { return std::tuple{token, post, origin}; }
};

class AttemptFanOut {
public:
    explicit AttemptFanOut(const Scene& scene) :
        m_scene{scene}, m_attempts{scene.input.attempts}, m_votes{scene.input.votes}, m_rule{scene.rules.attemptFanOut}
    {
    }

    /// Nothing when stopped.
    [[nodiscard]] std::optional<std::vector<Fan>> find(Progress& progress)
    {
        if (!screen(progress))
            return std::nullopt;
        std::vector<Fan> fans;
        const std::vector<Index> tokens = distinctOf(m_tokens, [](Index token) { return token; });
        const RowGroups ofToken = rowsByValue(m_attempts.token, m_attempts.attemptedAt, tokens, m_votes.tokens.size());
        for (std::size_t at = 0; at < tokens.size(); ++at) {
            Fan fan;
            fan.token = tokens[at];
            addFan(
                std::move(fan), ofToken.group(at), m_rule.posts, [&](std::uint32_t row) { return m_attempts.post[row]; }, fans);
        }
        addOriginFans(fans);
        readVotes(fans);
        std::erase_if(fans, [](const Fan& fan) { return isKeptForLater(fan); });
        m_fanning = static_cast<std::size_t>(
            std::count_if(fans.begin(), fans.end(), [](const Fan& fan) { return fan.token != kNoIndex; }));
        for (Fan& fan : fans)
            judge(fan);
        return progress.advance(0) ? std::optional{std::move(fans)} : std::nullopt;
    }

    [[nodiscard]] Flag flagOf(const Fan& fan) const
    {
        Flag flag = subjectOf(fan);
        flag.from = domain::timeOf(m_attempts.attemptedAt[fan.rows.front()]);
        flag.to = domain::timeOf(m_attempts.attemptedAt[fan.rows.back()]);
        flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
        flag.score = fan.score;
        flag.severity = fan.severity;
        flag.rule = parametersOf(m_rule);
        const bool isToken = fan.token != kNoIndex;
        const std::string window = domain::durationText(m_rule.window);
        const std::string many = isToken ? countOf(fan.widest, "post", "posts") : countOf(fan.widest, "token", "tokens");
        flag.headline = isToken ? "One token voted on many posts at once" : "One address voted with many tokens at once";
        flag.summary = fmt::format("{} within {}, {} counted", many, window, countText(fan.accepted.size()));
        const std::string refused = refusalText(m_attempts, fan.rows);
        flag.explanation = fmt::format(
            "{} sent {} {}at once, for up to {} within {}. A person needs a second for one click, so a program sent them. {} "
            "counted, {}.",
            isToken ? std::string{"This token"} : fmt::format("The address {}", keyText(fan.origin)),
            countOf(fan.rows.size(), "attempt", "attempts"),
            isToken ? std::string{} : fmt::format("on post {} ", keyText(m_votes.posts.key(fan.post))), many, window,
            fan.accepted.empty() ? "None was" : countText(fan.accepted.size()) + (fan.accepted.size() == 1 ? " was" : " were"),
            refused.empty() ? std::string{"none was refused"} : "refused were " + refused);
        addCounterEvidence(fan, flag);
        flag.clearsIf = isToken ? "Clears if a client of the site's own sends votes together, or a tool that may do so."
                                : "Clears if the address is a proxy of the site's own or a device that collects votes.";
        flag.evidence = waterfallOfAttempts(m_attempts, fan.rows, flag.extraVotes);
        return flag;
    }

private:
    /// The votes that came of it, or where none did, the tokens and posts that were tried.
    [[nodiscard]] Flag subjectOf(const Fan& fan) const
    {
        domain::Subject subject{domain::SubjectKind::Token, {}, {}};
        if (fan.token != kNoIndex) {
            subject.key = m_votes.tokens.key(fan.token);
        } else {
            subject = {domain::SubjectKind::Subnet, domain::networkText(domain::originOf(fan.origin).network),
                       domain::PostKey{m_votes.posts.key(fan.post)}};
        }
        if (!fan.accepted.empty())
            return flagOver(m_scene, domain::DetectorId::AttemptFanOut, std::move(subject), fan.accepted);
        Flag flag;
        flag.detector = domain::DetectorId::AttemptFanOut;
        flag.ruleVersion = m_scene.rules.version;
        flag.subject = std::move(subject);
        std::unordered_set<Index> tokens;
        std::unordered_set<Index> posts;
        for (const std::uint32_t row : fan.rows) {
            if (m_attempts.token[row] != kNoIndex && tokens.insert(m_attempts.token[row]).second)
                flag.tokens.emplace_back(m_votes.tokens.key(m_attempts.token[row]));
            if (m_attempts.post[row] != kNoIndex && posts.insert(m_attempts.post[row]).second)
                flag.posts.emplace_back(m_votes.posts.key(m_attempts.post[row]));
        }
        return flag;
    }

    [[nodiscard]] std::uint64_t originKey(std::size_t row) const
    {
        return spread(std::hash<std::string_view>{}(m_attempts.origin[row]) + m_attempts.post[row]) | 1U;
    }

    /// Who sent so many attempts so close together; that they concern different posts or tokens is seen at the second look.
    [[nodiscard]] bool screen(Progress& progress)
    {
        const TimeOrder order{m_attempts.attemptedAt};
        BoundedTable<Ring> ofToken{1U << 14U};
        BoundedTable<Ring> ofOrigin{1U << 14U};
        return forRows(m_attempts.size(), progress, [&](std::size_t place) {
            constexpr std::size_t kAhead = 8;
            const std::uint32_t row = order.row(place);
            if (place + kAhead < m_attempts.size())
                ofToken.prefetch(hashOf(m_attempts.token[order.row(place + kAhead)] + std::uint64_t{1}));
            if (m_attempts.token[row] == kNoIndex)
                return;
            if (isClose(ofToken.touch(m_attempts.token[row] + std::uint64_t{1}).entry, row, m_rule.posts))
                m_tokens.push_back(m_attempts.token[row]);
            if (m_attempts.origin.empty() || m_attempts.origin[row].empty())
                return;
            const std::uint64_t key = originKey(row);
            if (isClose(ofOrigin.touch(key).entry, row, m_rule.tokens))
                m_origins[key];
        });
    }

    [[nodiscard]] bool isClose(Ring& ring, std::uint32_t row, std::uint32_t needed) const
    {
        const std::int64_t at = m_attempts.attemptedAt[row];
        ring.times[ring.count % kRing] = at;
        ++ring.count;
        return ring.count >= needed && at - ring.times[(ring.count - needed) % kRing] <= m_rule.window.count();
    }

    void addOriginFans(std::vector<Fan>& fans)
    {
        if (m_origins.empty())
            return;
        for (std::uint32_t row = 0; row < m_attempts.size(); ++row) {
            if (m_attempts.origin[row].empty() || m_attempts.token[row] == kNoIndex)
                continue;
            if (const auto at = m_origins.find(originKey(row)); at != m_origins.end())
                at->second.push_back(row);
        }
        for (auto& [key, rows] : m_origins) {
            std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
                return m_attempts.attemptedAt[left] < m_attempts.attemptedAt[right];
            });
            if (rows.empty())
                continue;
            Fan fan;
            fan.origin = m_attempts.origin[rows.front()];
            fan.post = m_attempts.post[rows.front()];
            addFan(std::move(fan), rows, m_rule.tokens, [&](std::uint32_t row) { return m_attempts.token[row]; }, fans);
        }
    }

    /// Attempts that stand in a window with enough different ones.
    template <class KindOf>
    void addFan(Fan fan, std::span<const std::uint32_t> rows, std::size_t needed, KindOf kindOf, std::vector<Fan>& fans) const
    {
        std::unordered_map<Index, std::size_t> inWindow;
        std::size_t taken = 0; // rows before it are in the fan or out of it for good
        std::size_t oldest = 0;
        for (std::size_t newest = 0; newest < rows.size(); ++newest) {
            ++inWindow[kindOf(rows[newest])];
            while (m_attempts.attemptedAt[rows[newest]] - m_attempts.attemptedAt[rows[oldest]] > m_rule.window.count()) {
                const auto gone = inWindow.find(kindOf(rows[oldest++]));
                if (--gone->second == 0)
                    inWindow.erase(gone);
            }
            if (inWindow.size() < needed)
                continue;
            for (std::size_t at = std::max(taken, oldest); at <= newest; ++at)
                fan.rows.push_back(rows[at]);
            taken = newest + 1;
            fan.widest = std::max(fan.widest, inWindow.size());
        }
        if (!fan.rows.empty())
            fans.push_back(std::move(fan));
    }

    /// The counted votes that the attempts say they stored.
    void readVotes(std::vector<Fan>& fans) const
    {
        if (fans.empty())
            return;
        struct Sent {
            std::size_t fan;
            std::int64_t at;
        };
        std::unordered_map<std::uint64_t, Sent> sent;
        for (std::size_t at = 0; at < fans.size(); ++at) {
            for (const std::uint32_t row : fans[at].rows) {
                if (row < m_attempts.votes.size() && m_attempts.outcome[row] == AttemptOutcome::Accepted)
                    sent.emplace(m_attempts.votes.hash(row), Sent{at, m_attempts.attemptedAt[row]});
            }
        }
        for (std::uint32_t row = 0; row < m_votes.size(); ++row) {
            const auto at = sent.find(m_votes.voteKeys.hash(row));
            if (at == sent.end())
                continue;
            Fan& fan = fans[at->second.fan];
            fan.accepted.push_back(row);
            fan.late += at->second.at - m_votes.castAt[row] >= m_rule.late.count() ? 1U : 0U;
        }
        for (Fan& fan : fans)
            sortByTime(m_votes, fan.accepted);
    }

    /// Votes that a device kept until it had a network are sent together, and were cast long before.
    [[nodiscard]] static bool isKeptForLater(const Fan& fan) { return fan.late > 0 && 2 * fan.late >= fan.accepted.size(); }

    void judge(Fan& fan) const
    {
        fan.score = static_cast<double>(fan.rows.size());
        fan.severity = fan.accepted.empty() ? (fan.rows.size() >= m_rule.criticalVotes ? Severity::Medium : Severity::Low)
                                            : severityBy(fan.accepted.size(), m_rule.highVotes, m_rule.criticalVotes);
        if (m_scene.attemptGrain > m_rule.window.count() || isUsual(fan)) // what looks simultaneous may be far apart
            fan.severity = Severity::Low;
    }

    /// What many of the site's tokens do its own client may do: a remark, but not passed over, or a large attack would hide
    /// itself.
    [[nodiscard]] bool isUsual(const Fan& fan) const
    {
        constexpr double kFew = 20;
        return fan.token != kNoIndex &&
               static_cast<double>(m_fanning) > std::max(kFew, m_rule.usualShare * static_cast<double>(m_votes.tokens.size()));
    }

    void addCounterEvidence(const Fan& fan, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (isUsual(fan))
            against.push_back(
                fmt::format("{} tokens do so: a client of the site's own may send votes together.", countText(m_fanning)));
        if (m_scene.attemptGrain > m_rule.window.count())
            against.push_back(
                fmt::format("Times of this log are exact to {} only: what looks simultaneous may be that far apart.",
                            domain::durationText(domain::Micros{m_scene.attemptGrain})));
        if (auto requests = requestSentence(m_attempts, fan.rows); !requests.empty())
            against.push_back(std::move(requests));
        if (fan.token != kNoIndex) {
            if (auto origins = originSentence(m_attempts, fan.rows); !origins.empty())
                against.push_back(std::move(origins));
        } else {
            against.emplace_back("Several people may share the address, though hardly one moment.");
        }
        if (fan.accepted.empty())
            against.emplace_back("Not one vote is counted for it: whoever it was gained nothing.");
        if (against.empty())
            against.emplace_back("A client that collects votes and sends them together would look like this.");
    }

    const Scene& m_scene;
    const domain::AttemptColumns& m_attempts;
    const domain::VoteColumns& m_votes;
    const AttemptFanOutRule& m_rule;
    std::vector<Index> m_tokens;                                             ///< suspects
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> m_origins; ///< suspects by address and post, with their rows
    std::size_t m_fanning = 0;                                               ///< tokens that send attempts on many posts at once
};

} // namespace

std::optional<Findings> findAttemptFanOuts(const Scene& scene, Progress& progress)
{
    AttemptFanOut detector{scene};
    std::optional<std::vector<Fan>> found = detector.find(progress);
    if (!found)
        return std::nullopt;
    return findingsOf(*found, scene, progress, [&](const Fan& fan) { return detector.flagOf(fan); });
}

} // namespace scr::detect
