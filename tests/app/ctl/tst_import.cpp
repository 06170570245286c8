#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "app/ctl/ctl_runner.h"
#include "support/test_server.h"

using scr::test::CtlAnswer;
using scr::test::CtlRunner;
using scr::test::TestServer;
using scr::test::writeText;

/// `scrutineerctl init`, `import`, `simulate`, `scan --record` and `export` against a real server.
class TestImport : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_server = std::make_unique<TestServer>();
        const std::string host = m_server->target("postgres").host;
        QByteArray services;
        const auto section = [&](const std::string& name, const std::string& database, const std::string& user) {
            services +=
                QByteArray::fromStdString("[" + name + "]\nhost=" + host + "\ndbname=" + database + "\nuser=" + user + "\n");
        };
        for (const char* name : {"site", "sized", "real", "blank"}) {
            m_server->createDatabase(name);
            section(name, name, "ctl_reader");
            section(std::string{name} + "-elevated", name, "ctl_admin");
            section(std::string{name} + "-owner", name, scr::demo::PrivateServer::kSuperuser);
        }
        writeText(m_folder.filePath(QStringLiteral("services")), services);
    }

    void initInstallsOnceAndSaysSo()
    {
        for (const char* name : {"site", "sized", "real"}) {
            const CtlAnswer answer = ctl({"init", "--service", name, "--adapter", "imported", "--environment", "demo",
                                          "--create-login", "ctl_reader:reader", "--create-login", "ctl_admin:moderator,admin"});
            QVERIFY2(answer.code == 0, answer.err.constData());
            QVERIFY(answer.out.contains("installed: adapter imported, environment demo"));
        }
        const CtlAnswer again = ctl({"init", "--service", "site"});
        QVERIFY2(again.code == 0, again.err.constData());
        QVERIFY(again.out.contains("up to date"));
    }

    void initRefusesARoleThatDoesNotExist()
    {
        const CtlAnswer answer = ctl({"init", "--service", "site", "--create-login", "eve:emperor"});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("emperor"), answer.err.constData());
        const CtlAnswer half = ctl({"init", "--service", "site", "--create-login", "eve"});
        QCOMPARE(half.code, 2);
        QVERIFY(half.err.contains("NAME:ROLE"));
    }

    void initWithABadLoginInstallsNothing()
    {
        const CtlAnswer answer = ctl({"init", "--service", "blank", "--adapter", "imported", "--environment", "demo",
                                      "--create-login", "eve:reader", "--create-login", "adam:emperor"});
        QCOMPARE(answer.code, 2);
        QCOMPARE(m_server->queryText("blank", "SELECT to_regnamespace('scrutineer') IS NULL"), std::string{"t"});
        QCOMPARE(m_server->queryText("blank", "SELECT count(*) FROM pg_roles WHERE rolname IN ('eve', 'adam')"),
                 std::string{"0"});
    }

    void scanOfADatabaseWithoutScrutineerSaysWhatToDo()
    {
        const CtlAnswer answer = ctl({"scan", "--service", "blank"});
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.err.startsWith("scrutineerctl: "));
    }

    void aBadLineLoadsNothing()
    {
        const QString votes =
            file("bad.csv", "token,post,value,cast_at\na,x,1,1773324000\na,x,much,1773324001\nb,x,1,1773324002\n");
        const CtlAnswer answer = ctl({"import", "--service", "site", "--votes", votes});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("bad.csv, line 3"), answer.err.constData());
        QVERIFY2(answer.err.contains("--skip-bad"), answer.err.constData());
        QCOMPARE(votesIn("site"), QStringLiteral("0"));
        QVERIFY(!QFile::exists(votes + QStringLiteral(".rejects.csv")));
    }

    void skipBadLoadsTheRestAndKeepsTheLine()
    {
        const QString votes =
            file("bad.csv", "token,post,value,cast_at\na,x,1,1773324000\na,x,much,1773324001\nb,x,1,1773324002\n");
        const CtlAnswer answer = ctl({"import", "--service", "site", "--votes", votes, "--skip-bad"});
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY(answer.out.contains("votes=2\n"));
        QCOMPARE(votesIn("site"), QStringLiteral("2"));
        QFile rejects{votes + QStringLiteral(".rejects.csv")};
        QVERIFY(rejects.open(QIODevice::ReadOnly));
        const QByteArray text = rejects.readAll();
        QVERIFY2(text.contains("3,") && text.contains("much"), text.constData());
    }

    void rejectsThatCannotBeKeptLoadNothing()
    {
        const QString votes = file("kept.csv", "token,post,value,cast_at\na,y,1,1773324000\na,y,much,1773324001\n");
        QVERIFY(QDir{}.mkpath(votes + QStringLiteral(".rejects.csv")));
        const QString before = votesIn("site");
        const CtlAnswer answer = ctl({"import", "--service", "site", "--votes", votes, "--skip-bad"});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains(".rejects.csv"), answer.err.constData());
        QCOMPARE(votesIn("site"), before);
    }

    void duplicatesAreEvidenceAndAreRecorded()
    {
        const QString votes =
            file("race.csv", "token,post,cast_at\nz,p,1773324000.000\nz,p,1773324000.010\nz,p,1773324000.020\n");
        QCOMPARE(ctl({"import", "--service", "site", "--votes", votes}).code, 0);
        const CtlAnswer first = ctl({"scan", "--service", "site", "--record", "--format", "jsonl"});
        QVERIFY2(first.code == 1, first.err.constData());
        QVERIFY(first.out.contains("\"duplicate_votes\""));
        QCOMPARE(query("site", "SELECT count(*) > 0 FROM scrutineer.flag_queue"), QStringLiteral("t"));
        const QString recorded = query("site", "SELECT count(*) FROM scrutineer.flag_queue");
        QCOMPARE(ctl({"scan", "--service", "site", "--record"}).code, 1);
        QCOMPARE(query("site", "SELECT count(*) FROM scrutineer.flag_queue"), recorded);
    }

    void whatIsExportedCanBeImported()
    {
        const QString out = m_folder.filePath(QStringLiteral("out.csv"));
        const CtlAnswer answer = ctl({"export", "--service", "site", "--votes", out});
        QVERIFY2(answer.code == 0, answer.err.constData());
        const CtlAnswer scan = ctl({"scan", "--votes", out});
        QVERIFY2(scan.code == 1, scan.err.constData());
        QVERIFY(scan.out.contains("in 5 votes"));
    }

    void standardOutputHoldsTheDataAlone()
    {
        const CtlAnswer answer = ctl({"export", "--service", "site", "--votes", "-"});
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY(answer.out.startsWith("token,post,value,cast_at"));
        QCOMPARE(answer.out.count('\n'), 6);
        QVERIFY2(answer.err.isEmpty(), answer.err.constData());
    }

    void foreignVariablesChangeNothing()
    {
        CtlRunner runner{m_folder.path()};
        runner.setVariable(QStringLiteral("PGSERVICEFILE"), m_folder.filePath(QStringLiteral("services")));
        for (const auto& [name, value] :
             {std::pair{"PGHOST", "/nowhere"}, std::pair{"PGPORT", "1"}, std::pair{"PGUSER", "nobody"},
              std::pair{"PGDATABASE", "none"}, std::pair{"PGOPTIONS", "-c no_such.setting"}, std::pair{"PGSERVICE", "none"},
              std::pair{"PGSSLMODE", "verify-full"}})
            runner.setVariable(QString::fromLatin1(name), QString::fromLatin1(value));
        const CtlAnswer answer = runner.run(scr::test::listOf({"scan", "--service", "site"}));
        QVERIFY2(answer.code == 1, answer.err.constData());
    }

    /// script(1) gives the program a terminal; a run without one wrote nothing to standard error.
    void progressIsForTerminals()
    {
        const QString command = QStringLiteral("%1 simulate --tokens 6000 --posts 900 --votes 300000 --seed 1 --out %2");
        const QString program = QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl");
        QProcess terminal;
        terminal.setProcessChannelMode(QProcess::MergedChannels);
        terminal.start(
            QStringLiteral("script"),
            {QStringLiteral("-qec"), command.arg(program, m_folder.filePath(QStringLiteral("a"))), QStringLiteral("/dev/null")});
        QVERIFY(terminal.waitForFinished(60'000));
        const QByteArray shown = terminal.readAll();
        QVERIFY2(shown.contains("rows/s"), shown.constData());
        const CtlAnswer quiet = ctl({"simulate", "--tokens", "6000", "--posts", "900", "--votes", "300000", "--seed", "1",
                                     "--out", m_folder.filePath(QStringLiteral("b"))});
        QCOMPARE(quiet.code, 0);
        QVERIFY2(quiet.err.isEmpty(), quiet.err.constData());
    }

    void reportsComeAsPageAsPdfAndAsFolder()
    {
        for (const char* name : {"r.html", "r.pdf", "folder"}) {
            const QString out = m_folder.filePath(QString::fromLatin1(name));
            const CtlAnswer answer = ctl({"export", "--service", "site", "--report", out});
            QVERIFY2(answer.code == 0, answer.err.constData());
            QVERIFY(QFileInfo::exists(out));
        }
        QVERIFY(QFileInfo::exists(m_folder.filePath(QStringLiteral("folder/flags.csv"))));
        QFile pdf{m_folder.filePath(QStringLiteral("r.pdf"))};
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QCOMPARE(pdf.read(5), QByteArray{"%PDF-"});
        QCOMPARE(query("site", "SELECT count(*) >= 3 FROM scrutineer.log_entry WHERE kind = 'export'"), QStringLiteral("t"));
    }

    void simulatedHistoryLandsComplete()
    {
        const CtlAnswer answer =
            ctl({"simulate", "--service", "sized", "--tokens", "300", "--posts", "80", "--votes", "4000", "--seed", "3"});
        QVERIFY2(answer.code == 0, answer.err.constData());
        QCOMPARE(votesIn("sized"), QStringLiteral("4000"));
        const CtlAnswer scan = ctl({"scan", "--service", "sized"});
        QVERIFY2(scan.code == 0, scan.out.constData());
    }

    void realHistoryIsTheSameFromFileAndDatabase()
    {
        const QString data = QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/data/openprespoll.csv");
        if (!QFile::exists(data))
            QSKIP("the real data does not lie beside the checkout");
        const CtlAnswer imported = ctl({"import", "--service", "real", "--votes", data});
        QVERIFY2(imported.code == 0, imported.err.constData());
        QCOMPARE(votesIn("real"), QStringLiteral("10396"));
        const QStringList wanted = scr::test::listOf({"--detector", "duplicate_votes", "--format", "jsonl"});
        const CtlAnswer fromFile = CtlRunner{m_folder.path()}.run(scr::test::listOf({"scan", "--votes", data}) + wanted);
        const CtlAnswer fromDatabase = ctl({"scan", "--service", "real", "--detector", "duplicate_votes", "--format", "jsonl"});
        QVERIFY(fromFile.out.count('\n') > 100);
        QCOMPARE(fromDatabase.out.count('\n'), fromFile.out.count('\n'));
        QCOMPARE(fromDatabase.code, fromFile.code);
    }

private:
    CtlAnswer ctl(std::initializer_list<scr::test::Argument> typed) const
    {
        CtlRunner runner{m_folder.path()};
        runner.setVariable(QStringLiteral("PGSERVICEFILE"), m_folder.filePath(QStringLiteral("services")));
        return runner.run(scr::test::listOf(typed));
    }

    QString file(const char* name, const QByteArray& text) const
    {
        return writeText(m_folder.filePath(QString::fromLatin1(name)), text);
    }
    QString query(const char* database, const char* sql) const
    {
        return QString::fromStdString(m_server->queryText(database, sql));
    }
    QString votesIn(const char* database) const { return query(database, "SELECT count(*) FROM scrutineer.vote"); }

    QTemporaryDir m_folder;
    std::unique_ptr<TestServer> m_server;
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"
