#include <atomic>
#include <thread>

#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

#include "seal/key_file.h"
#include "seal/sealer.h"
#include "support/site.h"
#include "support/test_server.h"

using namespace scr;
using domain::Fault;

class TestSealer : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_name = fmt::format("site{}", ++m_count);
        m_server.createSource(m_name, "reference");
        test::fillSite(m_server, m_name, 3, 4);
        if (m_count == 1)
            QVERIFY(elevated::createLogin(m_server.target(m_name), {"sealer", {"sealer"}, ""}).has_value());
        m_folder = std::make_unique<QTemporaryDir>();
        m_session = std::make_unique<elevated::SealSession>();
        QVERIFY(m_session->open(m_server.target(m_name, "sealer")).has_value());
    }

    void sealsOnceWhatIsThere()
    {
        vote(1, 1);
        const auto first = sealer().sealOnce();
        QVERIFY2(first.has_value(), first ? "" : sentenceOf(first.error()).c_str());
        QCOMPARE(QString::fromStdString(text("SELECT count(*) FROM scrutineer.entry")), QString::number(first->added));
        QCOMPARE(first->checkpoint->size, first->added);
        const auto nothing = sealer().sealOnce();
        QCOMPARE(nothing->added, std::uint64_t{0});
        QVERIFY(!nothing->checkpoint);
        vote(2, 2);
        const auto second = sealer().sealOnce();
        QCOMPARE(second->added, std::uint64_t{1});
        QCOMPARE(text("SELECT count(*) FROM scrutineer.checkpoint"), std::string{"2"});
        const auto opened =
            audit::openCheckpoint(text("SELECT note FROM scrutineer.checkpoint ORDER BY size DESC LIMIT 1"), m_key.verifier());
        QCOMPARE(opened->checkpoint, *second->checkpoint);
    }

    /// What commits after a later key was sealed already.
    void whatCommitsLateIsSealed()
    {
        const auto late = connection();
        execute(late, "BEGIN; INSERT INTO reference.attempt (attempted_at, outcome) VALUES (now(), 'closed')");
        vote(1, 1);
        QVERIFY(sealer().sealOnce().has_value());
        execute(
            late,
            "SAVEPOINT s; INSERT INTO reference.attempt (attempted_at, outcome) VALUES (now(), 'closed'); ROLLBACK TO s; COMMIT");
        QCOMPARE(sealer().sealOnce()->added, std::uint64_t{1});
        QCOMPARE(
            text(
                "SELECT count(*) FROM scrutineer.entry e WHERE NOT EXISTS (SELECT FROM scrutineer.leaf l WHERE l.log = e.log AND "
                "l.entry_key = e.entry_key)"),
            std::string{"0"});
    }

    void twoSealersAtOnce()
    {
        for (int round = 0; round < 20; ++round) {
            vote(1 + round % 3, 1 + round % 4);
            std::vector<std::jthread> threads;
            std::atomic<int> good{0};
            for (int i = 0; i < 2; ++i) {
                threads.emplace_back([&] {
                    elevated::SealSession session;
                    if (session.open(m_server.target(m_name, "sealer")) && seal::Sealer{session, m_key, state()}.sealOnce())
                        ++good;
                });
            }
            threads.clear();
            QCOMPARE(good.load(), 2);
        }
        QCOMPARE(text("SELECT count(*) = (SELECT count(*) FROM scrutineer.entry) FROM scrutineer.leaf"), std::string{"t"});
    }

    /// It ended between its commit and its signature; the next one signs what was sealed.
    void endedBeforeSigning()
    {
        vote(1, 1);
        seal::Sealer broken = sealer();
        broken.beforeSigning = [] { throw std::runtime_error{"killed"}; };
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(broken.sealOnce()), std::runtime_error);
        QCOMPARE(text("SELECT count(*) FROM scrutineer.checkpoint"), std::string{"0"});
        const auto next = sealer().sealOnce();
        QCOMPARE(next->added, std::uint64_t{0});
        QVERIFY(next->checkpoint.has_value());
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("says");
        const QString open = QStringLiteral("SET session_replication_role = replica; ");
        QTest::newRow("an entry altered before it was signed")
            << open + QStringLiteral(
                          "UPDATE scrutineer.log_entry SET entry = entry || 'x' WHERE entry_key = (SELECT max(entry_key) FROM "
                          "scrutineer.log_entry)")
            << "is not the one that was sealed";
        QTest::newRow("an entry removed before it was signed")
            << open + QStringLiteral(
                          "DELETE FROM scrutineer.log_entry WHERE entry_key = (SELECT max(entry_key) FROM scrutineer.log_entry)")
            << "is gone";
        QTest::newRow("a leaf removed") << open + QStringLiteral("DELETE FROM scrutineer.leaf WHERE leaf = 1") << "are there";
        QTest::newRow("a leaf altered") << open + QStringLiteral("UPDATE scrutineer.leaf SET hash = sha256('x') WHERE leaf = 1")
                                        << "has two roots";
        QTest::newRow("the head put back")
            << open + QStringLiteral(
                          "DELETE FROM scrutineer.checkpoint; DELETE FROM scrutineer.leaf WHERE leaf >= 2; UPDATE "
                          "scrutineer.seal_head SET size = 1, frontier = (SELECT hash FROM scrutineer.leaf WHERE leaf = 0)")
            << "were signed";
        QTest::newRow("another log of the same length")
            << open +
                   QStringLiteral(
                       "DELETE FROM scrutineer.checkpoint; UPDATE scrutineer.leaf SET hash = sha256('x') WHERE leaf = 0; UPDATE "
                       "scrutineer.seal_head SET size = 1, frontier = sha256('x'); DELETE FROM scrutineer.leaf WHERE leaf > 0")
            << "were signed";
        QTest::newRow("an epoch that was begun behind its back")
            << QStringLiteral("SELECT scrutineer.begin_epoch('example.org/log/epoch-2', 'k', '')")
            << "the database's log is example.org/log/epoch-2 now";
        QTest::newRow("an entry of another server")
            << open + QStringLiteral("INSERT INTO scrutineer.log_entry (kind, subject, outcome, detail, xid, entry) VALUES "
                                     "('export', '', '', '', "
                                     "'9000000000000', 'x')")
            << "has not reached";
        QTest::newRow("another server") << open + QStringLiteral("UPDATE scrutineer.log_epoch SET cluster = 1")
                                        << "another server";
        QTest::newRow("a checkpoint that is none")
            << open + QStringLiteral("UPDATE scrutineer.checkpoint SET note = replace(note, E'\\n\\n', E'\\nx\\n\\n')")
            << "is not as it was signed";
    }
    void refuses()
    {
        QFETCH(QString, change);
        QFETCH(QString, says);
        vote(1, 1);
        QVERIFY(sealer().sealOnce().has_value());
        m_server.execute(m_name, "SELECT scrutineer.log('export', '', 'done', 'one more')");
        seal::Sealer half = sealer(); // sealed, not yet signed
        half.beforeSigning = [] { throw std::runtime_error{"killed"}; };
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(half.sealOnce()), std::runtime_error);
        m_server.execute(m_name, change.toStdString());
        const auto refused = sealer().sealOnce();
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().fault, Fault::Corrupt);
        QVERIFY2(refused.error().detail.find(says.toStdString()) != std::string::npos, refused.error().detail.c_str());
        QCOMPARE(text("SELECT count(*) FROM scrutineer.seal_alarm"), std::string{"1"});
        QVERIFY(!sealer().sealOnce().has_value());
        QCOMPARE(text("SELECT count(*) FROM scrutineer.seal_alarm"), std::string{"1"}); // told once
    }

    void aRestoredBackup()
    {
        vote(1, 1);
        QVERIFY(sealer().sealOnce().has_value());
        const std::string copy = m_name + "_copy";
        m_session.reset();
        m_server.execute("postgres", fmt::format("CREATE DATABASE {} TEMPLATE {}", copy, m_name));
        m_session = std::make_unique<elevated::SealSession>();
        QVERIFY(m_session->open(m_server.target(m_name, "sealer")).has_value());
        vote(2, 2);
        const auto last = sealer().sealOnce();
        QVERIFY(last.has_value());
        // The copy takes its place, and other votes come.
        m_name = copy;
        m_session = std::make_unique<elevated::SealSession>();
        QVERIFY(m_session->open(m_server.target(m_name, "sealer")).has_value());
        QCOMPARE(sealer().sealOnce().error().fault, Fault::Corrupt);
        vote(2, 3);
        vote(2, 4);
        const auto refused = sealer().sealOnce();
        QCOMPARE(refused.error().fault, Fault::Corrupt);
        QVERIFY2(refused.error().detail.find("are not those that were signed") != std::string::npos,
                 refused.error().detail.c_str());
        const auto anew = sealer().newEpoch("put back from a backup");
        QVERIFY2(anew.has_value(), anew ? "" : sentenceOf(anew.error()).c_str());
        QCOMPARE(anew->checkpoint->origin, std::string{"example.org/log/epoch-2"});
        QCOMPARE(std::to_string(anew->checkpoint->size), text("SELECT count(*) FROM scrutineer.entry"));
        QVERIFY(text("SELECT detail FROM scrutineer.log_entry WHERE kind = 'epoch' ORDER BY entry_key DESC LIMIT 1")
                    .find("put back from a backup; the one before ends with example.org/log") != std::string::npos);
        vote(3, 3);
        QCOMPARE(sealer().sealOnce()->added, std::uint64_t{1});
    }

    void anotherMachine()
    {
        vote(1, 1);
        QVERIFY(sealer().sealOnce().has_value());
        vote(2, 2);
        m_folder = std::make_unique<QTemporaryDir>();
        QCOMPARE(sealer().sealOnce().error().fault, Fault::Rejected);
        const auto adopted = seal::Sealer{*m_session, m_key, state(), true}.sealOnce();
        QVERIFY(adopted->checkpoint.has_value());
        vote(3, 3);
        QVERIFY(sealer().sealOnce()->checkpoint.has_value());
    }

    void anotherKey()
    {
        vote(1, 1);
        QVERIFY(sealer().sealOnce().has_value());
        const auto stranger = audit::SigningKey::make("example.org/other", audit::SignatureType::Log).value();
        QCOMPARE(seal::Sealer(*m_session, stranger, state()).sealOnce().error().fault, Fault::Rejected);
    }

    void keyFiles()
    {
        const std::string path = m_folder->filePath(QStringLiteral("key")).toStdString();
        QVERIFY(seal::writeKeyFile(path, m_key).has_value());
        QCOMPARE(seal::readKeyFile(path)->text(), m_key.text());
        QCOMPARE(seal::writeKeyFile(path, m_key).error().fault, Fault::Rejected);
        QFile::setPermissions(QString::fromStdString(path), QFile::ReadOwner | QFile::ReadGroup);
        QCOMPARE(seal::readKeyFile(path).error().fault, Fault::Rejected);
        QCOMPARE(seal::readKeyFile(path + "x").error().fault, Fault::Unavailable);
        QCOMPARE(seal::writeKeyFile("/proc/none/key", m_key).error().fault, Fault::Unavailable);
    }

private:
    [[nodiscard]] seal::SignedState state() const
    {
        return seal::SignedState{m_folder->filePath(QStringLiteral("state")).toStdString()};
    }
    [[nodiscard]] seal::Sealer sealer() { return {*m_session, m_key, state()}; }
    void vote(int token, int post) const
    {
        m_server.execute(m_name, fmt::format("SELECT reference.cast_vote('secret-{}', {}, 1)", token, post));
    }
    [[nodiscard]] std::string text(const std::string& sql) const { return m_server.queryText(m_name, sql); }

    using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
    [[nodiscard]] Connection connection() const { return {PQconnectdb(m_server.conninfo(m_name).c_str()), &PQfinish}; }
    static void execute(const Connection& on, const char* sql)
    {
        const std::unique_ptr<PGresult, decltype(&PQclear)> done{PQexec(on.get(), sql), &PQclear};
        QVERIFY2(PQresultStatus(done.get()) == PGRES_COMMAND_OK, PQerrorMessage(on.get()));
    }

    test::TestServer m_server;
    const audit::SigningKey m_key = audit::SigningKey::make("example.org/log", audit::SignatureType::Log).value();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<elevated::SealSession> m_session;
    std::string m_name;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestSealer)
#include "tst_sealer.moc"
