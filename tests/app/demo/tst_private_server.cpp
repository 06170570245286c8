#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <cstdio>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "demo/private_server.h"
#include "support/test_server.h"

using namespace scr;
using demo::PrivateServer;

namespace {

bool isAlive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

/// Plays the console: starts a server that dies with it, tells its process, and waits to be killed. Reached by the test running
/// itself anew, since a forked Qt process may not go on.
int playParent(const char* directory)
{
    demo::ServerOptions options;
    options.durable = false;
    options.dieWithParent = true;
    auto server = PrivateServer::create(directory, options);
    if (!server || !server->start())
        return 1;
    std::printf("%d\n", server->pid().value_or(0));
    std::fflush(stdout);
    pause();
    return 0;
}

} // namespace

class TestPrivateServer : public QObject {
    Q_OBJECT

private slots:
    void socketIsPrivate();
    void longPathsWork();
    void startsAgainWithItsData();
    void diesWithItsParent_data();
    void diesWithItsParent();
};

void TestPrivateServer::socketIsPrivate()
{
    const test::TestServer server;
    struct stat facts{};
    QCOMPARE(stat(server.server().socketDir().c_str(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777U, 0700U);
    QCOMPARE(server.queryText("postgres", "SHOW listen_addresses"), std::string{});
}

void TestPrivateServer::longPathsWork()
{
    const QTemporaryDir dir{QStringLiteral("/tmp/scr-long-XXXXXX")};
    chmod(dir.path().toLocal8Bit().constData(), 0755);
    demo::ServerOptions options;
    options.durable = false;
    auto server = PrivateServer::create(dir.path().toStdString() + "/" + std::string(120, 'x'), options);
    QVERIFY2(server.has_value(), server ? "" : sentenceOf(server.error()).c_str());
    QVERIFY(server->socketDir().string().size() < 90);
    QVERIFY(server->start());
    QVERIFY(server->isRunning());
    QVERIFY(server->stop());
    QVERIFY(!server->isRunning());
    std::filesystem::remove_all(server->socketDir());
}

void TestPrivateServer::startsAgainWithItsData()
{
    test::TestServer server;
    server.execute("postgres", "CREATE TABLE kept AS SELECT 42 AS answer");
    QVERIFY(server.server().stop());
    QVERIFY(server.server().stop());
    QVERIFY(server.server().start());
    QVERIFY(server.server().start());
    QCOMPARE(server.queryText("postgres", "SELECT answer FROM kept"), std::string{"42"});
    QVERIFY(PrivateServer::existsIn(server.server().directory()));
    QVERIFY(!PrivateServer::existsIn("/tmp"));
}

void TestPrivateServer::diesWithItsParent_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("killed") << SIGKILL;
    QTest::newRow("terminated") << SIGTERM;
}

void TestPrivateServer::diesWithItsParent()
{
    QFETCH(int, number);
    const QTemporaryDir dir{QStringLiteral("/tmp/scr-die-XXXXXX")};
    chmod(dir.path().toLocal8Bit().constData(), 0755);
    QProcess parent;
    parent.start(QCoreApplication::applicationFilePath(),
                 {QStringLiteral("--play-parent"), dir.path() + QStringLiteral("/server")});
    QVERIFY(parent.waitForReadyRead(20000));
    const pid_t server = parent.readLine().trimmed().toInt();
    QVERIFY(server > 0);
    QVERIFY(isAlive(server));
    kill(static_cast<pid_t>(parent.processId()), number);
    parent.waitForFinished();
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(server), 10000);
}

int main(int argc, char** argv)
{
    if (argc == 3 && std::string{argv[1]} == "--play-parent")
        return playParent(argv[2]);
    QCoreApplication app{argc, argv};
    TestPrivateServer test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_private_server.moc"
