#include <QCryptographicHash>
#include <QTest>

#include <QTemporaryDir>

#include <algorithm>
#include <map>

#include "elevated/elevated_session.h"
#include "models/store/store_test.h"
#include "store/sql_audit_source.h"
#include "store/sql_flag_source.h"
#include "store/sql_leaderboard_source.h"
#include "store/sql_report_source.h"
#include "store/sql_void_source.h"

using namespace scr;

namespace {

constexpr auto kHostileTitle = "<img src=\"/dev/zero\"> \xE2\x80\xAE'; DROP TABLE";

domain::UtcTime at(const char* time)
{
    return *domain::parseTime(time);
}

/// Token t1 cast votes 1 to 5 on post p1; all but the first are extra.
domain::Flag flagOf(const std::string& token, domain::Severity severity, double score, std::initializer_list<int> votes)
{
    domain::Flag flag;
    flag.detector = domain::DetectorId::DuplicateVotes;
    flag.ruleVersion = "test";
    flag.subject = {domain::SubjectKind::Token, token, domain::PostKey{"p1"}};
    flag.from = at("2026-03-01T00:00:01Z");
    flag.to = at("2026-03-01T00:00:05Z");
    flag.score = score;
    flag.severity = severity;
    for (const int vote : votes)
        flag.votes.emplace_back(std::to_string(vote));
    flag.extraVotes.assign(flag.votes.begin() + 1, flag.votes.end());
    flag.tokens.emplace_back(token);
    flag.posts.emplace_back("p1");
    flag.headline = "One token was counted several times on one post";
    flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from);
    return flag;
}

template <class T>
T must(domain::Result<T> result)
{
    if (!result)
        throw std::runtime_error{domain::sentenceOf(result.error())};
    return std::move(*result);
}

} // namespace

class TestFlagsAndVoids : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void queueIsWorstFirst();
    void queueKeepsToTheRange();
    void oneFlagAndItsReviews();
    void flagOfAnotherVersionIsNamed();
    void planShowsScoresAndRanks();
    void planRefusesWhatCannotBe();
    void proposalIsPlannedAnew();
    void voidAndRestoreAgreeWithTheirPlans();
    void reportIsOfOneSnapshot();
    void requestsNewestFirst();
    void auditPagesMeet_data();
    void auditPagesMeet();
    void auditFilters();
    void historySumsToTheScores();
    void historyOfManyPostsKeepsTheLeaders();
    void historyOfNothing();

private:
    /// As a token stands in the sealed log.
    [[nodiscard]] std::string pseudonymOf(const std::string& token) const
    {
        return m_server->queryText("site", "SELECT scrutineer.pseudonym('token " + token +
                                               "', inner_pad, outer_pad) FROM scrutineer.pseudonym_key");
    }

    [[nodiscard]] domain::ConnectionTarget reader(const std::string& database = "site") const
    {
        return m_server->target(database, "reader");
    }
    [[nodiscard]] elevated::ElevatedSession session(const std::string& login) const
    {
        return {m_server->target("site", login), m_journal.path().toStdString()};
    }
    void decide(const domain::FlagKey& flag, domain::Decision decision);

    QTemporaryDir m_journal;
    std::unique_ptr<test::TestServer> m_server;
    domain::Flag m_worst = flagOf("t1", domain::Severity::Critical, 5, {1, 2, 3, 4, 5});
    domain::Flag m_high = flagOf("t2", domain::Severity::High, 9, {11, 12});
    domain::Flag m_low = flagOf("t3", domain::Severity::Low, 99, {21, 22});
};

void TestFlagsAndVoids::decide(const domain::FlagKey& flag, domain::Decision decision)
{
    store::SqlFlagSource source{reader()};
    domain::ReviewOrder order;
    order.request = elevated::newRequestId();
    order.flag = flag;
    order.decision = decision;
    order.reason = "because";
    order.seenReview = test::valueOf(source.flag(flag)).lastReview;
    static_cast<void>(must(session("admin").review(order)));
}

