#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/late_entries.h"
#include "detect/token_rows.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::kNoTime;
using domain::Severity;

enum class Breach : std::uint8_t { Early, Late, Future, Weight, Backdated };
constexpr std::array kBreaches{Breach::Early, Breach::Late, Breach::Future, Breach::Weight, Breach::Backdated};

/// How many of each.
template <class Value>
using ByBreach = std::array<Value, kBreaches.size()>;

std::size_t numberOf(Breach breach)
{
    return static_cast<std::size_t>(breach);
}

/// What an accepted vote must not be: "before it opened".
std::string_view wordsOf(Breach breach)
{
    switch (breach) {
    case Breach::Early: return "before it opened";
    case Breach::Late: return "after it closed";
    case Breach::Future: return "in the future";
    case Breach::Weight: return "with a weight that no other vote has";
    case Breach::Backdated: return "written long after their time";
    }
    return {};
}

/// "2026-11-26 14:06:58 UTC"
std::string momentText(std::int64_t at)
{
    std::string text = domain::isoText(domain::timeOf(at)).substr(0, 19);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text + " UTC";
}

/// Votes of one post that cannot be.
struct Finding {
    Index post{};
    std::vector<std::uint32_t> rows; ///< by time
    ByBreach<std::size_t> breaches{};
    std::vector<std::uint32_t> all; ///< all votes of the post by time
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{post}; }
};

class ImpossibleVotes {
public:
    explicit ImpossibleVotes(const Scene& scene) :
        m_scene{scene}, m_input{scene.input}, m_votes{scene.input.votes}, m_rule{scene.rules.impossibleVotes}
    {
        m_opened.assign(m_votes.posts.size(), kNoTime);
        m_closed.assign(m_votes.posts.size(), kNoTime);
        for (std::size_t row = 0; row < m_input.posts.post.size(); ++row) {
            m_opened[m_input.posts.post[row]] = m_input.posts.openedAt[row];
            m_closed[m_input.posts.post[row]] = m_input.posts.closedAt[row];
        }
    }

    /// Nothing when stopped.
    [[nodiscard]] std::optional<std::vector<Finding>> find(Progress& progress)
    {
        m_backdated = lateEntries(m_scene, progress);
        ByBreach<std::vector<std::uint32_t>> ofPost;
        for (auto& counts : ofPost)
            counts.assign(m_votes.posts.size(), 0);
        ByBreach<std::size_t> all{};
        const auto count = [&](Breach breach, std::size_t row) {
            if (breaks(breach, static_cast<std::uint32_t>(row))) {
                ++ofPost[numberOf(breach)][m_votes.post[row]];
                ++all[numberOf(breach)];
            }
        };
        if (!forRows(m_votes.size(), progress, [&](std::size_t row) {
                countValue(m_votes.value[row]);
                for (const Breach breach : {Breach::Early, Breach::Late, Breach::Future})
                    count(breach, row);
            }))
            return std::nullopt;
        learnWeight();
        if (!hasOddWeights() ? !progress.advance(m_votes.size())
                             : !forRows(m_votes.size(), progress, [&](std::size_t row) { count(Breach::Weight, row); }))
            return std::nullopt;
        for (const std::uint32_t row : m_backdated)
            count(Breach::Backdated, row);
        judgeTrust(ofPost, all);
        std::vector<Index> posts;
        for (Index post = 0; post < m_votes.posts.size(); ++post) {
            if (std::any_of(kBreaches.begin(), kBreaches.end(),
                            [&](Breach breach) { return m_isTrusted[numberOf(breach)] && ofPost[numberOf(breach)][post] > 0; }))
                posts.push_back(post);
        }
        const RowGroups rows = rowsByValue(m_votes.post, m_votes.castAt, posts, m_votes.posts.size());
        std::vector<Finding> found;
        for (std::size_t at = 0; at < posts.size(); ++at)
            found.push_back(judged(posts[at], rows.group(at)));
        return found;
    }

    [[nodiscard]] std::string obstacle() const
    {
        std::string kinds;
        for (const Breach breach : kBreaches) {
            if (!m_isTrusted[numberOf(breach)])
                kinds += (kinds.empty() ? "" : ", ") + std::string{wordsOf(breach)};
        }
        return kinds.empty() ? kinds
                             : fmt::format("Too many votes of this source were cast {}, as if its times were not what they seem: "
                                           "such votes are not told.",
                                           kinds);
    }

    [[nodiscard]] Flag flagOf(const Finding& finding) const
    {
        const std::string post = m_votes.posts.key(finding.post);
        Flag flag = flagOver(m_scene, domain::DetectorId::ImpossibleVotes,
                             {domain::SubjectKind::Post, post, domain::PostKey{post}}, finding.rows);
        flag.score = finding.score;
        flag.severity = finding.severity;
        flag.rule = parametersOf(m_rule);
        flag.headline = "Votes are counted that cannot be";
        flag.summary = breachesText(finding);
        flag.explanation =
            fmt::format("Of the {} on this post {}; the clocks of a site may differ by {}. {}{}. A site that is asked "
                        "for a vote cannot write such a row: it was written or changed by a statement on the table.",
                        countOf(finding.all.size(), "counted vote", "counted votes"), sentenceOf(finding),
                        domain::durationText(m_rule.clockSkew), momentsText(finding.post), directionText(m_votes, finding.rows));
        addCounterEvidence(finding, flag);
        flag.clearsIf = "Clears if the post was moved, merged or dated anew, or if the votes were imported or corrected by hand.";
        flag.evidence = histogramOf(finding);
        return flag;
    }

private:
    static constexpr std::size_t kMostValues = 16;
    struct Value {
        float value{};
        std::uint64_t votes{};
    };

