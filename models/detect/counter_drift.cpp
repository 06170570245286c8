#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/detector.h"
#include "detect/token_rows.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Severity;

constexpr std::size_t kTracePoints = 400;
// Beyond so many flags each keeps a coarser trace: together they would take more memory than the votes.
constexpr std::size_t kFineTraces = 1000;
constexpr std::size_t kCoarseTracePoints = 40;

struct Drift {
    Index post{};
    double counter{};
    double rowSum{};
    double size{}; ///< sum of the absolute values
    Severity severity{};
    double score{};

    [[nodiscard]] double difference() const noexcept { return counter - rowSum; }
    [[nodiscard]] Index order() const noexcept { return post; }
};

/// A site may store NaN; it adds nothing.
double finite(float value) noexcept
{
    return std::isfinite(value) ? static_cast<double>(value) : 0.0;
}

struct Totals {
    std::vector<double> sum;
    std::vector<double> size;
};

Severity severityOf(const Drift& drift, const CounterDriftRule& rule) noexcept
{
    const double points = std::abs(drift.difference());
    const double share = points >= rule.shareFromPoints && drift.size > 0 ? points / drift.size : 0;
    const bool fromNothing = points >= rule.shareFromPoints && drift.size == 0;
    if (points >= rule.criticalPoints || share >= rule.criticalShare || fromNothing)
        return Severity::Critical;
    return points >= rule.highPoints || share >= rule.highShare ? Severity::High : Severity::Medium;
}

std::vector<Drift> driftsOf(const domain::PostColumns& posts, const Totals& totals, const CounterDriftRule& rule)
{
    std::vector<Drift> drifts;
    for (std::size_t row = 0; row < posts.post.size(); ++row) {
        const Index post = posts.post[row];
        if (!std::isfinite(posts.counter[row]) || post >= totals.sum.size())
            continue;
        Drift drift{post, posts.counter[row], totals.sum[post], totals.size[post], {}, {}};
        drift.score = std::abs(drift.difference());
        if (drift.score <= std::max(rule.tolerancePoints, rule.toleranceShare * drift.size))
            continue;
        drift.severity = severityOf(drift, rule);
        drifts.push_back(drift);
    }
    return drifts;
}

/// The running sum after each vote, thinned to what a chart can show; the last point is always there.
domain::CounterTrace traceOf(const domain::VoteColumns& votes, std::span<const std::uint32_t> rows, const Drift& drift,
                             std::size_t points)
{
    domain::CounterTrace trace;
    trace.counter = drift.counter;
    trace.rowSum = drift.rowSum;
    const std::size_t stride = rows.size() / points + 1;
    double sum = 0;
    for (std::size_t at = 0; at < rows.size(); ++at) {
        sum += finite(votes.value[rows[at]]);
        if (at % stride == stride - 1 || at + 1 == rows.size())
            trace.rows.push_back({domain::timeOf(votes.castAt[rows[at]]), sum});
    }
    return trace;
}

/// Sum of the values when only the first vote of each token is taken.
double sumOfFirstVotes(const domain::VoteColumns& votes, std::span<const std::uint32_t> rows)
{
    std::unordered_set<Index> seen;
    double sum = 0;
    for (const std::uint32_t row : rows) {
        if (seen.insert(votes.token[row]).second)
            sum += finite(votes.value[row]);
    }
    return sum;
}

/// Innocent readings of the difference, each one tried on the rows.
std::vector<std::string> readingsOf(const domain::VoteColumns& votes, std::span<const std::uint32_t> rows, const Drift& drift,
                                    double tolerance)
{
    const auto equals = [&](double value) { return std::abs(drift.counter - value) <= tolerance; };
    double inFavour = 0;
    for (const std::uint32_t row : rows)
        inFavour += std::max(0.0, finite(votes.value[row]));
    std::vector<std::string> readings;
    if (const double first = sumOfFirstVotes(votes, rows); first != drift.rowSum && equals(first))
        readings.push_back(fmt::format(
            "The counter is exactly the sum without repeated votes of one token ({}): it may be right and the rows wrong.",
            pointsText(first)));
    if (const auto count = static_cast<double>(rows.size()); count != drift.rowSum && equals(count))
        readings.push_back(
            fmt::format("The counter is exactly the number of votes ({}): it may count votes where the rows add up values.",
                        pointsText(count)));
    if (inFavour != drift.rowSum && inFavour != static_cast<double>(rows.size()) && equals(inFavour))
        readings.push_back(fmt::format("The counter is exactly the sum of the votes in favour ({}): it may leave out the others.",
                                       pointsText(inFavour)));
    if (drift.counter == 0)
        readings.emplace_back("The counter is 0: the site may not have filled it yet.");
    if (readings.empty())
        readings.emplace_back("Votes that the site took out or added by hand, or votes under way while this was read, change the "
                              "one and not the other.");
    return readings;
}

