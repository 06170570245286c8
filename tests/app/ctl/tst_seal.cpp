#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "ctl_runner.h"
#include "support/test_server.h"

using namespace scr;

/// keygen, seal, verify and cosign, as a site engineer, an auditor and a witness call them.
class TestSeal : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_server.createSource("site", "reference");
        QVERIFY(elevated::createLogin(m_server.target("site"), {"sealer", {"sealer"}, ""}).has_value());
        QString services;
        for (const auto& [name, user] :
             {std::pair{"site", "reader"}, std::pair{"site-elevated", "auditor"}, std::pair{"site-sealer", "sealer"}}) {
            const auto target = m_server.target("site", user);
            services += QStringLiteral("[%1]\nhost=%2\nport=%3\ndbname=site\nuser=%4\n")
                            .arg(QString::fromLatin1(name), QString::fromStdString(target.host),
                                 QString::fromStdString(target.port), QString::fromLatin1(user));
        }
        m_ctl.setVariable(QStringLiteral("PGSERVICEFILE"),
                          test::writeText(m_folder.filePath(QStringLiteral("services")), services.toUtf8()));
        m_ctl.setVariable(QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
    }

    void aKeyIsMadeOnce()
    {
        const auto made = ctl({"keygen", "--name", "example.org/log", "--out", file("seal.key")});
        QVERIFY2(made.code == 0, made.err);
        QVERIFY2(made.out.startsWith("example.org/log+"), made.out);
        QCOMPARE(QFileInfo{file("seal.key")}.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions{});
        QFile key{file("seal.vkey")};
        QVERIFY(key.open(QIODevice::WriteOnly));
        key.write(made.out);
        key.close();
        const auto again = ctl({"keygen", "--name", "example.org/log", "--out", file("seal.key")});
        QCOMPARE(again.code, 2);
        QVERIFY2(again.err.contains("is there already"), again.err);
        QCOMPARE(ctl({"keygen", "--show", file("seal.key")}).out, made.out);
        QCOMPARE(ctl({"keygen", "--name", "a b", "--out", file("other.key")}).code, 2);
        QCOMPARE(ctl({"keygen"}).code, 2);
    }

    void nothingIsVerifiedBeforeItIsSealed()
    {
        const auto answer = ctl({"verify", "--service", "site", "--key", file("seal.vkey")});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("nothing of this log was ever sealed"), answer.err);
    }

    void sealedAndVerified()
    {
        const auto sealed = ctl({"seal", "--service", "site-sealer", "--key", file("seal.key")});
        QVERIFY2(sealed.code == 0, sealed.err);
        QVERIFY2(sealed.out.contains("in all, root "), sealed.out);
        QCOMPARE(ctl({"seal", "--service", "site-sealer", "--key", file("seal.key"), "--once"}).out, QByteArray{"nothing new\n"});
        const auto verified = ctl({"verify", "--service", "site", "--key", file("seal.vkey")});
        QVERIFY2(verified.code == 0, verified.err + verified.out);
        QVERIFY2(verified.out.contains("entries are what was signed"), verified.out);
        // Without the key: the one that is remembered.
        QVERIFY(!ctl({"verify", "--service", "site"}).err.contains("for the first time"));
        // A reader is no sealer, and a public key no private one.
        QCOMPARE(ctl({"seal", "--service", "site", "--key", file("seal.key")}).code, 2);
        QCOMPARE(ctl({"seal", "--service", "site-sealer", "--key", file("seal.vkey")}).code, 2);
    }

    void anotherKeyIsRefused()
    {
        QVERIFY(ctl({"keygen", "--name", "example.org/log", "--out", file("stranger.key")}).code == 0);
        const auto shown = ctl({"keygen", "--show", file("stranger.key")}).out.trimmed();
        const auto answer = ctl({"verify", "--service", "site", "--key", QString::fromUtf8(shown)});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("had another key when it was last seen here"), answer.err);
        const auto sealing = ctl({"seal", "--service", "site-sealer", "--key", file("stranger.key")});
        QCOMPARE(sealing.code, 1); // what was signed is not signed by this key
    }

    void aWitnessCountersigns()
    {
        QVERIFY(ctl({"keygen", "--witness", "--name", "witness.example/olga", "--out", file("olga.key")}).code == 0);
        const auto signedLine = ctl({"cosign", "--service", "site", "--witness", file("olga.key"), "--key", file("seal.vkey")});
        QVERIFY2(signedLine.code == 0, signedLine.err);
        QVERIFY2(signedLine.out.startsWith("checkpoint:"), signedLine.out);
        const QByteArray note = QByteArray::fromBase64(signedLine.out.trimmed().mid(11));
        QVERIFY2(note.contains("witness.example/olga "), note);
        QCOMPARE(m_server.queryText("site", "SELECT name || ' ' || stored_by FROM scrutineer.cosignature"),
                 std::string{"witness.example/olga auditor"});
        const auto signedAgain = ctl({"cosign", "--service", "site", "--witness", file("olga.key"), "--key", file("seal.vkey")});
        QVERIFY2(signedAgain.code == 0 && signedAgain.out.startsWith("checkpoint:"), signedAgain.err);
        QCOMPARE(m_server.queryText("site", "SELECT count(*) FROM scrutineer.cosignature"), std::string{"1"}); // once is enough
        QCOMPARE(ctl({"cosign", "--service", "site", "--witness", file("seal.key")}).code, 2); // the log is no witness of itself
        m_line = QString::fromUtf8(signedLine.out.trimmed());
        QCOMPARE(ctl({"verify", "--service", "site", "--checkpoint", m_line}).code, 0);
        QCOMPARE(ctl({"verify", "--service", "site", "--checkpoint", "checkpoint:nonsense"}).code, 2);
        // With her key in the profile verify tells what she signed, and what is no key of a witness is refused.
        const QByteArray olga = ctl({"keygen", "--show", file("olga.key")}).out.trimmed();
        writeProfile("witness_keys = [\"" + olga + "\"]");
        const auto witnessed = ctl({"verify", "--service", "site"});
        QVERIFY2(witnessed.code == 0 && witnessed.out.contains("witness    witness.example/olga signed "), witnessed.out);
        // It is remembered, and missed when it is gone.
        m_server.execute("site", "CREATE TABLE kept AS TABLE scrutineer.cosignature; SET session_replication_role = replica; "
                                 "DELETE FROM scrutineer.cosignature");
        const auto missed = ctl({"verify", "--service", "site"});
        QVERIFY2(missed.code == 1 && missed.out.contains("witness.example/olga had signed the checkpoint of "), missed.out);
        m_server.execute("site", "SET session_replication_role = replica; INSERT INTO scrutineer.cosignature TABLE kept; "
                                 "DROP TABLE kept");
        QCOMPARE(ctl({"verify", "--service", "site"}).code, 0);
        writeProfile("witness_keys = [\"" + ctl({"keygen", "--show", file("seal.key")}).out.trimmed() + "\"]");
        const auto refused = ctl({"verify", "--service", "site"});
        QVERIFY2(refused.code == 2 && refused.err.contains("number 1 is none"), refused.err);
        writeProfile("");
    }

    /// A sealer whose disk fails signs nothing that is lost: the next one goes on, and the log verifies.
    void everyWriteOfTheSealerMayFail_data()
    {
        QTest::addColumn<QString>("fault");
        for (const char* call : {"write", "fsync", "rename", "openat"}) {
            for (const char* error : {"error=ENOSPC", "error=EIO"})
                QTest::newRow(qPrintable(QString::fromLatin1(call) + QString::fromLatin1(error)))
                    << QString::fromLatin1(call) + QLatin1Char{':'} + QString::fromLatin1(error);
        }
    }
    void everyWriteOfTheSealerMayFail()
    {
        QFETCH(QString, fault);
        if (!test::CtlRunner::canInject())
            QSKIP("no program can be traced here");
        const bool isOpen = fault.startsWith(QStringLiteral("openat"));
        for (int n = isOpen ? 60 : 1; n <= (isOpen ? 140 : 6); n += isOpen ? 16 : 1) {
            m_server.execute("site", "SELECT scrutineer.log('export', '', 'done', 'one more')");
            const QStringList seal = test::listOf({"seal", "--service", "site-sealer", "--key", file("seal.key")});
            const auto faulty = m_ctl.runWithFault(QStringLiteral("%1:when=%2").arg(fault).arg(n), seal);
            const auto next = m_ctl.run(seal);
            QVERIFY2(next.code == 0, QByteArray::number(n) + ": " + faulty.err + next.err);
            const auto verified = ctl({"verify", "--service", "site", "--key", file("seal.vkey")});
            QVERIFY2(verified.code == 0, QByteArray::number(n) + ": " + faulty.err + verified.out + verified.err);
        }
    }

    void anyAllocationOfTheSealerMayFail()
    {
        const QStringList seal = test::listOf({"seal", "--service", "site-sealer", "--key", file("seal.key")});
        int failed = 0;
        for (int n = 1; n < 50'000; n += n / 5 + 1) { // how many there are differs from run to run
            m_server.execute("site", "SELECT scrutineer.log('export', '', 'done', 'one more')");
            const auto poor = m_ctl.runWithoutMemory(n, seal);
            failed += poor.code == 0 ? 0 : 1;
            const auto next = m_ctl.run(seal);
            QVERIFY2(next.code == 0, QByteArray::number(n) + ": " + poor.err + next.err);
        }
        QVERIFY2(failed > 0, "no allocation was missed");
        const auto verified = ctl({"verify", "--service", "site", "--key", file("seal.vkey")});
        QVERIFY2(verified.code == 0, verified.out + verified.err);
    }

    void whatIsAlteredIsFound()
    {
        m_server.execute(
            "site",
            "SET session_replication_role = replica; UPDATE scrutineer.log_entry SET detail = 'nothing' WHERE entry_key = 1");
        const auto found = ctl({"verify", "--service", "site", "--format", "jsonl"});
        QCOMPARE(found.code, 1);
        QVERIFY2(found.out.contains("\"finding\":\"columns differ\",\"first\":0"), found.out);
        m_server.execute(
            "site",
            "SET session_replication_role = replica; UPDATE scrutineer.leaf SET hash = sha256('x') WHERE leaf = 0; UPDATE "
            "scrutineer.seal_head SET frontier = '', size = 0; DELETE FROM scrutineer.cosignature; DELETE FROM "
            "scrutineer.checkpoint");
        const auto refused = ctl({"seal", "--service", "site-sealer", "--key", file("seal.key")});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("--new-epoch"), refused.err);
        const auto witness = ctl({"cosign", "--service", "site", "--witness", file("olga.key"), "--key", file("seal.vkey")});
        QCOMPARE(witness.code, 1);
        QVERIFY2(witness.err.startsWith("scrutineerctl: Not signed"), witness.err);
        QCOMPARE(ctl({"seal", "--service", "site-sealer", "--key", file("seal.key"), "--new-epoch", ""}).code, 2);
        const auto anew =
            ctl({"seal", "--service", "site-sealer", "--key", file("seal.key"), "--new-epoch", "the tables were changed"});
        QVERIFY2(anew.code == 0, anew.err);
        QCOMPARE(ctl({"verify", "--service", "site"}).code, 1); // the column is still what it is not
    }

    void followsUntilItIsStopped()
    {
        const QString log = file("follow.log");
        QProcess sealer;
        sealer.setProcessEnvironment(m_ctl.environment());
        sealer.setStandardOutputFile(log);
        sealer.start(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl"),
                     {QStringLiteral("seal"), QStringLiteral("--service"), QStringLiteral("site-sealer"), QStringLiteral("--key"),
                      file("seal.key"), QStringLiteral("--follow"), QStringLiteral("--interval"), QStringLiteral("50")});
        QVERIFY(sealer.waitForStarted());
        m_server.execute("site", "SELECT scrutineer.log('export', '', 'done', 'while it follows')");
        QTRY_COMPARE_WITH_TIMEOUT(
            m_server.queryText("site", "SELECT count(*) FROM scrutineer.leaf l JOIN scrutineer.log_entry e ON l.log = 'd' AND "
                                       "l.entry_key = e.entry_key WHERE e.detail = 'while it follows' AND l.epoch = 2"),
            std::string{"1"}, 10'000);
        sealer.terminate();
        QVERIFY(sealer.waitForFinished(10'000));
        QCOMPARE(sealer.exitCode(), 0);
    }

private:
    [[nodiscard]] test::CtlAnswer ctl(std::initializer_list<test::Argument> typed) const
    {
        return m_ctl.run(test::listOf(typed));
    }
    void writeProfile(const QByteArray& lines) const
    {
        QDir{m_folder.path()}.mkpath(QStringLiteral(".config/scrutineer"));
        QFile profile{file(".config/scrutineer/profiles.toml")};
        QVERIFY(profile.open(QIODevice::WriteOnly) && profile.write("[service.site]\n" + lines + '\n') > 0);
    }
    [[nodiscard]] QString file(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_folder;
    test::CtlRunner m_ctl{m_folder.path()};
    test::TestServer m_server;
    QString m_line;
};

QTEST_GUILESS_MAIN(TestSeal)
#include "tst_seal.moc"