    /// The few values that votes have; where there are many, none stands out.
    void countValue(float value)
    {
        const auto known = std::find_if(m_values.begin(), m_values.end(), [&](const Value& one) { return one.value == value; });
        if (known != m_values.end())
            ++known->votes;
        else if (m_values.size() < kMostValues)
            m_values.push_back({value, 1});
        else
            ++m_otherValues; // a few odd ones do not make a scale
    }

    void learnWeight()
    {
        constexpr std::uint64_t kEnough = 1000;
        const double few = m_rule.trustedShare * static_cast<double>(m_votes.size());
        if (static_cast<double>(m_otherValues) > few || m_votes.size() < kEnough)
            return;
        for (const Value& value : m_values) {
            if (static_cast<double>(value.votes) >= few)
                m_greatest = std::max(m_greatest, std::abs(value.value));
        }
    }

    [[nodiscard]] bool hasOddWeights() const
    {
        return m_greatest > 0 && (m_otherValues > 0 || std::any_of(m_values.begin(), m_values.end(), [&](const Value& value) {
                                      return !(std::abs(value.value) <= m_greatest);
                                  }));
    }

    [[nodiscard]] bool breaks(Breach breach, std::uint32_t row) const
    {
        const std::int64_t at = m_votes.castAt[row];
        const std::int64_t skew = m_rule.clockSkew.count();
        switch (breach) {
        case Breach::Early: return m_opened[m_votes.post[row]] != kNoTime && at < m_opened[m_votes.post[row]] - skew;
        case Breach::Late: return m_closed[m_votes.post[row]] != kNoTime && at > m_closed[m_votes.post[row]] + skew;
        case Breach::Future: return m_input.readAt != kNoTime && at > m_input.readAt + skew;
        case Breach::Weight: return m_greatest > 0 && !(std::abs(m_votes.value[row]) <= m_greatest); // NaN too
        case Breach::Backdated: return std::binary_search(m_backdated.begin(), m_backdated.end(), row);
        }
        return false;
    }

    /// The post that breaks a rule most often says nothing about the rule: it may be the one that was attacked.
    void judgeTrust(const ByBreach<std::vector<std::uint32_t>>& ofPost, const ByBreach<std::size_t>& all)
    {
        m_isTrusted[numberOf(Breach::Backdated)] = true; // judged by lateEntries
        for (const Breach breach : {Breach::Early, Breach::Late, Breach::Future, Breach::Weight}) {
            const auto& counts = ofPost[numberOf(breach)];
            const std::size_t most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
            m_isTrusted[numberOf(breach)] =
                static_cast<double>(all[numberOf(breach)] - most) <= m_rule.trustedShare * static_cast<double>(m_votes.size());
        }
    }

    [[nodiscard]] Finding judged(Index post, std::span<const std::uint32_t> rows) const
    {
        Finding finding;
        finding.post = post;
        finding.all.assign(rows.begin(), rows.end());
        for (const std::uint32_t row : rows) {
            bool isImpossible = false;
            for (const Breach breach : kBreaches) {
                if (m_isTrusted[numberOf(breach)] && breaks(breach, row)) {
                    ++finding.breaches[numberOf(breach)];
                    isImpossible = true;
                }
            }
            if (isImpossible)
                finding.rows.push_back(row);
        }
        finding.score = static_cast<double>(finding.rows.size());
        finding.severity =
            isMostOfThem(finding) ? Severity::Low : severityBy(finding.rows.size(), m_rule.highVotes, m_rule.criticalVotes);
        return finding;
    }

    /// Then rather the date is wrong than the votes.
    [[nodiscard]] static bool isMostOfThem(const Finding& finding)
    {
        const std::size_t byDate = finding.breaches[numberOf(Breach::Early)] + finding.breaches[numberOf(Breach::Late)];
        return finding.all.size() >= 4 && 2 * byDate > finding.all.size();
    }

    [[nodiscard]] static std::string breachesText(const Finding& finding)
    {
        std::string text;
        for (const Breach breach : kBreaches) {
            if (const std::size_t votes = finding.breaches[numberOf(breach)]; votes > 0)
                text += fmt::format("{}{} {}", text.empty() ? "" : ", ", countOf(votes, "vote", "votes"), wordsOf(breach));
        }
        return text;
    }

    [[nodiscard]] static std::string sentenceOf(const Finding& finding)
    {
        std::string text;
        for (const Breach breach : kBreaches) {
            if (const std::size_t votes = finding.breaches[numberOf(breach)]; votes > 0)
                text += fmt::format("{}{} {} {}{}", text.empty() ? "" : " and ", countText(votes), votes == 1 ? "was" : "were",
                                    breach == Breach::Backdated ? "" : "cast ", wordsOf(breach));
        }
        return text;
    }

