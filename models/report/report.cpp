#include "report/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "rank/impact.h"
#include "report/wording.h"

namespace scr::report {

namespace {

/// The three scores a post is ranked by.
struct Scores {
    const domain::ScoreHistory::PostLine* line = nullptr;
    double now = 0;
    double withVoided = 0;
    double withoutFlagged = 0;
};

std::vector<Scores> scoresOf(const domain::ScoreHistory& history)
{
    std::vector<Scores> scores;
    scores.reserve(history.posts.size());
    for (const auto& line : history.posts)
        scores.push_back({&line, line.scoreBefore, line.scoreBefore, line.scoreBefore - line.flaggedBefore});
    for (const auto& cell : history.cells) {
        Scores& post = scores.at(cell.post);
        post.now += cell.counted;
        post.withVoided += cell.counted + cell.voided;
        post.withoutFlagged += cell.counted - cell.flagged;
    }
    return scores;
}

/// Rank of each post by one of its scores, from 1.
std::vector<std::int64_t> ranksBy(const std::vector<Scores>& scores, double Scores::* score)
{
    std::vector<std::size_t> order(scores.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (scores[a].*score != scores[b].*score)
            return scores[a].*score > scores[b].*score;
        return rank::keyBefore(scores[a].line->post, scores[b].line->post);
    });
    std::vector<std::int64_t> ranks(scores.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        ranks[order[i]] = static_cast<std::int64_t>(i) + 1;
    return ranks;
}

std::string_view hindranceOf(domain::DetectorId detector, const domain::Source& source)
{
    if (source.isEvidence)
        return "the pack does not say whether it could run";
    switch (detector) {
    case domain::DetectorId::ConcurrentAttempts:
    case domain::DetectorId::AttemptFanOut:
    case domain::DetectorId::UnloggedVotes:
    case domain::DetectorId::Probing: return source.can("has_attempts") ? "" : "the source has no log of attempts";
    case domain::DetectorId::CounterDrift:
        return source.can("has_counter") ? "" : "the source shows no score of its own to compare with the votes";
    case domain::DetectorId::SerialVoter:
    case domain::DetectorId::VoteRing: return source.can("has_author") ? "" : "the source does not say who wrote the posts";
    case domain::DetectorId::SubnetSocks:
    case domain::DetectorId::TokenMint:
    case domain::DetectorId::TokenHopping:
        return source.can("has_origin") ? "" : "the source does not say from where the votes came";
    case domain::DetectorId::DuplicateVotes:
    case domain::DetectorId::ImpossibleVotes:
    case domain::DetectorId::Timetable:
    case domain::DetectorId::TokenBurst:
    case domain::DetectorId::Metronome:
    case domain::DetectorId::Lockstep:
    case domain::DetectorId::DenseBlock:
    case domain::DetectorId::PostSurge:
    case domain::DetectorId::SiteRule:
    case domain::DetectorId::Control: break;
    }
    return {};
}

} // namespace

Totals totalsOf(const Report& report)
{
    Totals totals;
    for (const FlagPart& part : report.flags) {
        switch (part.recorded.state) {
        case domain::FlagState::Open: ++totals.open; break;
        case domain::FlagState::Confirmed: ++totals.confirmed; break;
        case domain::FlagState::Dismissed: ++totals.dismissed; break;
        case domain::FlagState::Snoozed: ++totals.snoozed; break;
        case domain::FlagState::Voided: ++totals.voided; break;
        }
    }
    for (const VoidPart& part : report.voids) {
        const domain::VoidRequestRow& request = part.request;
        if (request.kind == domain::RequestKind::Restore && request.state == domain::RequestState::Done)
            totals.votesRestored += request.votes;
        totals.votesVoided += request.standing;
    }
    return totals;
}

std::vector<LeaderRow> leaderboardOf(const domain::ScoreHistory& history, std::size_t top)
{
    const std::vector<Scores> scores = scoresOf(history);
    const std::vector<std::int64_t> now = ranksBy(scores, &Scores::now);
    const std::vector<std::int64_t> withVoided = ranksBy(scores, &Scores::withVoided);
    const std::vector<std::int64_t> withoutFlagged = ranksBy(scores, &Scores::withoutFlagged);
    const auto limit = static_cast<std::int64_t>(top == 0 ? scores.size() : top);
    std::vector<LeaderRow> rows;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (std::min(now[i], withVoided[i]) > limit)
            continue;
        const Scores& post = scores[i];
        rows.push_back({post.line->post, post.line->title, now[i], post.now, withVoided[i], post.withVoided, post.withoutFlagged,
                        withoutFlagged[i]});
    }
    std::sort(rows.begin(), rows.end(), [](const LeaderRow& a, const LeaderRow& b) { return a.rank < b.rank; });
    return rows;
}

std::vector<DetectorRun> detectorsOf(const std::vector<FlagPart>& flags, const domain::Source& source)
{
    std::vector<DetectorRun> runs;
    for (const domain::DetectorId detector : domain::kDetectors)
        runs.push_back({detector, {}, {}, 0, std::string{hindranceOf(detector, source)}});
    for (const FlagPart& part : flags) {
        const domain::Flag& flag = part.recorded.flag;
        auto run = std::find_if(runs.begin(), runs.end(), [&](const DetectorRun& one) {
            return one.detector == flag.detector && one.siteRule == flag.siteRule;
        });
        if (run == runs.end()) // only its flags say that there is such a rule
            run = runs.insert(runs.end(), {flag.detector, {}, {}, 0, {}, flag.siteRule});
        ++run->flags;
        run->skippedWhy.clear();
        run->ruleVersion = flag.ruleVersion;
        run->rule = flag.rule;
    }
    return runs;
}

Report reportOf(domain::AuditReading reading, const domain::TimeRange& period, const domain::Source& source,
                const std::string& toolVersion)
{
    constexpr std::size_t kLeaders = 50;
    Report report;
    report.period = period;
    report.source = source;
    report.madeBy = source.isEvidence ? fmt::format("whoever read the pack that {} made", source.login) : source.login;
    report.madeAt = reading.readAt;
    report.toolVersion = toolVersion;
    report.countedVotes = reading.countedVotes;
    report.detectors = detectorsOf(reading.flags, source);
    report.flags = std::move(reading.flags);
    report.voids = std::move(reading.requests);
    report.log = std::move(reading.log);
    report.leaderboard = leaderboardOf(reading.scores, kLeaders);
    report.remarks = std::move(reading.remarks);
    return report;
}

std::string periodText(const domain::TimeRange& period)
{
    if (period.isAll())
        return "All votes";
    if (!period.from)
        return "All votes before " + timeText(*period.to) + " UTC";
    if (!period.to)
        return "All votes from " + timeText(*period.from) + " UTC on";
    return timeText(*period.from) + " UTC to " + timeText(*period.to) + " UTC";
}

} // namespace scr::report
