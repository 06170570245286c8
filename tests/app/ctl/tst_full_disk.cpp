#include <algorithm>

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "ctl_runner.h"
#include "elevated/installer.h"
#include "elevated/request_journal.h"
#include "support/site.h"
#include "support/test_server.h"

using namespace scr;

/// A disk that is full in the middle of a write, and one that fails: what is exported, the journal, and what the sealer keeps.
/// That a write is only half done needs no pretence: a limit on the size of files does it.
class TestFullDisk : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_server.createSource("site", "reference");
        test::fillSite(m_server, "site", 6, 4);
        QVERIFY(elevated::createLogin(m_server.target("site"), {"sealer", {"sealer"}, ""}).has_value());
        QString services;
        for (const auto& [name, user] :
             {std::pair{"site", "reader"}, std::pair{"site-elevated", "auditor"}, std::pair{"site-sealer", "sealer"}}) {
            const auto target = m_server.target("site", user);
            services += QStringLiteral("[%1]\nhost=%2\nport=%3\ndbname=site\nuser=%4\n")
                            .arg(QString::fromLatin1(name), QString::fromStdString(target.host),
                                 QString::fromStdString(target.port), QString::fromLatin1(user));
        }
        m_ctl.setVariable(QStringLiteral("PGSERVICEFILE"), test::writeText(file("services"), services.toUtf8()));
        m_ctl.setVariable(QStringLiteral("XDG_STATE_HOME"), file("state"));
        QCOMPARE(ctl({"keygen", "--name", "example.org/log", "--out", file("seal.key")}).code, 0);
        QCOMPARE(ctl({"keygen", "--exporter", "--out", file("exporter.key")}).code, 0);
        seal();
    }

    /// The pack is whole and verifies, or is absent.
    void anExportThatDoesNotFit()
    {
        int refused = 0;
        for (qint64 room = 0; room < 400'000; room += room / 2 + 97) {
            const auto answer = m_ctl.runWithRoom(room, evidence(file("pack.tar")));
            const QByteArray what = "room for " + QByteArray::number(room) + ": " + answer.err;
            const bool isThere = QFileInfo::exists(file("pack.tar"));
            QVERIFY2(isThere ? answer.code == 0 : answer.code == 2 && !answer.err.isEmpty(), what);
            if (isThere)
                QVERIFY2(verifies(file("pack.tar")), what);
            QCOMPARE(QDir{m_folder.path()}.entryList({QStringLiteral("pack*")}).size(), isThere ? 1 : 0);
            QFile::remove(file("pack.tar"));
            refused += isThere ? 0 : 1;
        }
        QVERIFY(refused > 8);
    }

    /// Whatever of its line fits: what was not written down was not sent, and the next request is not spoilt by half a line.
    void aJournalThatDoesNotFit()
    {
        QCOMPARE(m_ctl.run(votes()).code, 0);
        const qint64 line = journal().size() / 2; // about as long as each of the two
        for (qint64 more = 0; more < 2 * line + 40; more += 61) {
            const qint64 before = journal().size();
            const std::string logged = count();
            const auto answer = m_ctl.runWithRoom(before + more, votes());
            const QByteArray what = "room for " + QByteArray::number(more) + " more: " + answer.err;
            QVERIFY2(answer.code == 0, what); // the votes were written; the log is another matter, and told
            const int sent = std::stoi(count()) - std::stoi(logged);
            QVERIFY2(sent == 1 || (sent == 0 && answer.err.contains("the audit log does not say so")), what);
            const elevated::RequestJournal kept{file("state/scrutineer/journal").toStdString()};
            const auto unfinished = kept.unfinished();
            QVERIFY2(unfinished.has_value(), what);
            QCOMPARE(m_ctl.run(votes()).code, 0);
            QCOMPARE(std::stoi(count()), std::stoi(logged) + sent + 1);
        }
    }

    void aJournalOnABadDisk_data()
    {
        QTest::addColumn<QString>("call");
        for (const char* call : {"write:error=ENOSPC", "write:error=EIO", "write:retval=5", "fsync:error=EIO",
                                 "pread64:error=EIO", "openat:error=EACCES", "flock:error=ENOLCK", "rename:error=EIO"})
            QTest::newRow(call) << QString::fromLatin1(call);
    }
    void aJournalOnABadDisk()
    {
        QFETCH(QString, call);
        if (!test::CtlRunner::canInject())
            QSKIP("no program can be traced here");
        for (int n = 1; n <= 2; ++n) {
            const std::string logged = count();
            const auto answer = m_ctl.runWithFault(QStringLiteral("%1:when=%2").arg(call).arg(n), votes(),
                                                   file("state/scrutineer/journal/requests.jsonl"));
            const QByteArray what = call.toUtf8() + " number " + QByteArray::number(n) + ": " + answer.err;
            QVERIFY2(answer.code == 0, what);
            const int sent = std::stoi(count()) - std::stoi(logged);
            QVERIFY2(sent == 1 || (sent == 0 && answer.err.contains("the audit log does not say so")), what);
            QVERIFY2(elevated::RequestJournal{file("state/scrutineer/journal").toStdString()}.unfinished().has_value(), what);
            QCOMPARE(m_ctl.run(votes()).code, 0);
            QCOMPARE(std::stoi(count()), std::stoi(logged) + sent + 1);
        }
    }

    /// What the journal does comes last: a request is sent once or not at all, and the next one is not spoilt.
    void aJournalWithoutMemory()
    {
        const auto isUntouched = [this](int n) {
            const auto answer = m_ctl.runWithoutMemory(n, votes());
            return answer.code == 0 && !answer.err.contains("the audit log does not say so");
        };
        int most = 200'000; // beyond the end of the program; from there down to what it asks for last
        while (isUntouched(most - most / 12) && most > 100)
            most -= most / 12;
        QCOMPARE(m_ctl.run(votes()).code, 0);
        int refused = 0;
        for (int n = most / 2; n < most; n += std::max(1, most / 240)) {
            const std::string logged = count();
            const auto answer = m_ctl.runWithoutMemory(n, votes());
            const QByteArray what = "allocation " + QByteArray::number(n) + ": " + answer.err;
            const int sent = std::stoi(count()) - std::stoi(logged);
            QVERIFY2(sent == 1 || (sent == 0 && (answer.code != 0 || answer.err.contains("the audit log does not say so"))),
                     what);
            QVERIFY2(elevated::RequestJournal{file("state/scrutineer/journal").toStdString()}.unfinished().has_value(), what);
            QCOMPARE(m_ctl.run(votes()).code, 0);
            QCOMPARE(std::stoi(count()), std::stoi(logged) + sent + 1);
            refused += sent == 1 && answer.code == 0 ? 0 : 1;
        }
        QVERIFY2(refused > 0, "no allocation was missed");
    }

    /// What was signed last is kept whole or not at all, and nothing is published that is not kept.
    void aSealerThatCannotKeepWhatItSigned()
    {
        for (qint64 room = 0; room < 700; room += 83) {
            m_server.execute("site", "SELECT scrutineer.log('export', '', 'done', 'one more')");
            const auto full = m_ctl.runWithRoom(room, sealing());
            const auto next = m_ctl.run(sealing());
            QVERIFY2(next.code == 0, QByteArray::number(room) + ": " + full.err + next.err);
        }
        const auto verified = ctl({"verify", "--service", "site"});
        QVERIFY2(verified.code == 0, verified.out + verified.err);
    }

