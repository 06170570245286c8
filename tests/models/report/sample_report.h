#pragma once

#include <cmath>
#include <string>

#include "report/report.h"

namespace scr::test {

inline const domain::UtcTime kSampleStart = domain::timeOf(1'767'225'600'000'000); // 2026-01-01T00:00:00Z

inline domain::UtcTime after(double seconds)
{
    return kSampleStart + domain::Micros{static_cast<std::int64_t>(seconds * 1e6)};
}

inline domain::Vote sampleVote(int key, const std::string& token, const std::string& post, double seconds,
                               domain::VoteState state)
{
    return {domain::VoteKey{std::to_string(key)},
            domain::TokenKey{token},
            domain::PostKey{post},
            domain::AuthorKey{"31"},
            1,
            after(seconds),
            "10.1.7." + std::to_string(key % 250),
            state,
            {},
            {}};
}

inline report::FlagPart raceFlag()
{
    domain::Flag flag;
    flag.detector = domain::DetectorId::ConcurrentAttempts;
    flag.ruleVersion = "1.0";
    flag.subject = {domain::SubjectKind::Token, "412", domain::PostKey{"9"}};
    flag.from = after(50'007);
    flag.to = after(50'007.31);
    flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
    flag.score = 18.4;
    flag.severity = domain::Severity::Critical;
    flag.headline = "One token was counted 6 times on one post within 310 ms";
    flag.explanation =
        "Token 412 sent 12 requests for post 9 within 310 ms; 6 of them were accepted and counted, 5 more than one vote a token "
        "and post allows. The requests overlapped: each looked for an earlier vote before any other had been stored.";
    flag.counterEvidence = {"A double click explains two requests, not twelve.",
                            "No other token did this on the post within the hour."};
    flag.clearsIf = "the site allows several votes of a token on a post.";
    flag.rule = {{"window", "250", "ms"}, {"min_attempts", "4", ""}};
    domain::AttemptWaterfall waterfall;
    for (int i = 0; i < 12; ++i) {
        domain::AttemptWaterfall::Bar bar;
        bar.start = after(50'007 + i * 0.011);
        bar.end = after(50'007 + i * 0.011 + 0.14 + (i % 3) * 0.02);
        bar.outcome = i % 2 == 0 ? domain::AttemptOutcome::Accepted : domain::AttemptOutcome::RateLimited;
        bar.extraVote = i % 2 == 0 && i > 0;
        waterfall.bars.push_back(bar);
    }
    flag.evidence = waterfall;
    flag.rankImpact = domain::RankImpact{domain::PostKey{"9"}, 3, 7, 118, 113};
    report::FlagPart part;
    for (int i = 0; i < 6; ++i) {
        part.votes.push_back(
            sampleVote(8801 + i, "412", "9", 50'007 + i * 0.02, i == 0 ? domain::VoteState::Counted : domain::VoteState::Voided));
        flag.votes.push_back(part.votes.back().key);
        if (i > 0)
            flag.extraVotes.push_back(part.votes.back().key);
    }
    part.recorded = {flag,
                     domain::FlagState::Voided,
                     2,
                     "mira",
                     after(52'000),
                     "quiet-heron-87",
                     "A year of night trains: what we learned",
                     "jo",
                     2,
                     "mira",
                     after(52'100)};
    part.decisions = {{1, flag.key, domain::Decision::Snooze, "asking the site's engineers", "jo", after(53'000), after(60'000)},
                      {2, flag.key, domain::Decision::Confirm, "the log shows the race", "mira", after(61'000), std::nullopt}};
    return part;
}

inline report::FlagPart burstFlag()
{
    domain::Flag flag;
    flag.detector = domain::DetectorId::TokenBurst;
    flag.ruleVersion = "1.0";
    flag.subject = {domain::SubjectKind::Token, "77", {}};
    flag.from = after(90'000);
    flag.to = after(90'018.2);
    flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
    flag.score = 12.9;
    flag.severity = domain::Severity::High;
    flag.headline = "140 votes in 80 s";
    flag.explanation = "The token cast 140 votes in 80 s, 0.57 s each. A person 2.5 times faster than this site's typical voter "
                       "would do that once "
                       "in 10^13 tries.";
    flag.counterEvidence = {"The votes went to 32 different posts of 29 authors."};
    flag.rule = {{"fast_person", "2.5", "x"}};
    domain::GapStrip strip{{}, 3.1, 52, 3.6};
    report::FlagPart part;
    for (int i = 0; i < 180; ++i) {
        const bool burst = i >= 40;
        strip.points.push_back(
            {after(80'000 + (burst ? 10'000 + i * 0.57 : i * 200.0)), burst ? 0.4 + (i % 7) * 0.05 : 8 + (i * 37 % 90), burst});
        if (burst) {
            part.votes.push_back(
                sampleVote(20'000 + i, "77", std::to_string(100 + i), 90'000 + i * 0.57, domain::VoteState::Counted));
            flag.votes.push_back(part.votes.back().key);
        }
    }
    flag.evidence = strip;
    part.recorded = {flag, domain::FlagState::Open, 0, "", after(95'000), "rapid-ibis-519", ""};
    return part;
}

/// A counter that drifted on a post whose title is out for mischief.
inline report::FlagPart driftFlag()
{
    domain::Flag flag;
    flag.detector = domain::DetectorId::CounterDrift;
    flag.ruleVersion = "1.0";
    flag.subject = {domain::SubjectKind::Counter, "9", domain::PostKey{"9"}};
    flag.from = after(0);
    flag.to = after(90'000);
    flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
    flag.score = 5;
    flag.severity = domain::Severity::Medium;
    flag.headline = "The site shows 123, its votes sum to 118";
    flag.explanation = "The cached score of the post is 5 more than the sum of its votes.";
    domain::CounterTrace trace;
    for (int i = 0; i <= 60; ++i)
        trace.rows.push_back({after(i * 1500), std::sqrt(i / 60.0) * 118});
    trace.counter = 123;
    trace.rowSum = 118;
    flag.evidence = trace;
    return {{flag, domain::FlagState::Dismissed, 4, "mira", after(95'000), "<img src=\"/dev/zero\"> lucky\u202erebmun", ""},
            {{4, flag.key, domain::Decision::Dismiss, "=HYPERLINK(\"http://x\") repaired by the nightly job", "mira",
              after(99'000), std::nullopt}},
            {}};
}

inline report::VoidPart sampleVoid(const domain::FlagKey& flag)
{
    report::VoidPart part;
    part.request.number = 118;
    part.request.request = domain::RequestId{"0b8f6d6e-6f2a-4c0e-9a39-6a0c3c2b9d11"};
    part.request.state = domain::RequestState::Done;
    part.request.votes = 5;
    part.request.posts = 1;
    part.request.requestedBy = "mira";
    part.request.approvedBy = "ada";
    part.request.reason = "Race on post 9, confirmed from the attempt log";
    part.request.requestedAt = after(62'000);
    part.request.committedAt = after(62'090.123456);
    part.request.flags = {flag};
    part.request.digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    part.request.standing = 5;
    part.posts = {{domain::PostKey{"9"}, "A year of night trains: what we learned", 5, -5}};
    for (int i = 1; i < 6; ++i)
        part.votes.push_back(sampleVote(8801 + i, "412", "9", 50'007 + i * 0.02, domain::VoteState::Counted));
    return part;
}

/// One of everything that a report can hold.
inline report::Report sampleReport()
{
    report::Report report;
    report.period = {kSampleStart, after(14 * 86'400.0)};
    report.source = {"voting-live",
                     "forum",
                     "db1.example",
                     "auditor_kim",
                     "15.6",
                     "unprotected",
                     "1",
                     domain::Environment::Staging,
                     true,
                     {{"has_attempts", true, ""},
                      {"has_counter", true, ""},
                      {"has_origin", true, ""},
                      {"restorable", false, "the site deletes votes of closed posts"}},
                     {},
                     14,
                     after(100'000)};
    report.madeBy = "auditor_kim";
    report.madeAt = after(100'060);
    report.toolVersion = "0.1.0";
    report.countedVotes = 1'204'551;
    report.flags = {raceFlag(), burstFlag(), driftFlag()};
    report.detectors = report::detectorsOf(report.flags, report.source);
    report.detectors[0].skippedWhy = "the source keeps no duplicates apart";
    report.voids = {sampleVoid(report.flags[0].recorded.flag.key)};
    report.log = {{domain::EntryKind::Record, "1", after(51'000), "mira", "", "done", "3 new flags, 0 known", ""},
                  {domain::EntryKind::Void, "2", after(62'090.123456), "ada", "V-118", "done", "5 votes on 1 post: =1+1", ""}};
    const char* titles[] = {"Why heat pumps are harder than they look",
                            "夜行列車の一年",
                            "عام مع قطارات الليل",
                            "Ask: what is your experience with bus timetables?",
                            "Todo sobre los datos abiertos, sin rodeos",
                            "The quiet return of library robots",
                            "A year of night trains: what we learned",
                            "We measured bridge sensors for six months"};
    for (int i = 0; i < 8; ++i) {
        const bool raced = i == 6;
        report.leaderboard.push_back({domain::PostKey{std::to_string(raced ? 9 : 10 + i)}, titles[i], i + 1, 132.0 - i * 3,
                                      raced ? 3 : (i >= 2 && i < 6 ? i + 2 : i + 1), 132.0 - i * 3 + (raced ? 5 : 0),
                                      130.0 - i * 3, i + 1});
    }
    return report;
}

} // namespace scr::test