void TestFlagsAndVoids::initTestCase()
{
    m_server = std::make_unique<test::TestServer>();
    m_server->createSource("site", "imported");
    // 40 posts; post n has 41 - n votes of their own, p1 four more that are duplicates, p2 one, p3 one.
    m_server->execute(
        "site",
        std::string{"INSERT INTO imported.post (post_key, title) SELECT 'p' || g, CASE g WHEN 1 THEN '"} +
            "<img src=\"/dev/zero\"> \xE2\x80\xAE''; DROP TABLE' ELSE 'Post ' || g END FROM generate_series(1, 40) g;"
            "INSERT INTO imported.token (token_key, label) VALUES ('t1', 'Label of t1');"
            "INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at) SELECT g::text, 't' || (1 + g / 10), "
            "CASE WHEN g < 10 THEN 'p1' WHEN g < 20 THEN 'p2' ELSE 'p3' END, 1, timestamptz '2026-03-01Z' + g * interval '1 s' "
            "FROM unnest(ARRAY[1,2,3,4,5,11,12,21,22]) g;"
            "INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at) SELECT 'x' || p || '-' || n, 'u' || n, "
            "'p' || p, 1, timestamptz '2026-03-02Z' + n * interval '1 hour' FROM generate_series(1, 40) p, "
            "generate_series(1, 40 - p) n; ANALYZE");
    static_cast<void>(must(session("moderator").record(elevated::newRequestId(), {m_low, m_high, m_worst})));
}

void TestFlagsAndVoids::queueIsWorstFirst()
{
    store::SqlFlagSource source{reader()};
    const std::vector<domain::RecordedFlag> flags = test::valueOf(source.flags({}, 100)).flags;
    QCOMPARE(flags.size(), std::size_t{3});
    QCOMPARE(flags[0].flag.key, m_worst.key);
    QCOMPARE(flags[1].flag.key, m_high.key);
    QCOMPARE(flags[2].flag.key, m_low.key);
    QVERIFY(flags[0].flag == m_worst);
    QCOMPARE(flags[0].subjectLabel, std::string{"Label of t1"});
    QCOMPARE(flags[0].postTitle, std::string{kHostileTitle});
    QCOMPARE(flags[0].state, domain::FlagState::Open);
    QCOMPARE(test::valueOf(source.flags({}, 1)).flags.size(), std::size_t{1});
}

void TestFlagsAndVoids::queueKeepsToTheRange()
{
    store::SqlFlagSource source{reader()};
    QCOMPARE(test::valueOf(source.flags({at("2026-03-01T00:00:05Z"), std::nullopt}, 9)).flags.size(),
             std::size_t{3}); // the last moment belongs to it
    QCOMPARE(test::valueOf(source.flags({at("2026-03-01T00:00:05.000001Z"), std::nullopt}, 9)).flags.size(), std::size_t{0});
    QCOMPARE(test::valueOf(source.flags({std::nullopt, at("2026-03-01T00:00:01Z")}, 9)).flags.size(), std::size_t{0});
    QCOMPARE(test::valueOf(source.flags({std::nullopt, at("2026-03-01T00:00:02Z")}, 9)).flags.size(), std::size_t{3});
}

void TestFlagsAndVoids::oneFlagAndItsReviews()
{
    store::SqlFlagSource source{reader()};
    decide(m_low.key, domain::Decision::Dismiss);
    decide(m_low.key, domain::Decision::Reopen);
    decide(m_worst.key, domain::Decision::Confirm);
    decide(m_high.key, domain::Decision::Confirm);
    const domain::RecordedFlag flag = test::valueOf(source.flag(m_worst.key));
    QCOMPARE(flag.state, domain::FlagState::Confirmed);
    QCOMPARE(flag.actor, std::string{"admin"});
    const std::vector<domain::ReviewEntry> reviews = test::valueOf(source.reviews(m_low.key));
    QCOMPARE(reviews.size(), std::size_t{2});
    QCOMPARE(reviews[0].decision, domain::Decision::Reopen);
    QCOMPARE(reviews[1].decision, domain::Decision::Dismiss);
    QCOMPARE(reviews[1].reason, std::string{"because"});
    QVERIFY(reviews[0].decidedAt >= reviews[1].decidedAt);
    QCOMPARE(test::errorOf(source.flag(domain::FlagKey{"F-000000000000"})).fault, domain::Fault::NotFound);
}

