#include <utility>

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "ctl_runner.h"
#include "elevated/elevated_session.h"
#include "support/site.h"
#include "support/test_server.h"

using namespace scr;

/// Evidence packs of a real site, as an auditor makes them and somebody else checks them.
class TestEvidence : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_server.createSource("site", "reference");
        test::fillSite(m_server, "site", 12, 6);
        QVERIFY(elevated::createLogin(m_server.target("site"), {"sealer", {"sealer"}, ""}).has_value());
        m_server.execute("site", "INSERT INTO reference.post (post_key, title) VALUES (7, 'A post, \"new\"'), (8, '<b>x</b>')");
        for (int n = 1; n <= 40; ++n)
            m_server.execute("site", "SELECT reference.cast_vote('secret-" + std::to_string(n % 14 + 1) + "', " +
                                         std::to_string(n % 3 + 6) + ", 1, '203.0.113." + std::to_string(n % 9) + "', E'r-" +
                                         std::to_string(n) + " \"q\",\\n')");
        const elevated::ElevatedSession admin{m_server.target("site", "admin"),
                                              m_folder.filePath(QStringLiteral("journal")).toStdString()};
        QVERIFY(
            admin.record(elevated::newRequestId(), {test::flagOn("3", "2", test::firstVotes(m_server, "site", 3))}).has_value());
        const auto plan = test::voidPlan(m_server, "site", test::firstVotes(m_server, "site", 12));
        QVERIFY(admin.commit(plan, "five of one hand, \"it seems\"\nto 203.0.113.7").has_value());
        QVERIFY(admin.commit(test::restorePlan(m_server, "site", plan), "it was somebody else").has_value());
        QString services;
        for (const auto& [name, user] : {std::pair{"site", "reader"}, std::pair{"site-elevated", "auditor"},
                                         std::pair{"site-sealer", "sealer"}, std::pair{"silent", "reader"}}) {
            const auto target = m_server.target("site", user);
            services += QStringLiteral("[%1]\nhost=%2\nport=%3\ndbname=site\nuser=%4\n")
                            .arg(QString::fromLatin1(name), QString::fromStdString(target.host),
                                 QString::fromStdString(target.port), QString::fromLatin1(user));
        }
        m_ctl.setVariable(QStringLiteral("PGSERVICEFILE"), test::writeText(file("services"), services.toUtf8()));
        m_ctl.setVariable(QStringLiteral("XDG_STATE_HOME"), file("state"));
        m_logKey = ctl({"keygen", "--name", "example.org/log", "--out", file("seal.key")}).out.trimmed();
        m_exporter = ctl({"keygen", "--exporter", "--out", file("exporter.key")}).out.trimmed();
        QCOMPARE(ctl({"keygen", "--exporter", "--show", file("exporter.key")}).out.trimmed(), m_exporter);
        QVERIFY(m_exporter.startsWith("RW"));
        seal();
    }

    void aPackVerifies()
    {
        const auto made = evidence(file("whole"), {});
        QVERIFY2(made.code == 0, made.err);
        QVERIFY2(made.out.contains("manifest "), made.out);
        const QByteArray answer = verified(file("whole"));
        QVERIFY2(answer.startsWith("0\n"), answer);
        for (const char* line : {"requests 2\n", "findings 0\n", "votes-without-attempt 72\n"})
            QVERIFY2(answer.contains(line), answer);
        QVERIFY2(!answer.contains("attempts 0\n") && !answer.contains("decisions 0\n"), answer);
        QVERIFY(bytesOf(file("whole/data/rows/voided_votes.csv")).count('\n') == 25);
        QVERIFY(bytesOf(file("whole/data/flags.jsonl")).contains("\"state\":\"open\""));
        QVERIFY(bytesOf(file("whole/data/report/report.html")).contains("five of one hand"));
    }

    /// Making one is an entry of the log.
    void theLogSaysThatItWasMade()
    {
        const std::string detail = m_server.queryText(
            "site", "SELECT detail FROM scrutineer.log_entry WHERE kind = 'export' ORDER BY entry_key DESC LIMIT 1");
        const QByteArray made = bytesOf(file("whole/tagmanifest-sha256.txt"));
        const std::string hash = QCryptographicHash::hash(made, QCryptographicHash::Sha256).toHex().toStdString();
        QVERIFY2(detail.starts_with("evidence pack " + hash), detail.c_str());
        // Who cannot say so there makes none.
        const auto silent = evidence(file("silent"), {}, "silent");
        QCOMPARE(silent.code, 2);
        QVERIFY2(silent.err.contains("so it was not made"), silent.err);
        QVERIFY(leftovers(QStringLiteral("silent")).isEmpty());
    }

    void theSameStateMakesTheSameBytes()
    {
        QCOMPARE(evidence(file("again"), {}).code, 0);
        QCOMPARE(evidence(file("one.tar"), {}).code, 0);
        QCOMPARE(evidence(file("two.tar"), {}).code, 0);
        QCOMPARE(filesOf(file("again")), filesOf(file("whole")));
        QCOMPARE(bytesOf(file("one.tar")), bytesOf(file("two.tar")));
        QVERIFY2(verified(file("one.tar")).startsWith("0\n"), verified(file("one.tar")));
    }

    void whatWasSealedSinceIsInTheNext()
    {
        seal();
        QCOMPARE(evidence(file("later"), {}).code, 0);
        QVERIFY2(verified(file("later")).startsWith("0\n"), verified(file("later")));
        QVERIFY(bytesOf(file("later/data/rows/decisions.csv")).contains("evidence pack "));
        // The earlier checkpoint vouches for the earlier pack still.
        const QByteArray size =
            QByteArray::fromStdString(m_server.queryText("site", "SELECT min(size) FROM scrutineer.checkpoint"));
        QCOMPARE(evidence(file("earlier"), {QStringLiteral("--checkpoint"), QString::fromLatin1(size)}).code, 0);
        QCOMPARE(bytesOf(file("earlier/data/log/checkpoint")), bytesOf(file("whole/data/log/checkpoint")));
        QCOMPARE(bytesOf(file("earlier/data/rows/attempts.csv")), bytesOf(file("whole/data/rows/attempts.csv")));
        QCOMPARE(evidence(file("none"), {QStringLiteral("--checkpoint"), QStringLiteral("2")}).code, 2);
    }

    void aPartVerifies()
    {
        const auto filtered = evidence(file("token"), {QStringLiteral("--filter"), QStringLiteral("token=5")});
        QVERIFY2(filtered.code == 0, filtered.err);
        QVERIFY2(verified(file("token")).startsWith("0\n"), verified(file("token")));
        const QByteArray rows = bytesOf(file("token/data/rows/attempts.csv"));
        QVERIFY2(rows.contains(",cast,5,") && !rows.contains(",cast,6,"), rows);
        const auto period = evidence(file("period"), {QStringLiteral("--to"), QStringLiteral("2000-01-01")});
        QVERIFY2(period.code == 0, period.err);
        QVERIFY2(verified(file("period")).contains("\nattempts 0\n"), verified(file("period")));
    }

    void aRedactedPackVerifiesAsWell()
    {
        const auto made = evidence(file("redacted"), {QStringLiteral("--redact"), file("salt")});
        QVERIFY2(made.code == 0, made.err);
        const QByteArray answer = verified(file("redacted"));
        QVERIFY2(answer.startsWith("0\n") && answer.contains("requests 2\n"), answer);
        QCOMPARE(QFileInfo{file("salt")}.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions{});
        for (auto [path, bytes] : filesOf(file("redacted")).asKeyValueRange()) {
            const bool isTold =
                path.startsWith(QStringLiteral("data/log/tile/entries")) || path.endsWith(QStringLiteral("decisions.csv")) ||
                path.endsWith(QStringLiteral("evidence.sqlite")); // what people wrote in the log is sealed as they wrote it
            QVERIFY2(isTold || !bytes.contains("203.0.113."), qPrintable(path));
            QVERIFY2(isTold || !bytes.contains("token-3"), qPrintable(path));
        }
        // The same names with the same salt, others with another.
        QCOMPARE(evidence(file("redacted2"), {QStringLiteral("--redact"), file("salt")}).code, 0);
        QCOMPARE(filesOf(file("redacted2")), filesOf(file("redacted")));
        QCOMPARE(evidence(file("redacted3"), {QStringLiteral("--redact"), file("salt3")}).code, 0);
        QVERIFY(bytesOf(file("redacted3/data/rows/tokens.csv")) != bytesOf(file("redacted/data/rows/tokens.csv")));
        test::writeText(file("bad-salt"), "short\n");
        QFile::setPermissions(file("bad-salt"), QFile::ReadOwner | QFile::WriteOwner);
        const auto bad = evidence(file("redacted4"), {QStringLiteral("--redact"), file("bad-salt")});
        QCOMPARE(bad.code, 2);
        QVERIFY2(bad.err.contains("holds no salt"), bad.err);
    }

    void nothingIsWrittenOver()
    {
        const auto before = filesOf(file("whole"));
        const auto answer = evidence(file("whole"), {});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("is there already"), answer.err);
        QCOMPARE(filesOf(file("whole")), before);
        QCOMPARE(evidence(file("nowhere/pack"), {}).code, 2);
        QCOMPARE(ctl({"export", "--service", "site", "--evidence", file("no-key")}).code, 2);
    }

    /// A disk that is full at any point leaves nothing: here a limit on how large a file may become.
    void aFullDiskLeavesNothing()
    {
        for (const char* kilobytes : {"0", "1", "8", "40"}) {
            QProcess process;
            process.setProcessEnvironment(m_ctl.environment());
            process.start(QStringLiteral("/bin/bash"),
                          {QStringLiteral("-c"),
                           QStringLiteral("trap '' XFSZ; ulimit -f %1; exec \"$@\"").arg(QString::fromLatin1(kilobytes)),
                           QStringLiteral("bash"), QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl"), QStringLiteral("export"),
                           QStringLiteral("--service"), QStringLiteral("site"), QStringLiteral("--key"), file("exporter.key"),
                           QStringLiteral("--evidence"), file("full")});
            QVERIFY(process.waitForFinished());
            const QByteArray err = process.readAllStandardError();
            QVERIFY2(process.exitCode() == 2, err);
            QVERIFY2(err.contains("Free some space") || err.contains("journal"), err);
            QVERIFY2(leftovers(QStringLiteral("full")).isEmpty(), err);
        }
        QCOMPARE(evidence(file("full"), {}).code, 0);
    }

    /// Writes that fail, or that say to have written what they did not: the pack is there and verifies, or there is none.
    void everyCallMayFail_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<int>("most");
        for (const char* fault : {"write:error=ENOSPC", "write:error=EIO", "write:retval=1"})
            QTest::newRow(fault) << QString::fromLatin1(fault) << 89;
        for (const char* fault :
             {"syncfs:error=EIO", "rename:error=ENOSPC", "mkdir:error=ENOSPC", "pwrite64:error=ENOSPC", "fsync:error=EIO"})
            QTest::newRow(fault) << QString::fromLatin1(fault) << 8;
    }
    void everyCallMayFail()
    {
        QFETCH(QString, call);
        QFETCH(int, most);
        if (!test::CtlRunner::canInject())
            QSKIP("no program can be traced here");
        int refused = 0;
        for (int n = 1, step = 1; n <= most; std::swap(n, step), n += step) {
            const auto answer =
                m_ctl.runWithFault(QStringLiteral("%1:when=%2").arg(call).arg(n),
                                   {QStringLiteral("export"), QStringLiteral("--service"), QStringLiteral("site"),
                                    QStringLiteral("--key"), file("exporter.key"), QStringLiteral("--evidence"), file("faulty")});
            const QByteArray what = QStringLiteral("the call number %1: ").arg(n).toUtf8() + answer.err;
            const bool isThere = QFileInfo::exists(file("faulty"));
            if (isThere) // the fault met nothing, or only what is said on the terminal
                QVERIFY2(verified(file("faulty")).startsWith("0\n"), what);
            else
                QVERIFY2(answer.code == 2 && !answer.err.isEmpty(), what);
            QCOMPARE(leftovers(QStringLiteral("faulty")).size(), isThere ? 1 : 0);
            QDir{file("faulty")}.removeRecursively();
            refused += isThere ? 0 : 1;
        }
        QVERIFY2(refused > 0 || call.startsWith(QStringLiteral("fsync")), "no fault met anything");
    }

    void anyAllocationMayFail()
    {
        int refused = 0;
        for (int n = 1; n < 400'000; n += n / 3 + 1) {
            const auto answer = m_ctl.runWithoutMemory(n, {QStringLiteral("export"), QStringLiteral("--service"),
                                                           QStringLiteral("site"), QStringLiteral("--key"), file("exporter.key"),
                                                           QStringLiteral("--evidence"), file("poor")});
            const QByteArray what = "allocation " + QByteArray::number(n) + ": " + answer.err;
            if (QFileInfo::exists(file("poor")))
                QVERIFY2(verified(file("poor")).startsWith("0\n"), what);
            else
                QVERIFY2(answer.code != 0, what);
            refused += QFileInfo::exists(file("poor")) ? 0 : 1;
            for (const QString& left :
                 leftovers(QStringLiteral("poor"))) // a program that ends at once leaves what it was making, under another name
                QDir{m_folder.filePath(left)}.removeRecursively();
        }
        QVERIFY2(refused > 0, "no allocation was missed");
    }

    /// What does not verify is not exported as if it did.
    void aLogThatWasAlteredMakesNone()
    {
        m_server.execute(
            "site", "SET session_replication_role = replica; UPDATE reference.attempt SET outcome = 'closed' WHERE attempt_key = "
                    "(SELECT min(attempt_key) FROM reference.attempt)");
        const auto answer = evidence(file("altered"), {});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("something else than what was sealed as leaf"), answer.err);
        QVERIFY(leftovers(QStringLiteral("altered")).isEmpty());
    }

