#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/flag_parts.h"
#include "detect/nulls.h"
#include "detect/tails.h"
#include "detect/token_rows.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Severity;

constexpr std::size_t kStripPoints = 400;
constexpr double kSecond = 1e6;

/// Votes [begin, end) of a token whose pauses are even.
struct Run {
    std::size_t begin{};
    std::size_t end{};
    double period{}; ///< median of its even pauses, microseconds
    std::size_t even{};
};

struct Candidate {
    Index token{};
    std::vector<std::uint32_t> rows; ///< the votes on the beat
    std::vector<std::uint32_t> all;  ///< all the token's votes, for the picture
    Run run;
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return std::tuple{token, run.begin}; }
};

class Metronome {
public:
    explicit Metronome(const Scene& scene) : m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.metronome} {}

    void addCandidates(std::span<const std::uint32_t> rows, std::vector<Candidate>& candidates)
    {
        if (rows.size() <= m_rule.window)
            return;
        m_gaps.clear();
        for (std::size_t at = 1; at < rows.size(); ++at)
            m_gaps.push_back(static_cast<double>(m_votes.castAt[rows[at]] - m_votes.castAt[rows[at - 1]]));
        for (const Run& run : runs())
            addCandidate(rows, run, candidates);
    }

    [[nodiscard]] Flag flagOf(const Candidate& candidate) const
    {
        Flag flag = flagOver(m_scene, domain::DetectorId::Metronome,
                             {domain::SubjectKind::Token, m_votes.tokens.key(candidate.token), {}}, candidate.rows);
        flag.score = candidate.score;
        flag.severity = candidate.severity;
        flag.rule = parametersOf(m_rule);
        const Run& run = candidate.run;
        const std::size_t gaps = run.end - run.begin - 1;
        const std::string period = domain::durationText(domain::Micros{std::llround(run.period)});
        flag.headline = "One token votes like a clock";
        flag.summary = fmt::format("{} of {} pauses are {}", countText(run.even), countText(gaps), period);
        flag.explanation = fmt::format("{} votes over {}; {} of the {} pauses between them are {} give or take {:g} %. A "
                                       "person's pauses differ: at most {:g} % "
                                       "of them are that even, and so many in a row would happen by chance {}. {}.",
                                       countText(candidate.rows.size()), domain::durationText(flag.to - flag.from),
                                       countText(run.even), countText(gaps), period, 100 * m_rule.tolerance,
                                       100 * m_rule.evenShare, tryText(-candidate.score), directionText(m_votes, candidate.rows));
        addCounterEvidence(candidate, flag);
        flag.clearsIf = "Clears if the token is a program that may vote here, and is known to be one.";
        flag.evidence = stripOf(candidate);
        return flag;
    }

