#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include "app/ctl/ctl_runner.h"
#include "demo/demo.h"
#include "lab/pg_link.h"

using scr::demo::DemoOptions;
using scr::demo::DemoServer;
using scr::lab::PgLink;
using scr::test::CtlAnswer;
using scr::test::CtlRunner;

namespace {

/// Small, so that the test is quick; the storm on it is as real as on the large one.
DemoOptions smallDemo(const std::string& directory)
{
    DemoOptions options;
    options.directory = directory;
    options.size = {6000, 600, 120, 7, 24};
    return options;
}

std::optional<pid_t> postmasterOf(const std::string& directory)
{
    QFile file{QString::fromStdString(directory + "/data/postmaster.pid")};
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return static_cast<pid_t>(file.readLine().trimmed().toInt());
}

/// A process that ended and waits for its parent to take notice is not alive, though a signal would still reach it.
bool isAlive(pid_t process)
{
    QFile file{QStringLiteral("/proc/%1/stat").arg(process)};
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray stat = file.readAll();
    return stat.mid(stat.lastIndexOf(')') + 2, 1) != "Z";
}

/// The other end of the kill -9 test: a program that runs the demo, as the console does, and never comes to its end.
int holdDemo(const char* directory)
{
    DemoOptions options = smallDemo(directory);
    options.dieWithParent = true;
    const auto server = scr::demo::startDemo(options);
    std::puts(server ? "ready" : server.error().detail.c_str());
    std::fflush(stdout);
    for (;;)
        ::pause();
}

} // namespace