void TestFlagsAndVoids::flagOfAnotherVersionIsNamed()
{
    m_server->createSource("newer", "imported");
    m_server->execute("newer", "INSERT INTO scrutineer.flag (flag_key, detector, rule_version, subject_kind, subject_key, "
                               "from_at, to_at, score, severity, "
                               "body) VALUES ('F-new', 'x', '9', 'token', 't', now(), now(), 1, 'low', '{\"flag\": 7}')");
    static_cast<void>(
        must(elevated::ElevatedSession{m_server->target("newer", "moderator"), m_journal.path().toStdString()}.record(
            elevated::newRequestId(), {m_low})));
    store::SqlFlagSource source{reader("newer")};
    const ports::FlagList list = test::valueOf(source.flags({}, 10));
    QCOMPARE(list.flags.size(), std::size_t{1}); // the others stay readable
    QCOMPARE(list.unreadable.size(), std::size_t{1});
    QVERIFY2(list.unreadable.front().find("F-new") != std::string::npos, list.unreadable.front().c_str());
    QCOMPARE(test::errorOf(source.flag(domain::FlagKey{"F-new"})).fault, domain::Fault::Corrupt);
}

void TestFlagsAndVoids::planShowsScoresAndRanks()
{
    store::SqlVoidSource source{reader()};
    const domain::VoidPlan plan = test::valueOf(source.planVoid({m_worst.key, m_high.key}));
    QCOMPARE(plan.votes.size(), std::size_t{5});
    QVERIFY(std::is_sorted(plan.votes.begin(), plan.votes.end(), [](const auto& a, const auto& b) { return a.key < b.key; }));
    QCOMPARE(plan.digest.size(), std::size_t{64});
    QCOMPARE(plan.request.text.size(), std::size_t{36});
    QCOMPARE(plan.tokens, std::int64_t{2});
    QCOMPARE(plan.netScore, -5.0);
    QCOMPARE(plan.requestedBy, std::string{"reader"});
    // p1 has 39 + 5, p2 38 + 2, p3 37 + 2 votes: after the void 40, 39, 39, and p2 comes before p3 by its key.
    QCOMPARE(plan.changes.size(), std::size_t{2});
    QCOMPARE(plan.changes[0].title, std::string{kHostileTitle});
    QCOMPARE(plan.changes[0].scoreBefore, 44.0);
    QCOMPARE(plan.changes[0].scoreAfter, 40.0);
    QCOMPARE(plan.changes[0].votes, std::int64_t{4});
    QCOMPARE(plan.changes[1].rankBefore, std::int64_t{2});
    QCOMPARE(plan.changes[1].rankAfter, std::int64_t{2});
    QCOMPARE(plan.leaders.size(), std::size_t{15});
    QCOMPARE(plan.leaders[2].post.text, std::string{"p3"});
    QCOMPARE(plan.leaders[2].scoreBefore, 39.0);
}

void TestFlagsAndVoids::planRefusesWhatCannotBe()
{
    store::SqlVoidSource source{reader()};
    QCOMPARE(test::errorOf(source.planVoid({domain::FlagKey{"F-none"}})).fault, domain::Fault::NotFound);
    QCOMPARE(test::errorOf(source.planRestore(elevated::newRequestId())).fault, domain::Fault::NotFound);
    QCOMPARE(test::errorOf(source.planRestore(domain::RequestId{"no uuid"})).fault, domain::Fault::Invalid);
}

