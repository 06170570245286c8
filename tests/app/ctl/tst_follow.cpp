#include <algorithm>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "ctl_runner.h"
#include "support/test_server.h"

using namespace scr;

namespace {

qsizetype linesWith(const QByteArrayList& lines, const char* text)
{
    return std::count_if(lines.begin(), lines.end(), [text](const QByteArray& line) { return line.contains(text); });
}

} // namespace

class TestFollow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void tellsUntilItIsInterruptedAndGoesOnWhereItWas();
    void whatCannotBeAStateIsRefused_data();
    void whatCannotBeAStateIsRefused();

private:
    [[nodiscard]] QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    void race(int token);
    /// The lines of standard output of a follower that is interrupted once it has told all of that; `token` races when it has
    /// begun.
    [[nodiscard]] QByteArrayList followUntil(const QByteArrayList& told, int token);

    QTemporaryDir m_folder;
    test::TestServer m_server;
};

void TestFollow::initTestCase()
{
    m_server.createSource("site", "unprotected");
    const domain::ConnectionTarget reader = m_server.target("site", "reader");
    QFile services{path("services")};
    QVERIFY(services.open(QIODevice::WriteOnly));
    services.write(QStringLiteral("[site]\nhost=%1\nport=%2\ndbname=site\nuser=reader\n")
                       .arg(QString::fromStdString(reader.host), QString::fromStdString(reader.port))
                       .toUtf8());
}

void TestFollow::race(int token)
{
    m_server.execute("site", "INSERT INTO unprotected.vote (token_key, post_key, value) SELECT " + std::to_string(token) +
                                 ", 1, 1 FROM generate_series(1, 5)");
}

QByteArrayList TestFollow::followUntil(const QByteArrayList& told, int token)
{
    QProcess follower;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), m_folder.path());
    environment.insert(QStringLiteral("PGSERVICEFILE"), path("services"));
    follower.setProcessEnvironment(environment);
    follower.start(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl"),
                   test::listOf({"scan", "--service", "site", "--follow", "--format", "csv", "--state", path("told.json")}));
    QByteArray errors;
    const auto hasBegun = [&] {
        errors += follower.readAllStandardError();
        return errors.contains("Following site");
    };
    QByteArray out;
    const auto hasTold = [&] {
        out += follower.readAllStandardOutput();
        return std::all_of(told.begin(), told.end(), [&](const QByteArray& one) { return out.contains(one); });
    };
    bool isTold = QTest::qWaitFor(hasBegun, 20'000);
    if (isTold && token > 0)
        race(token);
    isTold = isTold && QTest::qWaitFor(hasTold, 20'000);
    follower.terminate();
    if (!follower.waitForFinished(20'000) || !isTold)
        return {};
    out += follower.readAllStandardOutput();
    return out.trimmed().split('\n');
}

void TestFollow::tellsUntilItIsInterruptedAndGoesOnWhereItWas()
{
    race(11);
    const QByteArrayList first = followUntil({",11,1,", ",12,1,"}, 12);
    QCOMPARE(linesWith(first, "duplicate_votes"), qsizetype{2}); // the one from before it began, and the one that came
    QCOMPARE(linesWith(first, "detector"), qsizetype{1});        // one header, however often something was told
    const QByteArrayList second = followUntil({",13,1,"}, 13);
    QCOMPARE(linesWith(second, "duplicate_votes"), qsizetype{1});
}

void TestFollow::whatCannotBeAStateIsRefused_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("folder") << m_folder.path() << QByteArray{"no file that a state could be kept in"};
    QFile broken{path("broken.json")};
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("{broken");
    QTest::newRow("not JSON") << path("broken.json") << QByteArray{"is not JSON"};
}

void TestFollow::whatCannotBeAStateIsRefused()
{
    QFETCH(const QString, state);
    QFETCH(const QByteArray, why);
    test::CtlRunner ctl{m_folder.path()};
    ctl.setVariable(QStringLiteral("PGSERVICEFILE"), path("services"));
    const test::CtlAnswer answer = ctl.run(test::listOf({"scan", "--service", "site", "--follow", "--state", state}));
    QCOMPARE(answer.code, 2);
    QVERIFY2(answer.err.contains(why), answer.err.constData());
    QVERIFY(answer.out.isEmpty());
}

QTEST_GUILESS_MAIN(TestFollow)
#include "tst_follow.moc"
