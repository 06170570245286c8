#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

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

struct Candidate {
    Index token{};
    std::vector<std::uint32_t> rows; ///< votes of the sittings that began on time
    std::vector<std::uint32_t> others;
    std::int64_t moment{}; ///< of the hour, microseconds
    std::size_t onTime{};  ///< sittings that began then
    std::size_t starts{};  ///< of so many, one an hour
    bool isDaily{};        ///< they are all of one hour of the day
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{token}; }
};

/// "7 s", "23 min 15 s"
std::string momentText(std::int64_t moment)
{
    constexpr std::int64_t kSecond = 1'000'000;
    return domain::durationText(domain::Micros{(moment + kSecond / 2) / kSecond * kSecond});
}

class Timetable {
public:
    explicit Timetable(const Scene& scene) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.timetable},
        m_usual{std::min(0.9, m_rule.factor * scene.starts.busiestShare(2 * m_rule.tolerance.count()))}
    {
    }

    void addCandidate(std::span<const std::uint32_t> rows, std::vector<Candidate>& candidates)
    {
        findStarts(rows);
        const std::vector<std::int64_t> onTime = mostOnTime();
        if (static_cast<double>(onTime.size()) < m_rule.share * static_cast<double>(m_starts.size()))
            return;
        // as many moments as there are beginnings were looked at
        const double log10 = log10BinomialTail(onTime.size(), m_starts.size(), m_usual) + std::log10(m_starts.size());
        if (log10 > std::log10(m_rule.maxProbability))
            return;
        Candidate candidate;
        candidate.token = m_votes.token[rows.front()];
        candidate.moment = onTime[onTime.size() / 2] % kHourMicros;
        candidate.onTime = onTime.size();
        candidate.starts = m_starts.size();
        candidate.score = -log10;
        divide(rows, candidate);
        candidate.severity = severityBy(candidate.rows.size(), m_rule.highVotes, m_rule.criticalVotes);
        candidates.push_back(std::move(candidate));
    }

    [[nodiscard]] Flag flagOf(const Candidate& candidate) const
    {
        Flag flag = flagOver(m_scene, domain::DetectorId::Timetable,
                             {domain::SubjectKind::Token, m_votes.tokens.key(candidate.token), {}}, candidate.rows);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        flag.rule = parametersOf(m_rule);
        const std::string moment = momentText(candidate.moment);
        flag.headline = "One token votes by a timetable";
        flag.summary = fmt::format("{} of {} sittings begin {} past the hour", countText(candidate.onTime),
                                   countText(candidate.starts), moment);
        flag.explanation = fmt::format(
            "{} of the {} times that this token began to vote after a pause fall {} past the hour, give or take {}; with what "
            "followed they are {} votes over {}. Of all beginnings on this site no more than {:.2g} % fall on any stretch of the "
            "hour that is so short, {:g} times that is allowed for, and so many come by chance {}. {}.",
            countText(candidate.onTime), countText(candidate.starts), moment, domain::durationText(m_rule.tolerance),
            countText(candidate.rows.size()), domain::durationText(flag.to - flag.from), 100 * m_usual / m_rule.factor,
            m_rule.factor, tryText(-candidate.score), directionText(m_votes, candidate.rows));
        addCounterEvidence(candidate, flag);
        flag.clearsIf = "Clears if the token is a program that may vote here, or a person whom a reminder calls at that moment.";
        flag.evidence = histogramOf(candidate);
        return flag;
    }