void TestFlagsAndVoids::proposalIsPlannedAnew()
{
    store::SqlVoidSource source{reader()};
    const domain::VoidPlan plan = test::valueOf(source.planVoid({m_high.key}));
    static_cast<void>(must(session("moderator").propose(plan, "looks wrong")));
    const domain::VoidPlan proposal = test::valueOf(source.planProposal(plan.request));
    QCOMPARE(proposal.request, plan.request);
    QCOMPARE(proposal.digest, plan.digest);
    QCOMPARE(proposal.votes, plan.votes);
    QCOMPARE(proposal.reason, std::string{"looks wrong"});
    QCOMPARE(proposal.proposedBy, std::string{"moderator"});
    QCOMPARE(proposal.flags, plan.flags);
    QCOMPARE(test::errorOf(source.planRestore(plan.request)).fault, domain::Fault::Rejected);
    static_cast<void>(must(session("admin").withdraw(plan.request, "not now")));
    QCOMPARE(test::errorOf(source.planProposal(plan.request)).fault, domain::Fault::Rejected);
}

void TestFlagsAndVoids::voidAndRestoreAgreeWithTheirPlans()
{
    store::SqlVoidSource source{reader()};
    const domain::VoidPlan plan = test::valueOf(source.planVoid({m_worst.key}));
    const domain::VoidReceipt receipt = must(session("admin").commit(plan, "duplicates"));
    QCOMPARE(receipt.digest, plan.digest);
    QCOMPARE(receipt.votes, std::int64_t{4});
    QCOMPARE(test::errorOf(source.planVoid({m_worst.key})).fault, domain::Fault::Rejected);
    const domain::RequestReading made = test::valueOf(source.reading(plan.request, 3));
    QCOMPARE(made.request.reason, std::string{"duplicates"});
    QCOMPARE(made.posts.size(), std::size_t{1});
    QCOMPARE(made.posts[0].change, -4.0);
    QCOMPARE(made.votes.size(), std::size_t{3});
    QCOMPARE(made.votes[0].state, domain::VoteState::Voided);
    QCOMPARE(test::errorOf(source.reading(elevated::newRequestId(), 3)).fault, domain::Fault::NotFound);
    m_server->execute("site",
                      "UPDATE imported.vote SET value = 7 WHERE vote_key = '3'; CREATE TABLE gone AS SELECT * FROM imported.vote "
                      "WHERE vote_key = '4'; DELETE FROM imported.vote WHERE vote_key = '4'");
    const domain::VoidPlan partly = test::valueOf(source.planRestore(plan.request));
    QCOMPARE(partly.votes.size(), std::size_t{2});
    QCOMPARE(partly.leftOutVotes, std::int64_t{2});
    QVERIFY(partly.leftOut[0].find("Vote 3 is t1 on p1 of 7, ") == 0);
    QCOMPARE(partly.leftOut[1], std::string{"Vote 4 does not exist any more"});
    m_server->execute("site",
                      "UPDATE imported.vote SET value = 1 WHERE vote_key = '3'; INSERT INTO imported.vote SELECT * FROM gone");

    const domain::VoidPlan restore = test::valueOf(source.planRestore(plan.request));
    QCOMPARE(restore.leftOutVotes, std::int64_t{0});
    QCOMPARE(restore.kind, domain::RequestKind::Restore);
    QCOMPARE(restore.restores, plan.request);
    QCOMPARE(restore.netScore, 4.0);
    QVERIFY(std::all_of(restore.votes.begin(), restore.votes.end(),
                        [](const auto& vote) { return vote.state == domain::VoteState::Voided; }));
    QCOMPARE(restore.changes[0].scoreBefore, plan.changes[0].scoreAfter);
    QCOMPARE(restore.changes[0].scoreAfter, plan.changes[0].scoreBefore);
    static_cast<void>(must(session("admin").commit(restore, "an error")));
    QCOMPARE(test::errorOf(source.planRestore(plan.request)).fault, domain::Fault::Rejected);
    QCOMPARE(test::valueOf(source.planVoid({m_worst.key})).digest, plan.digest); // exactly the votes that were there
}