private:
    [[nodiscard]] QString file(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    [[nodiscard]] test::CtlAnswer ctl(std::initializer_list<test::Argument> arguments) const
    {
        return m_ctl.run(test::listOf(arguments));
    }
    [[nodiscard]] QStringList sealing() const
    {
        return test::listOf({"seal", "--service", "site-sealer", "--key", file("seal.key")});
    }
    void seal() const { QCOMPARE(m_ctl.run(sealing()).code, 0); }
    [[nodiscard]] QStringList evidence(const QString& path) const
    {
        return test::listOf({"export", "--service", "site", "--key", file("exporter.key"), "--evidence", path});
    }
    /// An export that is told to the log through the journal, and needs no other file.
    [[nodiscard]] static QStringList votes() { return test::listOf({"export", "--service", "site", "--votes", "-"}); }
    [[nodiscard]] QFileInfo journal() const { return QFileInfo{file("state/scrutineer/journal/requests.jsonl")}; }
    [[nodiscard]] std::string count() const
    {
        return m_server.queryText("site", "SELECT count(*) FROM scrutineer.log_entry WHERE kind = 'export'");
    }
    static bool verifies(const QString& path)
    {
        QProcess verifier;
        verifier.start(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineer-verify"), {path});
        return verifier.waitForFinished() && verifier.exitCode() == 0;
    }

    test::TestServer m_server;
    QTemporaryDir m_folder;
    test::CtlRunner m_ctl{m_folder.path()};
};

QTEST_GUILESS_MAIN(TestFullDisk)
#include "tst_full_disk.moc"
