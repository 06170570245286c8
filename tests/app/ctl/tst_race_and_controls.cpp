#include <QDir>
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
    void aRaceOnACopyIsEvidence();
    void whatFallsRaisesAFlag();
    void aRiskIsAcceptedForATime();
    void anAlteredLogIsFound();
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
    for (const char* name : {"sound", "broken", "foreign", "live"}) {
        m_server.createSource(name, QByteArray{name} == "broken" || QByteArray{name} == "foreign" ? "unprotected" : "reference",
                              QByteArray{name} == "live");
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

/// A site whose voting functions are its own races a copy, and shows the report.
void TestRaceAndControls::aRaceOnACopyIsEvidence()
{
    constexpr const char* kLocking =
        "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('unprotected.cast_vote'::regproc), 'BEGIN', 'BEGIN PERFORM 1 FROM "
        "unprotected.token t WHERE t.secret = p_secret FOR UPDATE; PERFORM 1 FROM unprotected.post p WHERE p.post_key = p_post "
        "FOR UPDATE;'); END $do$";
    const auto raceTo = [&](const char* service, const QString& file, const char* rounds, const char* pattern = "same_post") {
        const test::CtlAnswer answer = ctl(
            {"race", "--service", service, "--connections", "32", "--rounds", rounds, "--pattern", pattern, "--format", "jsonl"});
        test::writeText(file, answer.out);
        return answer.code;
    };
    const auto lock = [&](const char* service, const QString& file) {
        const test::CtlAnswer answer =
            ctl({"controls", "--service", service, "--control", "lock_before_check", "--race", file, "--format", "jsonl"});
        return answer.code == 2 ? QString::fromUtf8(answer.err)
                                : linesOf(answer.out).value(0).value(QStringLiteral("state")).toString() + QLatin1Char{' '} +
                                      linesOf(answer.out).value(0).value(QStringLiteral("evidence")).toString();
    };
    const QString broke = m_folder.filePath(QStringLiteral("broke.jsonl"));
    QCOMPARE(raceTo("broken", broke, "5"), 1);
    const QString broken = lock("broken", broke);
    QVERIFY2(broken.startsWith(QStringLiteral("fails")) && broken.contains(QStringLiteral("it broke: same_post")),
             qPrintable(broken));

    for (const char* database : {"broken", "foreign"})
        m_server.execute(database, kLocking);
    const QString before = lock("broken", broke);
    QVERIFY2(before.contains(QStringLiteral("not what is installed here")), qPrintable(before));
    const QString raced = m_folder.filePath(QStringLiteral("race.jsonl"));
    QCOMPARE(raceTo("broken", raced, "100"), 0);
    const QString same = lock("foreign", raced);
    QVERIFY2(
        same.startsWith(QStringLiteral("holds Raced on a copy (1 pattern, same_post for 100 rounds over 32 connections, demo")),
        qPrintable(same));
    m_server.execute("foreign", "ALTER DATABASE \"foreign\" SET default_transaction_isolation = 'repeatable read'");
    const QString differs = lock("foreign", raced);
    QVERIFY2(differs.startsWith(QStringLiteral("fails")) && differs.contains(QStringLiteral("not what is installed here")),
             qPrintable(differs));
    m_server.execute("foreign", "ALTER DATABASE \"foreign\" RESET default_transaction_isolation");
    QVERIFY(lock("foreign", raced).startsWith(QStringLiteral("holds")));

    // Ours is looked up in the catalogue: a race does not make another function right.
    m_server.execute("live", "ALTER TABLE reference.post DISABLE TRIGGER follow_closing");
    QVERIFY(lock("live", raced).startsWith(QStringLiteral("fails Not as they were installed")));
    m_server.execute("live", "ALTER TABLE reference.post ENABLE TRIGGER follow_closing");

    // What is no report of a race, or proves nothing.
    QCOMPARE(raceTo("broken", raced, "3"), 0);
    QVERIFY2(lock("foreign", raced).contains(QStringLiteral("proves nothing")), qPrintable(lock("foreign", raced)));
    test::writeText(raced, "{\"pattern\": 1}\n");
    QVERIFY2(lock("foreign", raced).contains(QStringLiteral("line 1 of")), qPrintable(lock("foreign", raced)));
    for (const QString& nothing :
         {m_folder.filePath(QStringLiteral("nowhere")), m_folder.path(), QStringLiteral("/dev/zero"), QString{}})
        QVERIFY2(lock("foreign", nothing).contains(QStringLiteral("cannot be read")), qPrintable(lock("foreign", nothing)));
}

void TestRaceAndControls::aRiskIsAcceptedForATime()
{
    const QString soon = QDateTime::currentDateTimeUtc().addDays(30).toString(Qt::ISODate);
    const auto sealed = [&](std::initializer_list<test::Argument> more) {
        QStringList typed = test::listOf({"controls", "--service", "sound", "--control", "sealed", "--format", "jsonl"});
        return m_ctl.run(typed + test::listOf(more));
    };
    QCOMPARE(sealed({}).code, 1);
    const test::CtlAnswer moderator = sealed({"--accept", "sealed", "--until", soon, "--reason", "the sealer comes in May"});
    QVERIFY2(moderator.code == 2 && moderator.err.contains("permission"), moderator.err);
    m_server.execute("sound", "GRANT scrutineer_admin TO moderator");
    const test::CtlAnswer accepted = sealed({"--accept", "sealed", "--until", soon, "--reason", "the sealer comes in May"});
    QVERIFY2(accepted.code == 0, accepted.err);
    const test::CtlAnswer later = sealed({});
    QVERIFY2(later.code == 0, later.err + later.out);
    const QJsonObject line = linesOf(later.out).value(0);
    QCOMPARE(line.value(QStringLiteral("state")).toString(), QStringLiteral("unknown"));
    QCOMPARE(line.value(QStringLiteral("accepted")).toObject().value(QStringLiteral("reason")).toString(),
             QStringLiteral("the sealer comes in May"));
    QCOMPARE(sealed({"--end-acceptance", "sealed", "--reason", "May is over"}).code, 1);
    const test::CtlAnswer never = sealed({"--end-acceptance", "sealed", "--reason", "May is over"});
    QVERIFY2(never.code == 2 && never.err.contains("nobody answers"), never.err);
    QCOMPARE(sealed({"--accept", "sealed", "--until", "2999-01-01", "--reason", "x"}).code, 2);
    QCOMPARE(sealed({"--accept", "sealed", "--until", "soon", "--reason", "x"}).code, 2);
    QCOMPARE(sealed({"--accept", "sealed", "--until", soon}).code, 2);
    QCOMPARE(sealed({"--accept", "sealed", "--until", "", "--reason", "x"}).code, 2);
    QCOMPARE(sealed({"--accept", "sealed", "--reason", "x"}).code, 2); // kept nowhere
    const test::CtlAnswer holding = ctl({"controls", "--service", "sound", "--control", "unique_key", "--accept", "unique_key",
                                         "--until", soon, "--reason", "just in case"});
    QVERIFY2(holding.code == 2 && holding.err.contains("no risk to accept"), holding.err);
    QCOMPARE(m_server.queryText("sound", "SELECT count(*) FROM scrutineer.control_accepted"), std::string{"0"});
    const test::CtlAnswer misspelt = sealed({"--accept", "seeled"});
    QVERIFY2(misspelt.code == 2 && misspelt.err.contains("--list"), misspelt.err);
}

void TestRaceAndControls::anAlteredLogIsFound()
{
    const auto sealed = [&] {
        const test::CtlAnswer answer =
            ctl({"controls", "--service", "live", "--control", "sealed", "--record", "--format", "jsonl"});
        return linesOf(answer.out).value(0).value(QStringLiteral("state")).toString() + QLatin1Char{' '} +
               QString::fromUtf8(answer.err).section(QLatin1Char{':'}, 1).trimmed();
    };
    sealed(); // earlier tests may have kept something already
    QVERIFY(sealed().startsWith(QStringLiteral("holds")));
    m_server.execute("live",
                     "SET session_replication_role = replica; UPDATE scrutineer.log_entry SET detail = detail || '!' WHERE "
                     "entry_key = (SELECT min(entry_key) FROM scrutineer.log_entry)");
    const QString fell = sealed();
    QVERIFY2(fell.startsWith(QStringLiteral("fails")) && fell.contains(QStringLiteral("sealed")), qPrintable(fell));
    QVERIFY(sealed().startsWith(QStringLiteral("fails"))); // what was seen was not replaced by the forgery
    m_server.execute("live",
                     "SET session_replication_role = replica; UPDATE scrutineer.log_entry SET detail = rtrim(detail, '!')");
    QVERIFY(sealed().startsWith(QStringLiteral("holds")));
    // A file that somebody emptied is not taken for none: it is told, and left as it is.
    QDir folder{m_folder.filePath(QStringLiteral(".local/state/scrutineer/seen"))};
    const QStringList files = folder.entryList(QDir::Files);
    QVERIFY(!files.isEmpty());
    for (const QString& file : files)
        test::writeText(folder.filePath(file), {});
    const QString emptied = sealed();
    QVERIFY2(emptied.startsWith(QStringLiteral("unknown")) && emptied.contains(QStringLiteral("not kept anew")),
             qPrintable(emptied));
    for (const QString& file : files)
        QCOMPARE(QFileInfo{folder.filePath(file)}.size(), qint64{0});
}

void TestRaceAndControls::nobodyThere()
{
    QCOMPARE(ctl({"controls", "--service", "nowhere"}).code, 2);
    QCOMPARE(ctl({"controls"}).code, 2);
    QCOMPARE(ctl({"race", "--service", "nowhere"}).code, 2);
}

QTEST_GUILESS_MAIN(TestRaceAndControls)
#include "tst_race_and_controls.moc"