private:
    [[nodiscard]] QString file(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    [[nodiscard]] test::CtlAnswer ctl(std::initializer_list<test::Argument> arguments) const
    {
        return m_ctl.run(test::listOf(arguments));
    }

    void seal() { QCOMPARE(ctl({"seal", "--service", "site-sealer", "--key", file("seal.key")}).code, 0); }

    [[nodiscard]] test::CtlAnswer evidence(const QString& path, const QStringList& more, const char* service = "site") const
    {
        return m_ctl.run(QStringList{QStringLiteral("export"), QStringLiteral("--service"), QString::fromLatin1(service),
                                     QStringLiteral("--key"), file("exporter.key"), QStringLiteral("--evidence"), path} +
                         more);
    }

    /// By both verifiers, which must agree.
    [[nodiscard]] QByteArray verified(const QString& path) const
    {
        const auto run = [&](const QString& program, const QStringList& arguments) {
            QProcess process;
            process.start(program, arguments + QStringList{QStringLiteral("--exporter"), QString::fromLatin1(m_exporter),
                                                           QStringLiteral("--key"), QString::fromLatin1(m_logKey), path});
            process.waitForFinished();
            return QByteArray::number(process.exitCode()) + '\n' + process.readAllStandardOutput();
        };
        const QByteArray one = run(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineer-verify"), {});
        const QByteArray two =
            run(QStringLiteral("/usr/bin/python3"), {QStringLiteral(SCRUTINEER_SOURCE_DIR "/tests/app/verify/verify_pack.py")});
        return one == two ? one : "they differ:\n" + one + "\nand\n" + two;
    }

    [[nodiscard]] static QByteArray bytesOf(const QString& path)
    {
        QFile file{path};
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{"cannot be read"};
    }
    [[nodiscard]] static QMap<QString, QByteArray> filesOf(const QString& folder)
    {
        QMap<QString, QByteArray> files;
        for (QDirIterator each{folder, QDir::Files, QDirIterator::Subdirectories}; each.hasNext();) {
            const QString path = each.next();
            files.insert(QDir{folder}.relativeFilePath(path), bytesOf(path));
        }
        return files;
    }
    /// Everything beside the pack's place that begins with its name.
    [[nodiscard]] QStringList leftovers(const QString& name) const
    {
        return QDir{m_folder.path()}.entryList({name + QStringLiteral("*")},
                                               QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    QTemporaryDir m_folder;
    test::TestServer m_server;
    test::CtlRunner m_ctl{m_folder.path()};
    QByteArray m_logKey;
    QByteArray m_exporter;
};

QTEST_GUILESS_MAIN(TestEvidence)
#include "tst_evidence.moc"
