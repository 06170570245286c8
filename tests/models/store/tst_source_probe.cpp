#include <QTest>

#include <algorithm>

#include "models/store/store_test.h"
#include "store/read_error.h"
#include "store/source_probe.h"
#include "store/sql_text.h"

using namespace scr;

class TestSourceProbe : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void readsTheSource_data();
    void readsTheSource();
    void listsWaysToWrite();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();
    void connectionsThatFail();
    void answersOnAnotherThread();
    void serverWords_data();
    void serverWords();
    void arraysSurvive();
    void momentsAreExact();

private:
    std::unique_ptr<test::TestServer> m_server;
};

void TestSourceProbe::initTestCase()
{
    m_server = std::make_unique<test::TestServer>();
    m_server->createSource("wrong", "imported");
}

void TestSourceProbe::readsTheSource_data()
{
    QTest::addColumn<QString>("adapter");
    for (const char* adapter : {"reference", "unprotected", "imported"})
        QTest::newRow(adapter) << adapter;
}

void TestSourceProbe::readsTheSource()
{
    QFETCH(QString, adapter);
    const std::string name = adapter.toStdString();
    m_server->createSource(name, name, true);
    const domain::Result<domain::Source> source = store::probeSource(m_server->target(name, "reader"));
    QVERIFY2(source, source ? "" : domain::sentenceOf(source.error()).c_str());
    QCOMPARE(source->adapter, name);
    QCOMPARE(source->database, name);
    QCOMPARE(source->login, std::string{"reader"});
    QCOMPARE(source->environment, domain::Environment::Demo);
    QVERIFY(source->twoPersonRule);
    QVERIFY(source->can("can_void"));
    QVERIFY(!source->serverVersion.empty());
    QVERIFY(source->waysLookedFor > 10);
    for (const domain::WriteAccess& way : source->writeAccess)
        qWarning("%s", way.what.c_str());
    QVERIFY(source->writeAccess.empty());
}

void TestSourceProbe::listsWaysToWrite()
{
    m_server->execute("imported", "GRANT UPDATE (title) ON imported.post TO reader");
    const domain::Result<domain::Source> source = store::probeSource(m_server->target("imported", "reader"));
    QVERIFY(source);
    QCOMPARE(source->writeAccess.size(), std::size_t{1});
    QVERIFY2(source->writeAccess[0].remedy.find("REVOKE") != std::string::npos, source->writeAccess[0].remedy.c_str());
    m_server->execute("imported", source->writeAccess[0].remedy);
    QVERIFY(store::probeSource(m_server->target("imported", "reader"))->writeAccess.empty());
}

void TestSourceProbe::namesWhatIsWrong_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("names");
    QTest::newRow("no such view") << "ALTER TABLE scrutineer.log_entry RENAME TO gone" << "scrutineer.log_entry";
    QTest::newRow("no such column") << "ALTER VIEW scrutineer.attempt RENAME COLUMN outcome TO result" << "outcome";
    QTest::newRow("time without a zone")
        << "CREATE VIEW scrutineer.other AS SELECT * FROM scrutineer.attempt; ALTER VIEW scrutineer.attempt RENAME TO "
           "attempt_0; CREATE VIEW scrutineer.attempt AS SELECT attempt_key, token_key, post_key, value, "
           "attempted_at::timestamp, finished_at, outcome, sqlstate, vote_key, origin, request_key FROM scrutineer.other"
        << "attempted_at";
}

void TestSourceProbe::namesWhatIsWrong()
{
    QFETCH(QString, change);
    QFETCH(QString, names);
    static int count = 0;
    const std::string name = "wrong" + std::to_string(++count);
    m_server->execute("postgres", "CREATE DATABASE " + name + " TEMPLATE wrong");
    m_server->execute(name, change.toStdString());
    const domain::Result<domain::Source> source = store::probeSource(m_server->target(name, "reader"));
    QVERIFY(!source);
    QCOMPARE(source.error().fault, domain::Fault::Invalid);
    QVERIFY2(source.error().detail.find(names.toStdString()) != std::string::npos, source.error().detail.c_str());
    QVERIFY2(source.error().remedy.find("scrutineerctl init") != std::string::npos, source.error().remedy.c_str());
}

