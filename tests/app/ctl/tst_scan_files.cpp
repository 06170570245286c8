#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "app/ctl/ctl_runner.h"

using scr::test::CtlAnswer;
using scr::test::CtlRunner;
using scr::test::listOf;
using scr::test::writeText;

namespace {

/// Three votes of token 7 on post 1 within 20 ms, and a quiet one.
constexpr const char* kRace = "token,post,value,cast_at\n"
                              "7,1,1,1773324000.000\n7,1,1,1773324000.010\n7,1,1,1773324000.020\n8,1,1,1773324100\n";

} // namespace

/// `scrutineerctl scan` over files, and what every verb owes: help with an example, exit codes, one sentence on standard error.
class TestScanFiles : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void everyVerbHasHelpWithAnExample_data()
    {
        QTest::addColumn<QStringList>("verb");
        for (const char* verb : {"init", "import", "simulate", "scan", "rules", "rules diff", "rules backtest", "export", "demo",
                                 "demo start", "demo stop", "demo status", "version"})
            QTest::newRow(verb) << QString::fromLatin1(verb).split(QLatin1Char(' '));
    }
    void everyVerbHasHelpWithAnExample()
    {
        QFETCH(QStringList, verb);
        const CtlAnswer answer = runner().run(verb + listOf({"--help"}));
        QCOMPARE(answer.code, 0);
        QVERIFY2(answer.out.contains("Example:\n  scrutineerctl " + verb.join(QLatin1Char(' ')).toUtf8()),
                 answer.out.constData());
        QVERIFY(answer.err.isEmpty());
    }

    void badUseIsOneSentenceAndExitTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("nothing") << QStringList{} << QByteArray{"--help"};
        QTest::newRow("unknown verb") << listOf({"sacn"}) << QByteArray{"--help"};
        QTest::newRow("unknown option") << listOf({"scan", "--verbose"}) << QByteArray{"scrutineerctl scan --help"};
        QTest::newRow("nothing to scan") << listOf({"scan"}) << QByteArray{"--service"};
        QTest::newRow("unknown detector") << listOf({"scan", "--detector", "magic"}) << QByteArray{"duplicate_votes"};
        QTest::newRow("no such file") << listOf({"scan", "--votes", "/no/such.csv"}) << QByteArray{"/no/such.csv"};
        QTest::newRow("no such service") << listOf({"scan", "--service", "nowhere"}) << QByteArray{"nowhere"};
        QTest::newRow("wrong time") << listOf({"scan", "--service", "x", "--from", "yesterday"}) << QByteArray{"--from"};
        QTest::newRow("time backwards") << listOf({"scan", "--service", "x", "--from", "2026-02-01", "--to", "2026-01-01"})
                                        << QByteArray{"--from"};
        QTest::newRow("record of files") << listOf({"scan", "--votes", "x.csv", "--record"}) << QByteArray{"import"};
        QTest::newRow("import of nothing") << listOf({"import", "--service", "x"}) << QByteArray{"--votes"};
        QTest::newRow("simulate to nowhere") << listOf({"simulate"}) << QByteArray{"--out"};
    }
    void badUseIsOneSentenceAndExitTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const CtlAnswer answer = runner().run(arguments);
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.out.isEmpty(), answer.out.constData());
        QCOMPARE(answer.err.count('\n'), 1);
        QVERIFY2(answer.err.contains(says), answer.err.constData());
    }

    void exitCodeFollowsFailOn()
    {
        const QString votes = file("votes.csv", kRace);
        QCOMPARE(scan({"--votes", votes}).code, 1);
        QCOMPARE(scan({"--votes", votes, "--from", "2026-03-12T14:01:00Z"}).code, 0);
        QCOMPARE(scan({"--votes", votes, "--detector", "token_burst", "--fail-on", "low"}).code, 0);
    }

    void jsonLinesCarryTheWholeFlag()
    {
        const CtlAnswer answer =
            scan({"--votes", file("votes.csv", kRace), "--format", "jsonl", "--detector", "duplicate_votes"});
        QCOMPARE(answer.out.count('\n'), 1);
        const QJsonObject flag = QJsonDocument::fromJson(answer.out).object();
        for (const char* key :
             {"flag", "detector", "rule_version", "subject", "from", "to", "score", "severity", "votes", "explanation", "tokens"})
            QVERIFY2(flag.contains(QLatin1String(key)), key);
        QCOMPARE(flag[QLatin1String("detector")].toString(), QStringLiteral("duplicate_votes"));
        QCOMPARE(flag[QLatin1String("subject")].toObject()[QLatin1String("kind")].toString(), QStringLiteral("token"));
        QCOMPARE(flag[QLatin1String("subject")].toObject()[QLatin1String("key")].toString(), QStringLiteral("7"));
        QCOMPARE(flag[QLatin1String("votes")].toArray(),
                 (QJsonArray{QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3")}));
        QCOMPARE(flag[QLatin1String("severity")].toString(), QStringLiteral("critical"));
    }

    void csvAndTableSayTheSame()
    {
        const QString votes = file("votes.csv", kRace);
        const CtlAnswer csv = scan({"--votes", votes, "--format", "csv"});
        QVERIFY(csv.out.startsWith("flag,detector,rule_version,"));
        QVERIFY(csv.out.contains("duplicate_votes"));
        const CtlAnswer table = scan({"--votes", votes});
        QVERIFY(table.out.contains("duplicate_votes"));
        QVERIFY(table.out.contains("in 4 votes"));
    }

    void readsStandardInput()
    {
        const CtlAnswer answer = runner().run(listOf({"scan", "--votes", "-"}), kRace);
        QCOMPARE(answer.code, 1);
    }

    void takesWhatSpreadsheetsWrite_data()
    {
        QTest::addColumn<QByteArray>("text");
        QByteArray crlf{kRace};
        crlf.replace("\n", "\r\n");
        QTest::newRow("byte order mark") << QByteArray{"\xEF\xBB\xBF"} + kRace;
        QTest::newRow("CRLF") << crlf;
        QTest::newRow("quoted") << QByteArray{kRace}.replace("7,1,1,", "\"7\",\"1\",\"1\",");
        QTest::newRow("no last line end") << QByteArray{kRace}.chopped(1);
        QTest::newRow("columns in another order")
            << QByteArray{"cast_at,post,token\n1773324000.000,1,7\n1773324000.010,1,7\n1773324000.020,1,7\n1773324100,1,8\n"};
    }
    void takesWhatSpreadsheetsWrite()
    {
        QFETCH(QByteArray, text);
        const CtlAnswer answer = scan({"--votes", file("votes.csv", text)});
        QVERIFY2(answer.code == 1, answer.err.constData());
        QVERIFY(answer.out.contains("in 4 votes"));
    }

    void tellsWhatItDoesNotRead()
    {
        const CtlAnswer answer =
            scan({"--votes",
                  file("votes.csv", "token,post,cast_at,is_fraud,origin\n7,1,1773324000,0,10.1.2.3\n8,1,1773324001,1,home\n")});
        QCOMPARE(answer.code, 0);
        QVERIFY2(answer.err.contains("column 'is_fraud' that the scan does not read"), answer.err.constData());
        QVERIFY2(answer.err.contains("1 votes come from what is no address"), answer.err.constData());
    }

    void refusesWhatItCannotRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("empty") << QByteArray{} << QByteArray{"votes.csv"};
        QTest::newRow("no header") << QByteArray{"7,1,1,1773324000\n"} << QByteArray{"column"};
        QTest::newRow("bad value") << QByteArray{"token,post,value,cast_at\n7,1,up,1773324000\n"} << QByteArray{"line 2"};
        QTest::newRow("bad time") << QByteArray{"token,post,cast_at\n7,1,1773324000\n7,1,soon\n"} << QByteArray{"line 3"};
        QTest::newRow("not UTF-8") << QByteArray{"token,post,cast_at\nM\xFCller,1,1773324000\n"} << QByteArray{"line 2"};
        QTest::newRow("too few fields") << QByteArray{"token,post,cast_at\n7,1\n"} << QByteArray{"line 2"};
        QTest::newRow("compressed") << QByteArray{"\x1f\x8b\x08\x00\x00\x00\x00\x00", 8} << QByteArray{"compress"};
        QTest::newRow("one endless field") << QByteArray{"token,post,cast_at\n"} + QByteArray(3'000'000, 'x')
                                           << QByteArray{"line 2"};
    }
    void refusesWhatItCannotRead()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const CtlAnswer answer = scan({"--votes", file("votes.csv", text)});
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.out.isEmpty());
        QVERIFY2(answer.err.contains(says), answer.err.constData());
        QVERIFY(answer.err.size() < 4000);
    }

    void noVotesAreNoFinding()
    {
        const CtlAnswer answer = scan({"--votes", file("votes.csv", "token,post,cast_at\n")});
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY(answer.out.endsWith("0 flags in 0 votes and 0 attempts\n"));
    }

    void simulatedSiteIsInnocentAndTheSameEachTime()
    {
        const QStringList sizes =
            listOf({"simulate", "--tokens", "300", "--posts", "80", "--votes", "4000", "--seed", "11", "--out"});
        for (const char* folder : {"one", "two"}) {
            const CtlAnswer made = runner().run(sizes + QStringList{m_folder->filePath(QString::fromLatin1(folder))});
            QVERIFY2(made.code == 0, made.err.constData());
        }
        for (const char* name : {"votes.csv", "attempts.csv", "posts.csv", "tokens.csv"})
            QCOMPARE(contentOf(QStringLiteral("one/") + QString::fromLatin1(name)),
                     contentOf(QStringLiteral("two/") + QString::fromLatin1(name)));
        QCOMPARE(contentOf(QStringLiteral("one/votes.csv")).count('\n'), 4001);
        const CtlAnswer answer = scan({"--votes", m_folder->filePath(QStringLiteral("one/votes.csv")), "--attempts",
                                       m_folder->filePath(QStringLiteral("one/attempts.csv")), "--posts",
                                       m_folder->filePath(QStringLiteral("one/posts.csv"))});
        QVERIFY2(answer.code == 0, answer.out.constData());
    }

private:
    CtlRunner runner() const { return CtlRunner{m_folder->path()}; }
    CtlAnswer scan(std::initializer_list<scr::test::Argument> arguments) const
    {
        return runner().run(listOf({"scan"}) + listOf(arguments));
    }
    QString file(const char* name, const QByteArray& text) const
    {
        return writeText(m_folder->filePath(QString::fromLatin1(name)), text);
    }
    QByteArray contentOf(const QString& name) const
    {
        QFile file{m_folder->filePath(name)};
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestScanFiles)
#include "tst_scan_files.moc"
