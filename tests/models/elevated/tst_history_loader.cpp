#include <QtTest>

#include "elevated/history_loader.h"
#include "support/test_server.h"

using namespace scr;
using namespace scr::test;
using domain::Fault;
using domain::HistoryVote;
using elevated::HistoryLoader;

namespace {

HistoryVote vote(const char* token, const char* post, double value, std::int64_t second, const char* key = "",
                 const char* origin = "")
{
    return {token, post, value, domain::timeOf(1'700'000'000'000'000 + second * 1'000'000 + 7), key, "", origin};
}

} // namespace

class TestHistoryLoader : public QObject {
    Q_OBJECT

private slots:
    void emptyDatabaseGetsImported();
    void valuesArriveExactly();
    void numbersGoOn();
    void rollsBackWithoutFinish();
    void badRows_data();
    void badRows();
    void referenceBuildsTallies();
    void referenceRefusesDuplicates();
    void unprotectedKeepsGivenCounters();
    void foreignDatabase();

private:
    [[nodiscard]] domain::Result<elevated::LoadReport> load(const std::string& database, const std::vector<HistoryVote>& votes,
                                                            const std::vector<domain::HistoryPost>& posts = {}) const
    {
        HistoryLoader loader;
        domain::Status done = loader.begin(m_server.target(database), "test");
        if (done)
            done = loader.addVotes(votes);
        if (done)
            done = loader.addPosts(posts);
        return done ? loader.finish() : domain::Result<elevated::LoadReport>{domain::failureOf(done)};
    }

    TestServer m_server;
};

void TestHistoryLoader::emptyDatabaseGetsImported()
{
    m_server.createDatabase("fresh");
    const auto report = load("fresh", {vote("a", "p", 1, 0), vote("a", "p", 1, 1), vote("b", "q", -1, 2)});
    QVERIFY2(report.has_value(), report ? "" : sentenceOf(report.error()).c_str());
    QCOMPARE(report->adapter, std::string{"imported"});
    QCOMPARE(report->votes, 3);
    QCOMPARE(report->posts, 2);
    QCOMPARE(report->tokens, 2);
    QCOMPARE(m_server.queryText("fresh", "SELECT string_agg(vote_key, ',' ORDER BY vote_key) FROM scrutineer.vote"),
             std::string{"1,2,3"});
    QCOMPARE(m_server.queryText("fresh", "SELECT count(*) FROM pg_indexes WHERE schemaname = 'imported' AND tablename = 'vote'"),
             std::string{"4"});
    QCOMPARE(m_server.queryText("fresh", "SELECT outcome FROM scrutineer.log_entry WHERE kind = 'import'"), std::string{"done"});
}

void TestHistoryLoader::valuesArriveExactly()
{
    m_server.createSource("exact", "imported");
    HistoryLoader loader;
    QVERIFY(loader.begin(m_server.target("exact")));
    const std::vector<domain::HistoryAttempt> attempts{
        {"tök\"en\\", "p", 1.5, domain::timeOf(-1), domain::timeOf(5), domain::AttemptOutcome::RateLimited, "40001", "",
         "2001:db8::1", "req"},
        {"", "", 0, domain::timeOf(0), {}, domain::AttemptOutcome::InvalidToken, "", "", "", ""}};
    QVERIFY(loader.addAttempts(attempts));
    QVERIFY(loader.addVotes(std::vector{vote("tök\"en\\", "p\n", -0.1, 0, "k", "10.1.0.0/16")}));
    QVERIFY(loader.addTokens(std::vector<domain::HistoryToken>{{"tök\"en\\", "<img>", domain::timeOf(1), ""}}));
    QVERIFY(loader.finish());
    QCOMPARE(m_server.queryRows(
                 "exact", "SELECT vote_key, token_key, post_key, value, scrutineer.micros(cast_at), origin FROM scrutineer.vote"),
             (std::vector<std::vector<std::string>>{{"k", "tök\"en\\", "p\n", "-0.1", "1700000000000007", "10.1.0.0/16"}}));
    QCOMPARE(
        m_server.queryRows(
            "exact",
            "SELECT token_key, value, scrutineer.micros(attempted_at), scrutineer.micros(finished_at), outcome, sqlstate, origin "
            "FROM scrutineer.attempt ORDER BY attempt_key LIMIT 1"),
        (std::vector<std::vector<std::string>>{{"tök\"en\\", "1.5", "-1", "5", "rate_limited", "40001", "2001:db8::1"}}));
    QCOMPARE(m_server.queryText("exact", "SELECT label || ' ' || state FROM scrutineer.token"), std::string{"<img> active"});
    QCOMPARE(
        m_server.queryText("exact", "SELECT string_agg(name, ',' ORDER BY name) FROM scrutineer.capability WHERE NOT available"),
        std::string{"has_author,has_counter,has_unique_key,recounts_scores"});
}

void TestHistoryLoader::numbersGoOn()
{
    m_server.createSource("twice", "imported");
    QVERIFY(load("twice", {vote("a", "p", 1, 0), vote("b", "p", 1, 1)}));
    QVERIFY(load("twice", {vote("c", "p", 1, 2)}, {{"p", "a title", "", {}, 3.0}}));
    QCOMPARE(m_server.queryText("twice", "SELECT string_agg(vote_key || token_key, ',' ORDER BY vote_key) FROM scrutineer.vote"),
             std::string{"1a,2b,3c"});
    QCOMPARE(m_server.queryText("twice", "SELECT title || counter FROM scrutineer.post"), std::string{"a title3"});
    const auto clash = load("twice", {vote("d", "p", 1, 3, "2")});
    QVERIFY(!clash);
    QVERIFY2(sentenceOf(clash.error()).find("(2)") != std::string::npos, sentenceOf(clash.error()).c_str());
}

void TestHistoryLoader::rollsBackWithoutFinish()
{
    m_server.createSource("halfway", "imported");
    {
        HistoryLoader loader;
        QVERIFY(loader.begin(m_server.target("halfway")));
        QVERIFY(loader.addVotes(std::vector{vote("a", "p", 1, 0)}));
        HistoryLoader second;
        const auto busy = second.begin(m_server.target("halfway"));
        QVERIFY(!busy);
        QVERIFY(busy.error().detail.find("another import") != std::string::npos);
    }
    // The import's own lock, because a session of this test that is still ending would be counted with the loader's.
    QTRY_COMPARE(m_server.queryText("halfway", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), std::string{"0"});
    QCOMPARE(m_server.queryText("halfway", "SELECT count(*) FROM scrutineer.vote"), std::string{"0"});
    QCOMPARE(
        m_server.queryText("halfway", "SELECT count(*) FROM pg_indexes WHERE schemaname = 'imported' AND tablename = 'vote'"),
        std::string{"4"});
}

void TestHistoryLoader::badRows_data()
{
    QTest::addColumn<QString>("adapter");
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("key");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("origin");
    QTest::addColumn<QString>("words");
    QTest::newRow("text key in a numbered system")
        << "reference" << "tok_1" << "" << 1.0 << "" << "row 2 of the votes: \"tok_1\"";
    QTest::newRow("zero") << "unprotected" << "0" << "" << 1.0 << "" << "cannot be a token's key";
    QTest::newRow("vote key") << "unprotected" << "1" << "v1" << 1.0 << "" << "\"v1\" cannot be a vote's key";
    QTest::newRow("empty token") << "imported" << "" << "" << 1.0 << "" << "cannot be a token's key";
    QTest::newRow("not a number") << "imported" << "a" << "" << qQNaN() << "" << "not a finite number";
    QTest::newRow("address") << "imported" << "a" << "" << 1.0 << "10.0.0.300" << "is not an address";
    QTest::newRow("not UTF-8") << "imported" << "bad" << "" << 1.0 << "" << "invalid byte sequence";
    QTest::newRow("vote keys twice") << "imported" << "a" << "same" << 1.0 << "" << "same";
}

void TestHistoryLoader::badRows()
{
    QFETCH(QString, adapter);
    QFETCH(QString, token);
    QFETCH(QString, key);
    QFETCH(double, value);
    QFETCH(QString, origin);
    QFETCH(QString, words);
    static int number = 0;
    const std::string db = "bad" + std::to_string(++number);
    m_server.createSource(db, adapter.toStdString());
    HistoryVote good = vote("1", "1", 1, 0);
    HistoryVote bad = vote("", "1", value, 1);
    bad.token = token == QStringLiteral("bad") ? "\xff\xfe" : token.toStdString();
    bad.voteKey = key.toStdString();
    bad.origin = origin.toStdString();
    if (key == QStringLiteral("same"))
        good.voteKey = bad.voteKey;
    const auto report = load(db, {good, bad});
    QVERIFY(!report);
    QVERIFY2(QString::fromStdString(sentenceOf(report.error())).contains(words), sentenceOf(report.error()).c_str());
    QVERIFY(!report.error().remedy.empty());
    QCOMPARE(m_server.queryText(db, "SELECT count(*) FROM scrutineer.vote"), std::string{"0"});
}

void TestHistoryLoader::referenceBuildsTallies()
{
    m_server.createSource("tallies", "reference");
    QVERIFY(load("tallies", {vote("1", "1", 1, 0), vote("2", "1", -1, 1), vote("3", "2", 1, 2)}));
    QVERIFY(load("tallies", {vote("4", "1", 1, 3)}));
    QCOMPARE(m_server.queryText("tallies",
                                "SELECT string_agg(post_key || ':' || counter, ' ' ORDER BY post_key) FROM scrutineer.post"),
             std::string{"1:1 2:1"});
    m_server.execute("tallies", "SELECT reference.issue_token('new', 's')");
    QCOMPARE(m_server.queryText("tallies", "SELECT outcome || vote_key FROM reference.cast_vote('s', 1, 1)"),
             std::string{"accepted5"});
}

void TestHistoryLoader::referenceRefusesDuplicates()
{
    m_server.createSource("unique", "reference");
    const auto report = load("unique", {vote("1", "1", 1, 0), vote("2", "1", 1, 1), vote("1", "1", 1, 2)});
    QVERIFY(!report);
    QCOMPARE(report.error().fault, Fault::Invalid);
    const QString words = QString::fromStdString(sentenceOf(report.error()));
    QVERIFY2(words.contains(QStringLiteral("(1, 1)")) && words.contains(QStringLiteral("row 3")) &&
                 words.contains(QStringLiteral("adapter imported")),
             qPrintable(words));
}

void TestHistoryLoader::unprotectedKeepsGivenCounters()
{
    m_server.createSource("drifted", "unprotected");
    QVERIFY(load("drifted", {vote("1", "1", 1, 0), vote("1", "1", 1, 0), vote("2", "2", 1, 1)}, {{"1", "one", "", {}, 7.0}}));
    QCOMPARE(m_server.queryText("drifted",
                                "SELECT string_agg(post_key || ':' || counter, ' ' ORDER BY post_key) FROM scrutineer.post"),
             std::string{"1:7 2:1"});
}

void TestHistoryLoader::foreignDatabase()
{
    m_server.createDatabase("foreign");
    m_server.execute("foreign", "CREATE TABLE shop (id int)");
    const auto report = load("foreign", {vote("a", "p", 1, 0)});
    QVERIFY(!report);
    QCOMPARE(report.error().fault, Fault::Rejected);
    QCOMPARE(m_server.queryText("foreign", "SELECT to_regnamespace('scrutineer') IS NULL"), std::string{"t"});
}

QTEST_GUILESS_MAIN(TestHistoryLoader)
#include "tst_history_loader.moc"
