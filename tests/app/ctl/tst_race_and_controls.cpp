#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "ctl_runner.h"
#include "support/test_server.h"

using namespace scr;

namespace {

QList<QJsonObject> linesOf(const QByteArray& text)
{
    QList<QJsonObject> lines;
    for (const QByteArray& line : text.split('\n')) {
        if (!line.isEmpty())
            lines << QJsonDocument::fromJson(line).object();
    }
    return lines;
}

} // namespace

/// `race` and `controls` as a site engineer and a pipeline call them.
class TestRaceAndControls : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aSoundSystemEndsWithZero();
    void aBrokenOneEndsWithOne();
    void productionIsNeverRaced();
    void theJournalIsKept();
    void controlsAreListedWithoutADatabase();
    void controlsEndWithWhetherTheyHold();
    void whatFallsRaisesAFlag();
    void nobodyThere();

private:
    [[nodiscard]] test::CtlAnswer ctl(std::initializer_list<test::Argument> typed) const
    {
        return m_ctl.run(test::listOf(typed));
    }

    QTemporaryDir m_folder;
    test::CtlRunner m_ctl{m_folder.path()};
    test::TestServer m_server;
};

void TestRaceAndControls::initTestCase()
{
    QString services;
    for (const char* name : {"sound", "broken", "live"}) {
        m_server.createSource(name, QByteArray{name} == "broken" ? "unprotected" : "reference", QByteArray{name} == "live");
        for (const auto& [suffix, user] : {std::pair{"", "reader"}, std::pair{"-elevated", "moderator"},
                                           std::pair{"-owner", demo::PrivateServer::kSuperuser}}) {
            const auto target = m_server.target(name, user);
            services += QStringLiteral("[%1%2]\nhost=%3\nport=%4\ndbname=%1\nuser=%5\n")
                            .arg(QString::fromLatin1(name), QString::fromLatin1(suffix), QString::fromStdString(target.host),
                                 QString::fromStdString(target.port), QString::fromLatin1(user));
        }
    }
    m_server.execute("live", "UPDATE scrutineer.setting SET environment = 'production'");
    m_ctl.setVariable(QStringLiteral("PGSERVICEFILE"),
                      test::writeText(m_folder.filePath(QStringLiteral("services")), services.toUtf8()));
}

void TestRaceAndControls::aSoundSystemEndsWithZero()
{
    const test::CtlAnswer answer = ctl({"race", "--service", "sound", "--connections", "8", "--rounds", "3", "--pattern",
                                        "same_post", "--pattern", "rate_edge"});
    QVERIFY2(answer.code == 0, answer.err + answer.out);
    QVERIFY2(answer.out.contains("reference.cast_vote: no violation"), answer.out);
    QVERIFY2(answer.out.contains("rate_edge"), answer.out);
}

void TestRaceAndControls::aBrokenOneEndsWithOne()
{
    const test::CtlAnswer answer =
        ctl({"race", "--service", "broken", "--connections", "16", "--rounds", "5", "--format", "jsonl"});
    QVERIFY2(answer.code == 1, answer.err + answer.out);
    const QList<QJsonObject> lines = linesOf(answer.out);
    QCOMPARE(lines.size(), qsizetype{9});
    QCOMPARE(lines[0].value(QStringLiteral("verdict")).toString(), QStringLiteral("violated"));
    QVERIFY(!lines[0].value(QStringLiteral("violations")).toArray().isEmpty());
    QCOMPARE(lines[2].value(QStringLiteral("verdict")).toString(), QStringLiteral("not raced"));
}

void TestRaceAndControls::productionIsNeverRaced()
{
    const test::CtlAnswer answer = ctl({"race", "--service", "live", "--rounds", "1"});
    QCOMPARE(answer.code, 2);
    QVERIFY2(answer.err.contains("marked production"), answer.err);
    QVERIFY2(answer.err.contains("staging"), answer.err);
}

void TestRaceAndControls::theJournalIsKept()
{
    const QString journal = m_folder.filePath(QStringLiteral("journal.jsonl"));
    QCOMPARE(
        ctl({"race", "--service", "sound", "--connections", "4", "--rounds", "2", "--pattern", "same_post", "--journal", journal})
            .code,
        0);
    QFile file{journal};
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QJsonObject> lines = linesOf(file.readAll());
    QCOMPARE(lines.size(), qsizetype{8});
    QVERIFY(!lines[0].value(QStringLiteral("outcome")).toString().isEmpty());
    QCOMPARE(ctl({"race", "--service", "sound", "--journal", "/nowhere/at/all"}).code, 2);
}

void TestRaceAndControls::controlsAreListedWithoutADatabase()
{
    const test::CtlAnswer answer = ctl({"controls", "--list"});
    QCOMPARE(answer.code, 0);
    QVERIFY2(answer.out.contains("unique_key") && answer.out.contains("separate_environments"), answer.out);
}

void TestRaceAndControls::controlsEndWithWhetherTheyHold()
{
    const test::CtlAnswer one = ctl({"controls", "--service", "live", "--control", "unique_key", "--format", "jsonl"});
    QVERIFY2(one.code == 0, one.err);
    const QJsonObject line = linesOf(one.out).value(0);
    QCOMPARE(line.value(QStringLiteral("control")).toString(), QStringLiteral("unique_key"));
    QCOMPARE(line.value(QStringLiteral("state")).toString(), QStringLiteral("holds"));
    QVERIFY(line.contains(QStringLiteral("evidence")) && line.contains(QStringLiteral("remedy")));
    const test::CtlAnswer all = ctl({"controls", "--service", "live"});
    QCOMPARE(all.code, 1); // it is not sealed
    QVERIFY2(all.out.contains("Remedy:"), all.out);
    QCOMPARE(ctl({"controls", "--service", "live", "--control", "sealed"}).code, 1);
    QCOMPARE(ctl({"controls", "--service", "live", "--control", "sealed", "--accept", "sealed"}).code, 0);
    const test::CtlAnswer unknown = ctl({"controls", "--service", "live", "--control", "nonsense"});
    QCOMPARE(unknown.code, 2);
    QVERIFY2(unknown.err.contains("--list"), unknown.err);
}

void TestRaceAndControls::whatFallsRaisesAFlag()
{
    const auto record = [&] { return ctl({"controls", "--service", "live", "--control", "unique_key", "--record"}); };
    QVERIFY2(record().err.contains("none fell"), "the first check");
    m_server.execute("live", "ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE");
    const test::CtlAnswer fallen = record();
    QCOMPARE(fallen.code, 1);
    QVERIFY2(fallen.err.contains("unique_key"), fallen.err);
    QCOMPARE(m_server.queryText("live", "SELECT concat_ws(' ', detector, severity, state) FROM scrutineer.flag_queue", "reader"),
             std::string{"control high open"});
    QVERIFY2(record().err.contains("none fell"), "it falls once");
    QVERIFY2(record().out.contains("So since"), "and says since when");
}

void TestRaceAndControls::nobodyThere()
{
    QCOMPARE(ctl({"controls", "--service", "nowhere"}).code, 2);
    QCOMPARE(ctl({"controls"}).code, 2);
    QCOMPARE(ctl({"race", "--service", "nowhere"}).code, 2);
}

QTEST_GUILESS_MAIN(TestRaceAndControls)
#include "tst_race_and_controls.moc"