Flag flagOf(const Scene& scene, const Drift& drift, std::span<const std::uint32_t> rows, std::size_t tracePoints)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const CounterDriftRule& rule = scene.rules.counterDrift;
    Flag flag;
    flag.detector = domain::DetectorId::CounterDrift;
    flag.ruleVersion = scene.rules.version;
    const std::string key = votes.posts.key(drift.post);
    flag.subject = {domain::SubjectKind::Counter, key, domain::PostKey{key}};
    if (!rows.empty()) {
        flag.from = domain::timeOf(votes.castAt[rows.front()]);
        flag.to = domain::timeOf(votes.castAt[rows.back()]);
    }
    flag.key = domain::flagKeyOf(flag.detector, flag.subject, domain::UtcTime{});
    flag.score = drift.score;
    flag.severity = drift.severity;
    flag.posts.push_back(flag.subject.post);
    const std::string shown = pointsText(drift.counter);
    const std::string sum = pointsText(drift.rowSum);
    flag.headline = "A score shown is not the sum of its votes";
    flag.summary = fmt::format("shows {}, rows sum to {}", shown, sum);
    const std::string share =
        drift.size > 0 ? fmt::format(", {:.3g} % of what was voted", 100 * drift.score / drift.size) : std::string{};
    flag.explanation = fmt::format(
        "The site shows a score of {}; its {} add up to {}. The counter is {} points too {}{}. A counter that is changed by "
        "the difference without a lock loses or gains votes when several are cast at once; so does a change made by hand. There "
        "is no vote to void: the counter has to be computed anew from the rows.",
        shown, countOf(rows.size(), "counted vote", "counted votes"), sum, pointsText(drift.score),
        drift.difference() > 0 ? "high" : "low", share);
    flag.counterEvidence = readingsOf(votes, rows, drift, std::max(rule.tolerancePoints, rule.toleranceShare * drift.size));
    flag.clearsIf = "Clears if the site's score is meant to be something else than the sum of its votes.";
    flag.rule = parametersOf(rule);
    flag.evidence = traceOf(votes, rows, drift, tracePoints);
    return flag;
}

} // namespace

std::optional<Findings> findCounterDrift(const Scene& scene, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    Totals totals{std::vector<double>(votes.posts.size()), std::vector<double>(votes.posts.size())};
    const bool went = forRows(votes.size(), progress, [&](std::size_t row) {
        const double value = finite(votes.value[row]);
        totals.sum[votes.post[row]] += value;
        totals.size[votes.post[row]] += std::abs(value);
    });
    if (!went)
        return std::nullopt;
    std::vector<Drift> drifts = driftsOf(scene.input.posts, totals, scene.rules.counterDrift);
    Findings findings;
    findings.leftOut = keepWorst(drifts, scene.rules.flagsPerDetector);
    const std::vector<Index> posts = distinctOf(drifts, [](const Drift& drift) { return drift.post; });
    const RowGroups rows = rowsByValue(votes.post, votes.castAt, posts, votes.posts.size());
    const std::size_t tracePoints = drifts.size() > kFineTraces ? kCoarseTracePoints : kTracePoints;
    for (const Drift& drift : drifts) {
        findings.flags.push_back(flagOf(scene, drift, rows.group(placeOf(posts, drift.post)), tracePoints));
        if (findings.flags.size() % 256 == 0 && !progress.advance(0))
            return std::nullopt;
    }
    return findings;
}

} // namespace scr::detect