void TestFlagsAndVoids::reportIsOfOneSnapshot()
{
    store::SqlReportSource source{reader()};
    const auto percent = std::make_shared<std::atomic<int>>(0);
    const domain::AuditReading all = test::valueOf(source.read({}, percent));
    // A proposal that was withdrawn, a void, its restore: whatever became of them.
    QCOMPARE(all.requests.size(), std::size_t{3});
    QCOMPARE(all.requests[0].request.withdrawnBy, std::string{"admin"});
    QCOMPARE(all.requests[0].request.withdrawalReason, std::string{"not now"});
    const domain::RequestReading& done = all.requests[1];
    QCOMPARE(done.request.state, domain::RequestState::Restored);
    QCOMPARE(done.request.standing, std::int64_t{0});
    QCOMPARE(done.posts.size(), std::size_t{1});
    QCOMPARE(done.posts[0].change, -4.0);
    QCOMPARE(done.posts[0].title, std::string{kHostileTitle});
    QCOMPARE(all.requests[2].posts[0].change, 4.0);
    QCOMPARE(all.requests[2].votes[0].state, domain::VoteState::Voided);
    // The digest can be computed from the votes that the report lists.
    for (const domain::RequestReading& one : all.requests) {
        QCOMPARE(one.votes.size(), static_cast<std::size_t>(one.request.votes));
        QByteArray lines;
        for (const domain::Vote& vote : one.votes)
            lines += QByteArray::fromStdString(vote.key.text + "\t" + pseudonymOf(vote.token.text) + "\t" + vote.post.text +
                                               "\t" + std::to_string(static_cast<int>(vote.value)) + "\t" +
                                               std::to_string(vote.castAt.time_since_epoch().count()) + "\t" +
                                               std::string{domain::nameOf(vote.state)} + "\n");
        QCOMPARE(QCryptographicHash::hash(lines, QCryptographicHash::Sha256).toHex().toStdString(), one.request.digest);
    }
    QCOMPARE(all.flags.size(), std::size_t{3});
    QVERIFY(
        std::any_of(all.log.begin(), all.log.end(), [](const auto& entry) { return entry.kind == domain::EntryKind::Restore; }));
    QCOMPARE(percent->load(), 90);

    // By when it was carried out, not by when its votes were cast.
    const domain::UtcTime committed = *done.request.committedAt;
    const domain::AuditReading moment = test::valueOf(source.read({committed, committed + domain::Micros{1}}, nullptr));
    QCOMPARE(moment.requests.size(), std::size_t{1});
    QCOMPARE(moment.requests[0].request.number, done.request.number);
    QCOMPARE(moment.flags.size(), std::size_t{1}); // the one it was for
    QCOMPARE(moment.countedVotes, std::int64_t{0});
    QVERIFY(test::valueOf(source.read({committed + std::chrono::hours{1}, std::nullopt}, nullptr)).requests.empty());
}

void TestFlagsAndVoids::requestsNewestFirst()
{
    store::SqlVoidSource source{reader()};
    const std::vector<domain::VoidRequestRow> rows = test::valueOf(source.requests(10));
    QCOMPARE(rows.size(), std::size_t{3});
    QCOMPARE(rows[0].kind, domain::RequestKind::Restore);
    QCOMPARE(rows[1].state, domain::RequestState::Restored);
    QCOMPARE(rows[1].restoredBy, rows[0].request);
    QCOMPARE(rows[0].restores, rows[1].request);
    QCOMPARE(rows[1].flags, std::vector<domain::FlagKey>{m_worst.key});
    QCOMPARE(rows[2].state, domain::RequestState::Withdrawn);
    QVERIFY(!rows[2].committedAt);
    QCOMPARE(test::valueOf(source.requests(1)).size(), std::size_t{1});
}