class TestDemo : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        // As root the server runs as another user, who must be able to pass.
        std::filesystem::permissions(m_folder.path().toStdString(), std::filesystem::perms{0755});
        m_directory = m_folder.filePath(QStringLiteral("scrutineer/demo")).toStdString(); // where XDG data would have it
        QVERIFY(QDir{m_folder.path()}.mkpath(QStringLiteral("scrutineer")));
    }

    void cleanupTestCase()
    {
        const auto stopped = scr::demo::stopDemo(m_directory);
        QVERIFY2(stopped, stopped ? "" : stopped.error().detail.c_str());
    }

    void aForeignFolderIsLeftAlone()
    {
        const QString foreign = m_folder.filePath(QStringLiteral("foreign"));
        QVERIFY(QDir{}.mkpath(foreign));
        scr::test::writeText(foreign + QStringLiteral("/thesis.txt"), "years of work");
        const auto refused = scr::demo::startDemo(smallDemo(foreign.toStdString()));
        QVERIFY(!refused);
        QCOMPARE(refused.error().fault, scr::domain::Fault::Rejected);
        QVERIFY(QFile::exists(foreign + QStringLiteral("/thesis.txt")));
    }

    void aStoppedStartLeavesNothing()
    {
        DemoOptions options = smallDemo(m_directory);
        options.progress = [](std::string_view step, std::uint64_t, std::uint64_t) { return !step.starts_with("Simulating"); };
        const auto stopped = scr::demo::startDemo(options);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().fault, scr::domain::Fault::Cancelled);
        QVERIFY(!std::filesystem::exists(m_directory));
    }

    void killedParentLeavesNoProcess()
    {
        QProcess holder;
        holder.start(QCoreApplication::applicationFilePath(),
                     {QStringLiteral("--hold-demo"), QString::fromStdString(m_directory)});
        QVERIFY(holder.waitForReadyRead(120'000));
        QCOMPARE(holder.readAllStandardOutput().trimmed(), QByteArray{"ready"});
        const auto server = postmasterOf(m_directory);
        QVERIFY(server && isAlive(*server));
        holder.kill();
        QVERIFY(holder.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(!isAlive(*server), 20'000);
    }

    /// The program itself, on a demo that is made already.
    void killedConsoleLeavesNoProcess()
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_folder.path());
        environment.insert(QStringLiteral("XDG_STATE_HOME"), m_folder.path());
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_folder.path());
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        QProcess console;
        console.setProcessEnvironment(environment);
        console.setStandardOutputFile(QProcess::nullDevice());
        console.setStandardErrorFile(QProcess::nullDevice());
        console.start(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineer"), {QStringLiteral("demo")});
        QTRY_VERIFY_WITH_TIMEOUT(postmasterOf(m_directory).has_value(), 20'000);
        const pid_t server = *postmasterOf(m_directory);
        QVERIFY(isAlive(server));
        console.kill();
        QVERIFY(console.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(!isAlive(server), 20'000);
    }

    void secondStartIsQuickAndSaysWhereItIs()
    {
        QElapsedTimer timer;
        timer.start();
        const CtlAnswer answer = demo("start");
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY(timer.elapsed() < 5000);
        const QList<QByteArray> lines = answer.out.trimmed().split('\n');
        QVERIFY(lines.size() >= 2);
        QCOMPARE(lines[lines.size() - 2], QByteArray{"service=scrutineer-demo"});
        QVERIFY(lines.last().startsWith("servicefile="));
        m_serviceFile = QString::fromUtf8(lines.last().mid(12));
        QVERIFY(QFile::exists(m_serviceFile));
        QVERIFY(demo("status").out.startsWith("state=running\n"));
    }

    void stormLeftDuplicatesAndDriftOnTheUnprotectedSite()
    {
        QVERIFY(
            query("demo", "SELECT count(*) FROM (SELECT FROM scrutineer.vote GROUP BY token_key, post_key HAVING count(*) > 1) d")
                .toInt() > 0);
        QVERIFY(query("demo", kDrifted).toInt() > 0);
    }

    void scanFindsAllOfThem()
    {
        QSet<QByteArray> duplicates;
        QSet<QByteArray> drifted;
        const CtlAnswer answer = scan("scrutineer-demo");
        QVERIFY2(answer.code == 1, answer.err.constData());
        for (const QByteArray& line : answer.out.trimmed().split('\n')) {
            const QJsonObject flag = QJsonDocument::fromJson(line).object();
            const QJsonObject subject = flag[QLatin1String("subject")].toObject();
            if (flag[QLatin1String("detector")] == QLatin1String("duplicate_votes"))
                duplicates << (subject[QLatin1String("key")].toString() + QLatin1Char('/') +
                               subject[QLatin1String("post")].toString())
                                  .toUtf8();
            if (flag[QLatin1String("detector")] == QLatin1String("counter_drift"))
                drifted << subject[QLatin1String("key")].toString().toUtf8();
        }
        QCOMPARE(duplicates,
                 setOf("SELECT string_agg(k, ' ') FROM (SELECT token_key || '/' || post_key AS k FROM scrutineer.vote "
                       "GROUP BY token_key, post_key HAVING count(*) > 1) d"));
        QCOMPARE(drifted, setOf("SELECT string_agg(p.post_key::text, ' ') FROM scrutineer.post p WHERE p.counter <> "
                                "(SELECT coalesce(sum(v.value), 0) FROM scrutineer.vote v WHERE v.post_key = p.post_key)"));
    }

    void protectedSiteHeld()
    {
        QCOMPARE(query("demo-protected",
                       "SELECT count(*) FROM (SELECT FROM scrutineer.vote GROUP BY token_key, post_key HAVING count(*) > 1) d"),
                 QStringLiteral("0"));
        QCOMPARE(query("demo-protected", kDrifted), QStringLiteral("0"));
        // The races had 176 requests of six tokens on six posts: one of each was accepted, and all are in the log.
        QCOMPARE(query("demo-protected", kRaceAttempts), QStringLiteral("176"));
        QCOMPARE(query("demo-protected",
                       "SELECT count(*) FROM scrutineer.attempt WHERE request_key LIKE 'race%' AND outcome = 'accepted'"),
                 QStringLiteral("6"));
    }

    void importDatabaseIsEmptyAndReady()
    {
        QCOMPARE(query("demo-import", "SELECT count(*) FROM scrutineer.vote"), QStringLiteral("0"));
        const CtlAnswer answer = scan("scrutineer-demo-import");
        QVERIFY2(answer.code == 0, answer.err.constData());
    }

    void stopLeavesNoProcess()
    {
        const auto server = postmasterOf(m_directory);
        QVERIFY(server && isAlive(*server));
        QCOMPARE(demo("stop").code, 0);
        QVERIFY(!isAlive(*server));
        QVERIFY(demo("status").out.startsWith("state=stopped\n"));
        QCOMPARE(demo("stop").code, 0);
    }

private:
    static constexpr const char* kDrifted =
        "SELECT count(*) FROM scrutineer.post p WHERE p.counter <> "
        "(SELECT coalesce(sum(v.value), 0) FROM scrutineer.vote v WHERE v.post_key = p.post_key)";
    static constexpr const char* kRaceAttempts = "SELECT count(*) FROM scrutineer.attempt WHERE request_key LIKE 'race%'";

    CtlAnswer demo(const char* verb) const
    {
        return CtlRunner{m_folder.path()}.run(
            {QStringLiteral("demo"), QString::fromLatin1(verb), QStringLiteral("--dir"), QString::fromStdString(m_directory)});
    }
    CtlAnswer scan(const char* service) const
    {
        CtlRunner runner{m_folder.path()};
        runner.setVariable(QStringLiteral("PGSERVICEFILE"), m_serviceFile);
        return runner.run({QStringLiteral("scan"), QStringLiteral("--service"), QString::fromLatin1(service),
                           QStringLiteral("--format"), QStringLiteral("jsonl")});
    }
    QString query(const char* database, const char* sql) const
    {
        scr::domain::ConnectionTarget target;
        target.host = socketDirectory();
        target.database = database;
        target.user = "scrutineer_dba";
        auto link = PgLink::open(target);
        if (!link)
            qFatal("%s", link.error().detail.c_str());
        const auto value = link->value(sql);
        return value ? QString::fromStdString(*value) : QString::fromStdString(value.error().detail);
    }
    QSet<QByteArray> setOf(const char* sql) const
    {
        const QStringList keys = query("demo", sql).split(QLatin1Char(' '));
        QSet<QByteArray> set;
        for (const QString& key : keys)
            set << key.toUtf8();
        return set;
    }
    std::string socketDirectory() const
    {
        QFile file{m_serviceFile};
        if (!file.open(QIODevice::ReadOnly))
            return {};
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.startsWith("host="))
                return line.mid(5).toStdString();
        }
        return {};
    }

    QTemporaryDir m_folder;
    std::string m_directory;
    QString m_serviceFile;
};

int main(int argc, char** argv)
{
    if (argc == 3 && qstrcmp(argv[1], "--hold-demo") == 0)
        return holdDemo(argv[2]);
    QCoreApplication application{argc, argv};
    TestDemo test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_demo.moc"