    [[nodiscard]] std::string momentsText(Index post) const
    {
        std::string text;
        if (m_opened[post] != kNoTime)
            text += fmt::format("It opened at {}. ", momentText(m_opened[post]));
        if (m_closed[post] != kNoTime)
            text += fmt::format("It closed at {}. ", momentText(m_closed[post]));
        return text;
    }

    void addCounterEvidence(const Finding& finding, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (isMostOfThem(finding))
            against.emplace_back("They are most of the post's votes: rather the date of the post was changed than all of them.");
        if (finding.rows.size() > 1 && flag.from == flag.to)
            against.emplace_back("All of them carry one time: one statement may have written them, as an import does.");
        const std::int64_t edge = m_opened[finding.post];
        const auto isClose = [&](std::uint32_t row) {
            const std::int64_t apart = edge == kNoTime ? kNoTime : edge - m_votes.castAt[row];
            return apart > 0 && apart < 12 * kHourMicros && apart % (kHourMicros / 2) < m_rule.clockSkew.count();
        };
        if (finding.breaches[numberOf(Breach::Early)] > 0 && std::all_of(finding.rows.begin(), finding.rows.end(), isClose))
            against.emplace_back("They are whole hours too early: a server with a wrong time zone writes such times.");
        if (finding.breaches[numberOf(Breach::Backdated)] > 0)
            against.emplace_back("Votes that were collected without a connection and entered later look like this too: then the "
                                 "others of that time should be among them.");
        if (against.empty())
            against.emplace_back("The post's other votes are in order, so a clock that is off hardly explains it.");
    }

    /// Votes of the post by time, 60 bins from the first to the last of what there is to show.
    [[nodiscard]] domain::TimeHistogram histogramOf(const Finding& finding) const
    {
        constexpr std::size_t kBins = 60;
        domain::TimeHistogram histogram;
        histogram.counted = "votes on the post";
        histogram.flagged = "that cannot be";
        std::int64_t first = m_votes.castAt[finding.all.front()];
        std::int64_t last = m_votes.castAt[finding.all.back()];
        const std::int64_t span = last - first;
        // a moment that no vote breaks and that lies far away would only squeeze the votes
        const auto mark = [&](std::int64_t at, const char* label, std::size_t breaches) {
            if (at == kNoTime || (breaches == 0 && (at < first - span || at > last + span)))
                return;
            histogram.marks.push_back({domain::timeOf(at), label});
            first = std::min(first, at);
            last = std::max(last, at);
        };
        mark(m_opened[finding.post], "opened", finding.breaches[numberOf(Breach::Early)]);
        mark(m_closed[finding.post], "closed", finding.breaches[numberOf(Breach::Late)]);
        mark(m_input.readAt, "read", finding.breaches[numberOf(Breach::Future)]);
        const std::int64_t width = std::max<std::int64_t>(1'000'000, (last - first) / static_cast<std::int64_t>(kBins) + 1);
        if (!histogram.marks.empty()) { // a bin holds votes of one side of the first moment only
            const std::int64_t edge = domain::microsOf(histogram.marks.front().at);
            first = edge - (edge - first + width - 1) / width * width;
        }
        histogram.start = domain::timeOf(first);
        histogram.binSeconds = static_cast<double>(width) / 1e6;
        const auto bins = static_cast<std::size_t>((last - first) / width) + 1;
        histogram.others.assign(bins, 0);
        histogram.hits.assign(bins, 0);
        std::size_t hit = 0; // those are among all in the same order
        for (const std::uint32_t row : finding.all) {
            const bool isHit = hit < finding.rows.size() && finding.rows[hit] == row;
            hit += isHit ? 1U : 0U;
            ++(isHit ? histogram.hits : histogram.others)[static_cast<std::size_t>((m_votes.castAt[row] - first) / width)];
        }
        return histogram;
    }

    const Scene& m_scene;
    const domain::ScanInput& m_input;
    const domain::VoteColumns& m_votes;
    const ImpossibleVotesRule& m_rule;
    std::vector<std::int64_t> m_opened; ///< by post
    std::vector<std::int64_t> m_closed;
    std::vector<Value> m_values;
    std::uint64_t m_otherValues = 0;        ///< votes with a value beyond the first few
    float m_greatest = 0;                   ///< of the values that the site's votes have, without the sign; 0: not known
    std::vector<std::uint32_t> m_backdated; ///< ascending
    ByBreach<bool> m_isTrusted{};
};

} // namespace

std::optional<Findings> findImpossibleVotes(const Scene& scene, Progress& progress)
{
    ImpossibleVotes detector{scene};
    std::optional<std::vector<Finding>> found = detector.find(progress);
    if (!found)
        return std::nullopt;
    auto findings = findingsOf(*found, scene, progress, [&](const Finding& finding) { return detector.flagOf(finding); });
    if (findings)
        findings->obstacle = detector.obstacle();
    return findings;
}

} // namespace scr::detect