void TestFlagsAndVoids::auditPagesMeet_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("one") << 1;
    QTest::newRow("some") << 7;
    QTest::newRow("all") << 1000;
}

void TestFlagsAndVoids::auditPagesMeet()
{
    QFETCH(int, limit);
    if (m_server->queryText("site", "SELECT count(*) FROM imported.attempt") ==
        "0") // many of one moment, some of it that of a log entry
        m_server->execute(
            "site", "INSERT INTO imported.attempt (attempt_key, token_key, post_key, value, attempted_at, outcome, origin) "
                    "SELECT g, 't1', 'p1', "
                    "1, CASE WHEN g < 30 THEN timestamptz '2026-03-01Z' ELSE (SELECT max(at) FROM scrutineer.log_entry) END, "
                    "CASE WHEN g % 2 = 0 THEN 'accepted' ELSE 'duplicate' END, '10.1.0.9' FROM generate_series(1, 50) g");
    store::SqlAuditSource source{reader()};
    std::map<std::pair<domain::EntryKind, std::string>, int> seen;
    std::optional<ports::AuditCursor> cursor;
    domain::UtcTime last = domain::UtcTime::max();
    do {
        const ports::AuditPage page = test::valueOf(source.entriesAfter({}, cursor, limit));
        for (const domain::AuditEntry& entry : page.rows) {
            QVERIFY(entry.at <= last);
            last = entry.at;
            ++seen[{entry.kind, entry.key}];
        }
        cursor = page.next;
    } while (cursor && seen.size() < 1000);
    const auto entries = std::stoull(m_server->queryText("site", "SELECT count(*) FROM scrutineer.log_entry"));
    QCOMPARE(seen.size(), static_cast<std::size_t>(50 + entries));
    QVERIFY(std::all_of(seen.begin(), seen.end(), [](const auto& one) { return one.second == 1; }));
}

void TestFlagsAndVoids::auditFilters()
{
    store::SqlAuditSource source{reader()};
    const auto rowsOf = [&](const ports::AuditFilter& filter) {
        return test::valueOf(source.entriesAfter(filter, std::nullopt, 1000)).rows;
    };
    ports::AuditFilter filter;
    filter.attempts = false;
    for (const domain::AuditEntry& entry : rowsOf(filter))
        QVERIFY(entry.kind != domain::EntryKind::Attempt);
    filter.attempts = true;
    filter.outcome = "duplicate";
    QCOMPARE(rowsOf(filter).size(), std::size_t{25});
    filter.origin = "10.1.0.0/16";
    QCOMPARE(rowsOf(filter).front().origin, std::string{"10.1.0.9"});
    filter.origin = "10.2.0.0/16";
    QVERIFY(rowsOf(filter).empty());
    ports::AuditFilter token;
    token.token = "t1";
    token.range.to = at("2026-03-01T00:00:00.000001Z");
    QCOMPARE(rowsOf(token).size(), std::size_t{29});
    ports::AuditFilter wrong;
    wrong.origin = "nonsense";
    QCOMPARE(test::errorOf(source.entriesAfter(wrong, std::nullopt, 10)).fault, domain::Fault::Invalid);
}

