#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "app/ctl/ctl_runner.h"
#include "support/site.h"
#include "support/test_server.h"

using scr::test::CtlAnswer;
using scr::test::CtlRunner;
using scr::test::listOf;
using scr::test::TestServer;
using scr::test::writeText;

/// `scrutineerctl scan --sql-detectors` against a real server, from the file to the moderators' queue and the report.
class TestCtlSiteRules : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_server = std::make_unique<TestServer>();
        m_server->createSource("site", "unprotected");
        scr::test::fillSite(*m_server, "site", 5, 4);
        const QByteArray host = QByteArray::fromStdString(m_server->target("postgres").host);
        for (const auto& [service, user] : {std::pair{"site", "reader"}, std::pair{"site-elevated", "admin"}})
            m_services += QByteArray{"["} + service + "]\nhost=" + host + "\ndbname=site\nuser=" + user + "\n";
        writeText(m_folder.filePath(QStringLiteral("services")), m_services);
        QDir{m_folder.path()}.mkpath(QStringLiteral("rules"));
        QDir{m_folder.path()}.mkpath(QStringLiteral("empty"));
        file("rules/all.sql", "-- name: all_votes\n-- title: A token that votes\n-- subject: token\n-- severity: high\n"
                              "SELECT token_key AS subject, array_agg(vote_key) AS votes, count(*) AS score, 'It voted.' AS "
                              "explanation FROM scrutineer.vote GROUP BY 1;\n");
        file("rules/broken.sql", "-- name: broken\nSELECT 1 AS one\n");
        file("rules/nameless.sql", "SELECT 1\n");
        file("rules/same.sql", "-- name: all_votes\nSELECT 1\n");
        file("rules/readme.txt", "not a rule");
    }

    void findsAndTellsWhatWasSkipped()
    {
        const CtlAnswer answer = scan({"--detector", "site_rule", "--format", "jsonl"});
        QVERIFY2(answer.code == 1, answer.err.constData());
        QCOMPARE(answer.out.count('\n'), 5);
        const QJsonObject flag = QJsonDocument::fromJson(answer.out.split('\n').front()).object();
        QCOMPARE(flag[QLatin1String("detector")].toString(), QStringLiteral("site_rule"));
        QCOMPARE(flag[QLatin1String("site_rule")].toString(), QStringLiteral("all_votes"));
        QCOMPARE(flag[QLatin1String("headline")].toString(), QStringLiteral("A token that votes (site rule all_votes)"));
        QVERIFY(flag[QLatin1String("rank_impact")].isObject());
        for (const char* told :
             {"site_rule broken was not run: It returns a column \"one\"", "site_rule nameless.sql was not run",
              "site_rule same.sql was not run: all.sql has that name already, all_votes"})
            QVERIFY2(answer.err.contains(told), answer.err.constData());
        QCOMPARE(answer.err.count('\n'), 3);
    }

    void theOtherDetectorsRunToo()
    {
        const CtlAnswer answer = scan({"--detector", "duplicate_votes"});
        QVERIFY2(answer.code == 1, answer.err.constData());
        QVERIFY2(answer.out.contains("site_rule all_votes"), answer.out.constData());
        QVERIFY2(scan({}).out.contains("5 flags in 20 votes"), scan({}).out.constData());
    }

    void isRecordedOnceAndReported()
    {
        QCOMPARE(scan({"--record"}).code, 1);
        const CtlAnswer again = scan({"--record"});
        QVERIFY2(again.err.contains("Recorded 0 new flags; 5 were known"), again.err.constData());
        QCOMPARE(m_server->queryText("site", "SELECT string_agg(DISTINCT detector || ' ' || (body ->> 'site_rule') || ' ' || "
                                             "versions || ' ' || state, ',') FROM scrutineer.flag_queue"),
                 std::string{"site_rule all_votes 1 open"});
        const QString page = m_folder.filePath(QStringLiteral("report.html"));
        const CtlAnswer report = ctl(listOf({"export", "--service", "site", "--report", page}));
        QVERIFY2(report.code == 0, report.err.constData());
        QFile file{page};
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("Site rule all_votes"));
    }

    void theExampleRuns()
    {
        QFile example{QStringLiteral(SCRUTINEER_SOURCE_DIR "/resources/rules/example_detector.sql")};
        QVERIFY(example.open(QIODevice::ReadOnly));
        QByteArray text = example.readAll();
        QVERIFY(text.contains(">= 20"));
        text.replace(">= 20", ">= 4"); // this site has no more votes of a token
        QDir{m_folder.path()}.mkpath(QStringLiteral("example"));
        file("example/night.sql", text);
        m_server->execute("site", "UPDATE unprotected.vote SET cast_at = '2026-03-01T03:00:00Z' WHERE token_key < 3");
        const CtlAnswer answer = ctl(listOf({"scan", "--service", "site", "--detector", "site_rule", "--sql-detectors",
                                             m_folder.filePath(QStringLiteral("example"))}));
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY2(answer.err.isEmpty(), answer.err.constData());
        QVERIFY2(answer.out.contains("2 flags in 20 votes"), answer.out.constData());
    }

    void theProfileNamesTheFolder()
    {
        QDir{m_folder.path()}.mkpath(QStringLiteral(".config/scrutineer"));
        const QString profile =
            file(".config/scrutineer/profiles.toml",
                 "[service.site]\nsql_detectors = \"" + m_folder.filePath(QStringLiteral("rules")).toUtf8() + "\"\n");
        const CtlAnswer all = ctl(listOf({"scan", "--service", "site"}));
        const CtlAnswer other = ctl(listOf({"scan", "--service", "site", "--detector", "token_burst"}));
        QFile::remove(profile);
        QVERIFY2(all.out.contains("site_rule all_votes"), all.err.constData());
        QVERIFY2(!other.out.contains("site_rule"), other.out.constData());
    }

    void theProfileNamesTheThresholds()
    {
        QDir{m_folder.path()}.mkpath(QStringLiteral(".config/scrutineer"));
        const QByteArray rules = m_folder.filePath(QStringLiteral("mine.toml")).toUtf8();
        const QString profile = file(".config/scrutineer/profiles.toml", "[service.site]\nrules = \"" + rules + "\"\n");
        file("mine.toml", "version = \"mine-1\"\n[counter_drift]\ntolerance_points = 0.5\n");
        m_server->execute("site", "UPDATE unprotected.post SET score = score + 9");
        const CtlAnswer mine = ctl(listOf({"scan", "--service", "site", "--detector", "counter_drift", "--format", "csv"}));
        file("mine.toml", "version = \"mine-2\"\n[counter_drift]\ntolerance = 0.5\n");
        const CtlAnswer wrong = ctl(listOf({"scan", "--service", "site", "--detector", "counter_drift"}));
        QFile::remove(profile);
        const CtlAnswer ours = ctl(listOf({"scan", "--service", "site", "--detector", "counter_drift", "--format", "csv"}));
        m_server->execute("site", "UPDATE unprotected.post SET score = score - 9");
        QVERIFY2(mine.out.contains("mine-1"), (mine.out + mine.err).constData());
        QVERIFY2(!ours.out.contains("mine-1") && ours.out.count('\n') > 1, ours.out.constData());
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains(rules) && wrong.err.contains("line 3"), wrong.err.constData());
    }

    void badUseIsExitTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no folder") << listOf({"--service", "site", "--sql-detectors", "/no/such"}) << QByteArray{"/no/such"};
        QTest::newRow("no rule in it") << listOf({"--service", "site", "--sql-detectors",
                                                  m_folder.filePath(QStringLiteral("empty"))})
                                       << QByteArray{"no file NAME.sql"};
        QTest::newRow("files") << listOf({"--votes", "x.csv", "--sql-detectors", "/"}) << QByteArray{"import"};
        QTest::newRow("no rules") << listOf({"--service", "site", "--detector", "site_rule"}) << QByteArray{"--sql-detectors"};
    }
    void badUseIsExitTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const CtlAnswer answer = ctl(listOf({"scan"}) + arguments);
        QCOMPARE(answer.code, 2);
        QCOMPARE(answer.err.count('\n'), 1);
        QVERIFY2(answer.err.contains(says), answer.err.constData());
    }

    void backtestReadsTheService()
    {
        const CtlAnswer answer = ctl(listOf({"rules", "backtest", "default", "default", "--service", "site"}));
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY2(answer.out.contains("Of 20 votes"), answer.out.constData());
    }

private:
    CtlAnswer ctl(const QStringList& arguments) const
    {
        CtlRunner runner{m_folder.path()};
        runner.setVariable(QStringLiteral("PGSERVICEFILE"), m_folder.filePath(QStringLiteral("services")));
        return runner.run(arguments);
    }
    CtlAnswer scan(std::initializer_list<scr::test::Argument> more) const
    {
        return ctl(listOf({"scan", "--service", "site", "--sql-detectors", m_folder.filePath(QStringLiteral("rules"))}) +
                   listOf(more));
    }
    QString file(const char* name, const QByteArray& text) const
    {
        return writeText(m_folder.filePath(QString::fromLatin1(name)), text);
    }

    QTemporaryDir m_folder;
    QByteArray m_services;
    std::unique_ptr<TestServer> m_server;
};

QTEST_GUILESS_MAIN(TestCtlSiteRules)
#include "tst_site_rules.moc"