private:
    struct Start {
        std::int64_t at{};
        std::size_t place{}; ///< among the token's votes
    };

    /// The first vote of each hour that comes after a pause.
    void findStarts(std::span<const std::uint32_t> rows)
    {
        m_starts.clear();
        for (std::size_t place = 0; place < rows.size(); ++place) {
            const std::int64_t at = m_votes.castAt[rows[place]];
            if (place > 0 && at - m_votes.castAt[rows[place - 1]] < m_rule.pause.count())
                continue;
            if (m_starts.empty() || at - intoHour(at) != m_starts.back().at - intoHour(m_starts.back().at))
                m_starts.push_back({at, place});
        }
    }

    /// Moments of the hour, ascending, of the most beginnings that lie within twice the tolerance; round the full hour they go on
    /// above it.
    [[nodiscard]] std::vector<std::int64_t> mostOnTime() const
    {
        std::vector<std::int64_t> moments;
        for (const Start& start : m_starts)
            moments.push_back(intoHour(start.at));
        std::sort(moments.begin(), moments.end());
        const std::size_t count = moments.size();
        for (std::size_t at = 0; at < count; ++at)
            moments.push_back(moments[at] + kHourMicros);
        std::size_t best = 0;
        std::size_t most = 0;
        for (std::size_t first = 0, end = 0; first < count; ++first) {
            while (end < moments.size() && end < first + count && moments[end] - moments[first] <= 2 * m_rule.tolerance.count())
                ++end;
            if (end - first > most) {
                most = end - first;
                best = first;
            }
        }
        const auto begin = moments.begin() + static_cast<std::ptrdiff_t>(best);
        return {begin, begin + static_cast<std::ptrdiff_t>(most)};
    }

    /// A sitting that began on time goes on until the next pause.
    void divide(std::span<const std::uint32_t> rows, Candidate& candidate) const
    {
        bool isOnTime = false;
        std::int64_t firstDay = -1;
        candidate.isDaily = true;
        for (std::size_t place = 0; place < rows.size(); ++place) {
            const std::int64_t at = m_votes.castAt[rows[place]];
            const bool begins = place == 0 || at - m_votes.castAt[rows[place - 1]] >= m_rule.pause.count();
            if (begins) {
                isOnTime = apartInHour(intoHour(at), candidate.moment) <= 2 * m_rule.tolerance.count();
                const std::int64_t hourOfDay = (at - intoHour(at)) / kHourMicros % 24;
                if (isOnTime && firstDay >= 0 && hourOfDay != firstDay)
                    candidate.isDaily = false;
                if (isOnTime && firstDay < 0)
                    firstDay = hourOfDay;
            }
            (isOnTime ? candidate.rows : candidate.others).push_back(rows[place]);
        }
    }

    void addCounterEvidence(const Candidate& candidate, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (m_scene.voteGrain >= m_rule.tolerance.count())
            against.push_back(fmt::format("Times of this source are exact to {} only, which makes beginnings look more alike.",
                                          domain::durationText(domain::Micros{m_scene.voteGrain})));
        if (candidate.isDaily)
            against.emplace_back("All of them are in one hour of the day: a habit with an alarm clock comes near to that.");
        if (!candidate.others.empty())
            against.push_back(
                fmt::format("The token's other {} follow no timetable.", countOf(candidate.others.size(), "vote", "votes")));
        if (against.empty())
            against.emplace_back("A person who is reminded at a fixed moment would begin like this, if never so exactly.");
    }

    [[nodiscard]] domain::TimeHistogram histogramOf(const Candidate& candidate) const
    {
        constexpr std::size_t kMinutes = 60;
        domain::TimeHistogram histogram;
        histogram.counted = "beginnings by the minute of the hour";
        histogram.flagged = "on the timetable";
        histogram.isOfTheHour = true;
        histogram.binSeconds = 60;
        histogram.others.assign(kMinutes, 0);
        histogram.hits.assign(kMinutes, 0);
        const auto count = [&](const std::vector<std::uint32_t>& rows, std::vector<std::int64_t>& bins) {
            std::int64_t before = std::numeric_limits<std::int64_t>::min() / 2;
            for (const std::uint32_t row : rows) {
                const std::int64_t at = m_votes.castAt[row];
                if (at - before >= m_rule.pause.count())
                    ++bins[static_cast<std::size_t>(intoHour(at) / (kHourMicros / kMinutes))];
                before = at;
            }
        };
        count(candidate.rows, histogram.hits);
        count(candidate.others, histogram.others);
        return histogram;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const TimetableRule& m_rule;
    double m_usual;              ///< an honest token's share of beginnings at its best moment, at most
    std::vector<Start> m_starts; ///< of the token looked at
};

} // namespace

std::optional<Findings> findTimetables(const Scene& scene, const std::vector<Index>& suspects, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const RowGroups cast = rowsByValue(votes.token, votes.castAt, suspects, votes.tokens.size());
    Timetable detector{scene};
    std::vector<Candidate> candidates;
    for (std::size_t at = 0; at < suspects.size(); ++at) {
        detector.addCandidate(cast.group(at), candidates);
        if (at % 1024 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findingsOf(candidates, scene, progress, [&](const Candidate& candidate) { return detector.flagOf(candidate); });
}

} // namespace scr::detect