void TestSourceProbe::connectionsThatFail()
{
    const auto told = [](const domain::ConnectionTarget& target) { return store::probeSource(target).error(); };
    m_server->createDatabase("bare");
    QVERIFY(told(m_server->target("bare", "reader")).detail.find("not installed") != std::string::npos);
    QCOMPARE(told(m_server->target("nowhere", "reader")).fault, domain::Fault::NotFound);
    QVERIFY(told(m_server->target("wrong", "nobody")).detail.find("nobody") != std::string::npos);
    domain::ConnectionTarget elsewhere = m_server->target("wrong", "reader");
    elsewhere.host = "/tmp/there-is-no-server-here";
    QVERIFY(told(elsewhere).detail.find("Nothing answers") != std::string::npos);
    domain::ConnectionTarget service;
    service.service = "no-such-service";
    QVERIFY2(told(service).detail.find("no-such-service") != std::string::npos, told(service).detail.c_str());
    m_server->execute("wrong", "CREATE ROLE stranger LOGIN");
    const domain::Error stranger = told(m_server->target("wrong", "stranger"));
    QVERIFY2(stranger.remedy.find("scrutineer_reader") != std::string::npos, domain::sentenceOf(stranger).c_str());
}

void TestSourceProbe::answersOnAnotherThread()
{
    QFuture<domain::Result<domain::Source>> source = store::probe(m_server->target("reference", "reader"));
    QCOMPARE(test::valueOf(source).adapter, std::string{"reference"});
}

void TestSourceProbe::serverWords_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("tells");
    QTest::newRow("password")
        << "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed for user \"x\""
        << "password";
    QTest::newRow("none given") << "fe_sendauth: no password supplied" << "password";
    QTest::newRow("hba") << "FATAL:  no pg_hba.conf entry for host \"10.0.0.1\", user \"x\"" << "pg_hba.conf";
    QTest::newRow("refused") << "connection to server at \"db\", port 5432 failed: Connection refused\n\tIs the server running"
                             << "Connection refused";
    QTest::newRow("name") << "could not translate host name \"db.example\" to address: Name or service not known" << "db.example";
    QTest::newRow("starting") << "FATAL:  the database system is starting up" << "starting up";
    QTest::newRow("full") << "FATAL:  sorry, too many clients already" << "too many clients";
    QTest::newRow("unheard of") << "FATAL:  something {0} else %s" << "something {0} else %s";
}

void TestSourceProbe::serverWords()
{
    QFETCH(QString, message);
    QFETCH(QString, tells);
    const domain::Error error = store::connectError(message.toStdString(), {});
    QCOMPARE(error.fault, domain::Fault::Unavailable);
    QVERIFY2(error.detail.find(tells.toStdString()) != std::string::npos, error.detail.c_str());
    QVERIFY(!error.remedy.empty());
    QVERIFY(error.detail.find('\n') == std::string::npos);
}

void TestSourceProbe::arraysSurvive()
{
    const std::vector<std::string> texts{
        "", "a", "with \"quotes\"", "back\\slash", "{brace},comma", "NULL", " blank ", "line\nbreak", "'"};
    QCOMPARE(store::arrayElements(store::arrayText(texts)), texts);
    std::string literal = store::arrayText(texts);
    for (std::size_t at = 0; (at = literal.find('\'', at)) != std::string::npos; at += 2)
        literal.insert(at, 1, '\'');
    QCOMPARE(store::arrayElements(m_server->queryText("postgres", "SELECT '" + literal + "'::text[]::text")), texts);
    QVERIFY(store::arrayElements("{}").empty());
}

void TestSourceProbe::momentsAreExact()
{
    for (const std::int64_t micros : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'772'323'200'000'001},
                                      std::int64_t{-2'208'988'800'000'000}, std::int64_t{253'402'300'799'999'999}}) {
        const std::string sql =
            "SELECT (extract(epoch from '" + store::momentText(domain::timeOf(micros)) + "'::timestamptz) * 1000000)::int8";
        QCOMPARE(m_server->queryText("postgres", "SET timezone = 'Asia/Kolkata'; " + sql), std::to_string(micros));
    }
}

QTEST_GUILESS_MAIN(TestSourceProbe)
#include "tst_source_probe.moc"