private:
    [[nodiscard]] bool isEven(double gap, double period) const { return std::abs(gap - period) <= m_rule.tolerance * period; }

    [[nodiscard]] static double medianOf(std::vector<double> values)
    {
        std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
        return values[values.size() / 2];
    }

    /// Windows that are too even, joined where they overlap and have about one period, then stretched as far as the beat goes.
    [[nodiscard]] std::vector<Run> runs() const
    {
        const double limit = std::log10(m_rule.maxProbability);
        std::vector<Run> found;
        for (std::size_t begin = 0; begin + m_rule.window <= m_gaps.size(); ++begin) {
            const auto first = m_gaps.begin() + static_cast<std::ptrdiff_t>(begin);
            const std::vector<double> window{first, first + m_rule.window};
            if (log10EvenPauses(window, m_rule) > limit)
                continue;
            const double median = medianOf(window);
            if (!found.empty() && begin < found.back().end && isEven(median, found.back().period))
                found.back().end = begin + m_rule.window;
            else
                found.push_back({begin, begin + m_rule.window, median, 0});
        }
        for (Run& run : found)
            stretch(run);
        return found;
    }

    /// From pauses to votes; the beat may miss now and then.
    void stretch(Run& run) const
    {
        std::vector<double> even;
        for (std::size_t at = run.begin; at < run.end; ++at) {
            if (isEven(m_gaps[at], run.period))
                even.push_back(m_gaps[at]);
        }
        run.period = medianOf(std::move(even));
        while (run.begin > 0 && isEven(m_gaps[run.begin - 1], run.period))
            --run.begin;
        while (run.end < m_gaps.size() && isEven(m_gaps[run.end], run.period))
            ++run.end;
        for (; run.begin < run.end && !isEven(m_gaps[run.begin], run.period); ++run.begin) {
        }
        for (; run.end > run.begin && !isEven(m_gaps[run.end - 1], run.period); --run.end) {
        }
        run.even = static_cast<std::size_t>(std::count_if(m_gaps.begin() + static_cast<std::ptrdiff_t>(run.begin),
                                                          m_gaps.begin() + static_cast<std::ptrdiff_t>(run.end),
                                                          [&](double gap) { return isEven(gap, run.period); }));
        ++run.end;
    }

    /// A vote is on the beat when it stands one period from another one of the run; those between are the token's own.
    [[nodiscard]] std::vector<std::uint32_t> onTheBeat(std::span<const std::uint32_t> rows, const Run& run) const
    {
        const auto at = [&](std::size_t vote) { return static_cast<double>(m_votes.castAt[rows[vote]]); };
        std::vector<std::uint32_t> found;
        for (std::size_t vote = run.begin; vote < run.end; ++vote) {
            bool beats = false;
            for (std::size_t other = vote + 1; other < run.end && at(other) - at(vote) <= 1.2 * run.period; ++other)
                beats = beats || isEven(at(other) - at(vote), run.period);
            for (std::size_t other = vote; other > run.begin && at(vote) - at(other - 1) <= 1.2 * run.period; --other)
                beats = beats || isEven(at(vote) - at(other - 1), run.period);
            if (beats)
                found.push_back(rows[vote]);
        }
        return found;
    }

    void addCandidate(std::span<const std::uint32_t> rows, const Run& run, std::vector<Candidate>& candidates) const
    {
        Candidate candidate;
        candidate.token = m_votes.token[rows.front()];
        candidate.rows = onTheBeat(rows, run);
        candidate.all.assign(rows.begin(), rows.end());
        candidate.run = run;
        candidate.score = -log10BinomialTail(run.even, run.end - run.begin - 1, m_rule.evenShare);
        candidate.severity = severityBy(candidate.rows.size(), m_rule.highVotes, m_rule.criticalVotes);
        if (!candidate.rows.empty())
            candidates.push_back(std::move(candidate));
    }

    void addCounterEvidence(const Candidate& candidate, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        if (2 * static_cast<double>(m_scene.voteGrain) >= m_rule.tolerance * candidate.run.period)
            against.push_back(
                fmt::format("Times of this source are exact to {} only, which makes pauses look more even than they are.",
                            domain::durationText(domain::Micros{m_scene.voteGrain})));
        const auto up = static_cast<std::size_t>(std::count_if(candidate.rows.begin(), candidate.rows.end(),
                                                               [&](std::uint32_t row) { return m_votes.value[row] > 0; }));
        if (5 * std::min(up, candidate.rows.size() - up) >= candidate.rows.size())
            against.push_back("The votes go both ways: a program that pushes one side votes all one way.");
        if (candidate.all.size() > 2 * candidate.rows.size())
            against.push_back(fmt::format("The token's other {} are not on the beat.",
                                          countOf(candidate.all.size() - candidate.rows.size(), "vote", "votes")));
        if (against.empty())
            against.push_back("A reader who is shown one post a minute by a program would vote like this.");
    }

    [[nodiscard]] domain::GapStrip stripOf(const Candidate& candidate) const
    {
        domain::GapStrip strip;
        strip.siteLowSeconds = m_scene.gaps.quantile(0.1) / kSecond;
        strip.siteHighSeconds = m_scene.gaps.quantile(0.9) / kSecond;
        strip.fasterThanSeconds = candidate.run.period / kSecond;
        constexpr std::size_t kAround = 40;
        const std::size_t begin = candidate.run.begin > kAround ? candidate.run.begin - kAround : 0;
        const std::size_t end = std::min(candidate.all.size(), candidate.run.end + kAround);
        const std::size_t stride = (end - begin) / kStripPoints + 1;
        for (std::size_t at = std::max<std::size_t>(begin, 1); at < end; at += stride) {
            const std::int64_t time = m_votes.castAt[candidate.all[at]];
            strip.points.push_back({domain::timeOf(time),
                                    static_cast<double>(time - m_votes.castAt[candidate.all[at - 1]]) / kSecond,
                                    at >= candidate.run.begin && at < candidate.run.end});
        }
        return strip;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const MetronomeRule& m_rule;
    std::vector<double> m_gaps; ///< of the token looked at, microseconds
};

} // namespace

std::optional<Findings> findMetronomes(const Scene& scene, const std::vector<Index>& suspects, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const RowGroups cast = rowsByValue(votes.token, votes.castAt, suspects, votes.tokens.size());
    Metronome detector{scene};
    std::vector<Candidate> candidates;
    for (std::size_t at = 0; at < suspects.size(); ++at) {
        detector.addCandidates(cast.group(at), candidates);
        if (at % 1024 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findingsOf(candidates, scene, progress, [&](const Candidate& candidate) { return detector.flagOf(candidate); });
}

} // namespace scr::detect