void TestFlagsAndVoids::historySumsToTheScores()
{
    store::SqlVoidSource voids{reader()};
    static_cast<void>(must(session("admin").commit(test::valueOf(voids.planVoid({m_high.key})), "duplicates")));
    store::SqlLeaderboardSource source{reader()};
    const domain::ScoreHistory all = test::valueOf(source.scoreHistory({}, 50));
    QCOMPARE(all.posts.size(), std::size_t{39}); // p40 has no vote
    QVERIFY(all.bins <= 50);
    std::map<std::string, domain::ScoreHistory::Cell> sums;
    for (const auto& cell : all.cells) {
        QVERIFY(cell.bin < all.bins);
        auto& sum = sums[all.posts[cell.post].post.text];
        sum.counted += cell.counted;
        sum.flagged += cell.flagged;
        sum.voided += cell.voided;
        sum.votes += cell.votes;
        sum.flaggedVotes += cell.flaggedVotes;
    }
    QCOMPARE(sums["p1"].counted, 44.0);
    QCOMPARE(sums["p1"].flagged, 4.0); // what a void would take out: all but the first
    QCOMPARE(sums["p1"].flaggedVotes, std::int64_t{4});
    QCOMPARE(sums["p2"].counted, 39.0);
    QCOMPARE(sums["p2"].voided, 1.0);
    QCOMPARE(sums["p2"].flagged, 0.0);
    QCOMPARE(sums["p3"].flagged, 1.0); // open
    QCOMPARE(all.voids.size(), std::size_t{3});
    QVERIFY(all.voids[1].restore);

    const domain::ScoreHistory late =
        test::valueOf(source.scoreHistory({at("2026-03-02T00:00:00Z"), at("2026-03-02T10:00:00Z")}, 10));
    QCOMPARE(late.binWidth, domain::Micros{3'600'000'000});
    const auto p1 = std::find_if(late.posts.begin(), late.posts.end(), [](const auto& line) { return line.post.text == "p1"; });
    QCOMPARE(p1->scoreBefore, 5.0);
    QCOMPARE(p1->flaggedBefore, 4.0);
    QCOMPARE(p1->title, std::string{kHostileTitle});
}

void TestFlagsAndVoids::historyOfManyPostsKeepsTheLeaders()
{
    m_server->createSource("many", "unprotected");
    // Post 1 leads at the beginning only: two hundred others overtake it, each by more and more votes.
    m_server->execute("many", "INSERT INTO unprotected.post (post_key, title) SELECT g, 'p' FROM generate_series(1, 5000) g;"
                              "INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) SELECT g, 1, 1, timestamptz "
                              "'2026-03-01Z' FROM generate_series(1, 3) g;"
                              "INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) SELECT g, 2 + g % 300, 1, "
                              "timestamptz '2026-03-02Z' + g * interval '1 s' "
                              "FROM generate_series(1, 3000) g;"
                              "INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) SELECT g, g, 1, timestamptz "
                              "'2026-03-02 12:00Z' FROM generate_series(1000, 5000) g; ANALYZE");
    store::SqlLeaderboardSource source{reader("many")};
    const domain::ScoreHistory history = test::valueOf(source.scoreHistory({}, 400));
    const auto has = [&](const std::string& key) {
        return std::any_of(history.posts.begin(), history.posts.end(), [&](const auto& line) { return line.post.text == key; });
    };
    QVERIFY(has("1"));
    QVERIFY2(history.posts.size() >= 200 && history.posts.size() < 1000, std::to_string(history.posts.size()).c_str());
}

void TestFlagsAndVoids::historyOfNothing()
{
    m_server->createSource("nothing", "imported");
    store::SqlLeaderboardSource source{reader("nothing")};
    QVERIFY(test::valueOf(source.scoreHistory({}, 100)).posts.empty());
    QVERIFY(test::valueOf(source.scoreHistory({at("2026-01-01"), at("2026-02-01")}, 100)).cells.empty());
    store::SqlVoidSource voids{reader("nothing")};
    QVERIFY(test::valueOf(voids.requests(10)).empty());
    store::SqlFlagSource flags{reader("nothing")};
    QVERIFY(test::valueOf(flags.flags({}, 10)).flags.empty());
    store::SqlAuditSource audit{reader("nothing")};
    QCOMPARE(test::valueOf(audit.entriesAfter({}, std::nullopt, 10)).rows.front().kind, domain::EntryKind::Install);
}

QTEST_GUILESS_MAIN(TestFlagsAndVoids)
#include "tst_flags_and_voids.moc"
