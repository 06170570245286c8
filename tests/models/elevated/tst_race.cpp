#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <future>

#include "elevated/elevated_session.h"
#include "support/site.h"
#include "support/voters.h"

using namespace scr;
using namespace scr::test;

/// The attack itself, with real connections: on the unprotected system it succeeds, on the reference system it never does.
class TestRace : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void oneVoteOfManyRequests();
    void unprotectedLeavesItsTraces();
    void voidBesideVoters();

private:
    [[nodiscard]] std::vector<Connection> connections(const std::string& database, int count) const
    {
        std::vector<Connection> all;
        for (int i = 0; i < count; ++i)
            all.push_back(connectTo(m_server.conninfo(database, "voter")));
        return all;
    }
    [[nodiscard]] long number(const std::string& database, const std::string& sql) const
    {
        return std::stol(m_server.queryText(database, sql));
    }

    TestServer m_server;
    QTemporaryDir m_journal;
};

void TestRace::initTestCase()
{
    for (const char* adapter : {"reference", "unprotected"}) {
        m_server.createSource(adapter, adapter);
        fillSite(m_server, adapter, 500, 20);
    }
    if (!elevated::createLogin(m_server.target("reference"), {"voter", {"voting_api"}, ""}))
        QFAIL("no login for the voters");
    m_server.execute("reference",
                     "UPDATE reference.rule SET token_burst = 1e9, token_rate = 1e6;"
                     "INSERT INTO reference.post (post_key, title) SELECT g, 'later' FROM generate_series(1001, 9000) g");
    m_server.execute("unprotected",
                     "INSERT INTO unprotected.post (post_key, title) SELECT g, 'later' FROM generate_series(1001, 1100) g");
}

/// 64 connections, one token, one post at a time, 100 times over.
void TestRace::oneVoteOfManyRequests()
{
    const std::vector<Connection> racers = connections("reference", 64);
    for (int round = 0; round < 100; ++round) {
        const std::string post = std::to_string(8001 + round);
        const auto answers = sendAtOnce(racers, {"SELECT outcome FROM reference.cast_vote('secret-7', " + post + ", 1)"});
        QCOMPARE(std::count(answers.begin(), answers.end(), "accepted"), 1);
        QCOMPARE(std::count(answers.begin(), answers.end(), "duplicate"), 63);
    }
    QCOMPARE(number("reference", "SELECT count(*) FROM reference.vote WHERE post_key > 8000"), 100);
    QCOMPARE(number("reference", "SELECT count(*) FROM reference.attempt WHERE post_key > 8000"), 6400);
    QCOMPARE(number("reference",
                    "SELECT count(*) FROM reference.tally WHERE post_key > 8000 HAVING sum(votes) = 100 AND sum(score) = 100"),
             100);
}

void TestRace::unprotectedLeavesItsTraces()
{
    const std::vector<Connection> racers = connections("unprotected", 24);
    for (int round = 0; round < 20; ++round)
        static_cast<void>(sendAtOnce(
            racers, {"SELECT outcome FROM unprotected.cast_vote('secret-7', " + std::to_string(1001 + round) + ", 1)"}));
    QVERIFY(number("unprotected", "SELECT count(*) FROM (SELECT FROM scrutineer.vote WHERE post_key > 1000 GROUP BY token_key, "
                                  "post_key HAVING count(*) > 1) d") > 0);
    QVERIFY(
        number("unprotected",
               "SELECT count(*) FROM scrutineer.post p JOIN (SELECT post_key, sum(value) AS s FROM scrutineer.vote GROUP BY 1) v "
               "USING (post_key) WHERE p.counter <> v.s AND p.post_key > 1000") > 0);
    QCOMPARE(number("unprotected", "SELECT count(*) FROM scrutineer.attempt WHERE post_key > 1000"), 480);
}

/// Ten thousand votes are voided while 32 voters go on voting on the very posts whose scores the void takes down.
void TestRace::voidBesideVoters()
{
    constexpr int kVoters = 32;
    constexpr FreshTokens kFresh{1001, 300};
    m_server.execute("reference", "SELECT count(reference.issue_token('token ' || g, 'secret-' || g, g)) FROM generate_series(" +
                                      std::to_string(kFresh.first) + ", " +
                                      std::to_string(kFresh.first + kVoters * kFresh.each - 1) + ") g");
    const domain::VoidPlan plan = voidPlan(m_server, "reference", firstVotes(m_server, "reference", 10'000));
    QCOMPARE(plan.votes.size(), std::size_t{10'000});
    const long rowsBefore = number("reference", "SELECT count(*) FROM reference.vote");
    std::atomic<bool> stop{false};
    auto voters = std::async(std::launch::async,
                             [&] { return voteUntil(m_server.conninfo("reference", "voter"), kVoters, kFresh, 20, stop); });
    QTRY_VERIFY_WITH_TIMEOUT(number("reference", "SELECT count(*) FROM reference.vote") > rowsBefore + 200, 20000);
    const elevated::ElevatedSession admin{m_server.target("reference", "admin"), m_journal.path().toStdString()};
    QElapsedTimer timer;
    timer.start();
    const auto receipt = admin.commit(plan, "beside voters");
    qInfo("void of 10,000 votes beside 32 voters: %lld ms", timer.elapsed());
    stop = true;
    const VoterReport report = voters.get();
    qInfo("%ld votes meanwhile, median %.1f ms, longest %.0f ms", report.accepted, report.medianMs, report.longestWaitMs);
    QVERIFY2(receipt.has_value(), receipt ? "" : sentenceOf(receipt.error()).c_str());
    QCOMPARE(receipt->votes, 10'000);
    QCOMPARE(report.refused, 0);
    QCOMPARE(number("reference", "SELECT count(*) FROM reference.vote"), rowsBefore + report.accepted);
    QCOMPARE(number("reference", "SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'"), 10'000);
    QCOMPARE(
        number("reference",
               "SELECT count(*) FROM scrutineer.post p LEFT JOIN (SELECT post_key, sum(value::float8) AS s FROM scrutineer.vote "
               "WHERE state = 'counted' GROUP BY 1) v USING (post_key) WHERE p.counter <> coalesce(v.s, 0)"),
        0);
    QCOMPARE(number("reference",
                    "SELECT count(*) FROM (SELECT FROM reference.vote GROUP BY token_key, post_key HAVING count(*) > 1) d"),
             0);
    QVERIFY2(report.longestWaitMs < 1000, "a voter waited for more than a second");
}

QTEST_GUILESS_MAIN(TestRace)
#include "tst_race.moc"
