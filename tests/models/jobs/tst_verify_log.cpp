#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

#include "jobs/log_trust.h"
#include "jobs/seal_reading.h"
#include "jobs/verify_log.h"
#include "seal/sealer.h"
#include "store/sql_log_source.h"
#include "support/site.h"
#include "support/test_server.h"

using namespace scr;
using domain::Fault;

namespace {

const domain::KeepGoing kOn = [](std::uint64_t, std::uint64_t) { return true; };

} // namespace

class TestVerifyLog : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_server.createSource("site", "reference");
        test::fillSite(m_server, "site", 40, 10);
        QVERIFY(elevated::createLogin(m_server.target("site"), {"sealer", {"sealer"}, ""}).has_value());
        for (int round = 0; round < 7; ++round) { // more than one tile, and checkpoints in the middle of them
            m_server.execute("site", fmt::format("SELECT reference.cast_vote('secret-' || t, p, 1, '203.0.113.7', 'r' || t) FROM "
                                                 "generate_series(1, 40) t, generate_series({}, {}) p",
                                                 1 + round, 2 + round));
            m_server.executeAs("site", "auditor",
                               "SELECT scrutineer.log_export(gen_random_uuid(), E'with \"quotes\"\\n\\tand \\u0007 é')");
            seal("site");
        }
    }
    void init()
    {
        m_name = fmt::format("copy{}", ++m_count);
        m_server.execute("postgres", fmt::format("CREATE DATABASE {} TEMPLATE site", m_name));
    }

    void soundLog()
    {
        const auto report = verify();
        QVERIFY2(report.isGood(), told(report).c_str());
        QCOMPARE(report.checkpoints, std::uint64_t{7});
        QCOMPARE(std::to_string(report.verified), m_server.queryText(m_name, "SELECT count(*) FROM scrutineer.entry"));
        QVERIFY(verify(5, 300).isGood());
        QVERIFY(jobs::verifyCheckpoints(*source(), {m_key.verifier()})->isGood());
    }

    void tampered_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("finding");
        QTest::addColumn<int>("leaf"); // -1: not the place of a leaf
        const auto row = [](const char* name, const char* change, const char* finding, int leaf) {
            QTest::newRow(name) << QString::fromUtf8(change) << QString::fromLatin1(finding) << leaf;
        };
        const char* entryOf10 =
            "UPDATE reference.attempt SET entry = convert_to(replace(convert_from(entry, 'UTF8'), ':\"cast\"', ':\"change\"'), "
            "'UTF8') WHERE attempt_key = (SELECT entry_key FROM scrutineer.leaf WHERE leaf = 10)";
        row("an entry", entryOf10, "entry altered", 10);
        row("a column",
            "UPDATE reference.attempt SET outcome = 'closed' WHERE attempt_key = (SELECT entry_key FROM scrutineer.leaf WHERE "
            "leaf = 10)",
            "columns differ", 10);
        row("the token of an attempt",
            "UPDATE reference.attempt SET token_key = token_key + 1 WHERE attempt_key = (SELECT entry_key FROM scrutineer.leaf "
            "WHERE leaf = 10)",
            "columns differ", 10);
        row("the address of an attempt",
            "UPDATE reference.attempt SET origin = '198.51.100.1' WHERE attempt_key = (SELECT entry_key FROM scrutineer.leaf "
            "WHERE leaf = 10)",
            "columns differ", 10);
        row("a decision",
            "UPDATE scrutineer.log_entry SET detail = 'nothing' WHERE entry_key = (SELECT entry_key FROM scrutineer.leaf WHERE "
            "log = 'd' "
            "ORDER BY leaf DESC LIMIT 1)",
            "columns differ", -1);
        row("an entry removed",
            "DELETE FROM reference.attempt WHERE attempt_key = (SELECT entry_key FROM scrutineer.leaf WHERE leaf = 10)",
            "entry gone", 10);
        row("an entry slipped in",
            "INSERT INTO reference.attempt (attempted_at, outcome, xid, entry) SELECT attempted_at, outcome, xid, entry FROM "
            "reference.attempt LIMIT 1",
            "entry slipped in", -1);
        row("the hash of a leaf", "UPDATE scrutineer.leaf SET hash = sha256('x') WHERE leaf = 10", "leaf altered", -1);
        row("a subtree", "UPDATE scrutineer.subtree SET hash = sha256('x') WHERE level = 1 AND place = 0", "subtree altered", -1);
        row("a leaf removed", "DELETE FROM scrutineer.leaf WHERE leaf = 10", "leaf gone", 10);
        row("the size of the log",
            "UPDATE scrutineer.log_entry SET detail = 'x' WHERE entry_key = (SELECT max(entry_key) FROM scrutineer.log_entry); "
            "UPDATE "
            "scrutineer.seal_head SET size = 10, framed = 10",
            "columns differ", -1);
        row("an attempt without an entry", "INSERT INTO reference.attempt (attempted_at, outcome) VALUES (now(), 'accepted')",
            "entry slipped in", -1);
        row("an attempt of no transaction",
            "INSERT INTO reference.attempt (attempted_at, outcome, xid, entry) SELECT now(), outcome, NULL, entry FROM "
            "reference.attempt LIMIT 1",
            "entry slipped in", -1);
        row("a second attempt with the key of another",
            "INSERT INTO reference.attempt (attempt_key, attempted_at, outcome, xid, entry) SELECT attempt_key, now(), outcome, "
            "xid, entry FROM "
            "reference.attempt LIMIT 1",
            "entry slipped in", -1);
        row("a leaf outside the tree",
            "INSERT INTO scrutineer.leaf SELECT epoch, -1, log, entry_key + 100000, at, hash FROM scrutineer.leaf WHERE leaf = "
            "10",
            "entry slipped in", -1);
        row("a leaf beyond the end",
            "INSERT INTO scrutineer.leaf SELECT epoch, 900000000000000, log, entry_key + 100000, at, hash FROM scrutineer.leaf "
            "WHERE leaf = 10",
            "leaf altered", -1);
        row("a checkpoint's root",
            "UPDATE scrutineer.checkpoint SET root = sha256('x') WHERE size = (SELECT min(size) FROM scrutineer.checkpoint)",
            "checkpoint bad", -1);
        row("a checkpoint's note", "UPDATE scrutineer.checkpoint SET note = replace(note, E'\\n\\n', E'\\nx\\n\\n')",
            "checkpoint bad", -1);
    }
    void tampered()
    {
        QFETCH(QString, change);
        QFETCH(QString, finding);
        QFETCH(int, leaf);
        m_server.execute(m_name, "SET session_replication_role = replica; " + change.toStdString());
        const auto report = verify();
        QVERIFY(!report.isGood());
        const auto found = std::ranges::find_if(report.findings, [&](const audit::LogFinding& one) {
            return nameOf(one.mismatch) == finding.toStdString() && (leaf < 0 || one.first == static_cast<std::uint64_t>(leaf));
        });
        QVERIFY2(found != report.findings.end(), told(report).c_str());
        if (leaf >= 0) {
            // An entry whose leaf is gone has no place any more, and its tile no hash: findings of their own.
            QVERIFY2(report.findingCount == (finding == QLatin1String{"leaf gone"} ? 3 : 1), told(report).c_str());
            QVERIFY(!verify(10, 11).isGood());
            QCOMPARE(verify(11, 200).isGood(), finding != QLatin1String{"leaf gone"}); // its neighbours have no proof then
        }
    }

    void shorterThanItWasSeen()
    {
        const auto before = verify();
        const auto known = jobs::learned({}, {m_key.verifier(), true}, *before.newest, {});
        QVERIFY(known.has_value());
        m_server.execute(
            m_name,
            "SET session_replication_role = replica; DELETE FROM scrutineer.checkpoint WHERE size = (SELECT max(size) FROM "
            "scrutineer.checkpoint)");
        const auto report = jobs::verifyCheckpoints(*source(), {m_key.verifier(), {known->notes.begin()->second}});
        QCOMPARE(nameOf(report->findings.front().mismatch), std::string_view{"checkpoint gone"});
        QVERIFY(verifyWith(known->notes.begin()->second).findingCount > 0);
    }

    void anotherHistoryThanWasSeen()
    {
        const auto before = verify();
        m_server.execute(m_name, "SELECT scrutineer.log('export', '', 'done', 'here')");
        seal(m_name);
        const auto seen = verify();
        QCOMPARE(seen.newest->checkpoint.size, before.newest->checkpoint.size + 1);
        init(); // another copy, in which something else happened
        m_server.execute(
            m_name, "SELECT scrutineer.log('export', '', 'done', 'there'), scrutineer.log('export', '', 'done', 'and more')");
        m_states.clear();
        seal(m_name, true);
        QVERIFY(verify().isGood());
        const auto report = jobs::verifyCheckpoints(*source(), {m_key.verifier(), {seen.newest->note}});
        QCOMPARE(report->findingCount, std::uint64_t{1});
        QVERIFY(verifyWith(seen.newest->note).findingCount > 0);
    }

    void trust()
    {
        const auto epochs = *source()->epochs();
        const auto first = jobs::trustIn(epochs, {}, {});
        QVERIFY(!first->isConfirmed);
        QCOMPARE(first->key, m_key.verifier());
        const audit::KnownLog known{textOf(m_key.verifier()), true, {{"example.org/log", "a note"}}};
        QCOMPARE(jobs::trustIn(epochs, known, {})->remembered, std::vector<std::string>{"a note"});
        QVERIFY(jobs::trustIn(epochs, known, {})->isConfirmed);
        const audit::KnownLog other{known.verifier, true, {{"example.org/gone", "a note"}}};
        QCOMPARE(jobs::trustIn(epochs, other, {}).error().fault, Fault::Rejected);
        const auto stranger = audit::SigningKey::make("example.org/log", audit::SignatureType::Log).value();
        QCOMPARE(jobs::trustIn(epochs, known, {textOf(stranger.verifier())}).error().fault, Fault::Rejected);
        QCOMPARE(jobs::trustIn({}, {}, {}).error().fault, Fault::NotFound);
        const auto witness = audit::SigningKey::make("example.org/log", audit::SignatureType::Cosignature).value();
        QCOMPARE(jobs::trustIn(epochs, {}, {textOf(witness.verifier())}).error().fault, Fault::Invalid);
        QCOMPARE(jobs::trustIn(epochs, {}, {"", {textOf(witness.verifier())}})->witnesses,
                 std::vector<audit::VerifierKey>{witness.verifier()});
        for (const std::string& none : {textOf(stranger.verifier()), witness.text()}) { // a private key is not told
            const auto left = jobs::trustIn(epochs, {}, {"", {textOf(witness.verifier()), none}});
            QCOMPARE(left->witnesses.size(), std::size_t{1});
            QCOMPARE(left->leftOut,
                     std::string{"of the keys of witnesses that were named, number 2 is none as keygen --witness prints it"});
        }
        const auto report = jobs::verifyLog(*source(), {stranger.verifier()}, kOn);
        QVERIFY(!report->newest);
        QVERIFY(!report->isGood());
    }

    /// A signature of a witness whose key was named is looked at; others are left alone.
    void witnesses()
    {
        const auto olga = audit::SigningKey::make("witness.example/olga", audit::SignatureType::Cosignature).value();
        const auto ivan = audit::SigningKey::make("witness.example/ivan", audit::SignatureType::Cosignature).value();
        const audit::SignedCheckpoint newest = *verify().newest;
        const auto store = [&](const audit::SigningKey& key, const std::string& text) {
            const std::string line = audit::signatureLine(text, key, 1'679'315'147).value();
            m_server.executeAs(m_name, "auditor",
                               fmt::format("SELECT scrutineer.store_cosignature(1, {}, '{}', '{}')", newest.checkpoint.size,
                                           key.verifier().name, line));
        };
        const auto report = [&] {
            return jobs::verifyLog(*source(), {m_key.verifier(), {}, {}, {}, {olga.verifier(), ivan.verifier()}}, kOn).value();
        };
        using Witnessed = std::map<std::string, std::uint64_t>;
        store(olga, textOf(newest.checkpoint));
        QCOMPARE(report().witnessed, (Witnessed{{"witness.example/ivan", 0}, {"witness.example/olga", newest.checkpoint.size}}));
        QCOMPARE(report().remarks, std::vector<std::string>{"no checkpoint has a good signature of witness.example/ivan"});
        store(ivan, "another text\n"); // whoever may store one can do that: it is told, and spoils nothing
        QVERIFY(report().isGood());
        QCOMPARE(report().remarks.size(), std::size_t{2});
        QVERIFY(report().remarks.front().find("in the name of witness.example/ivan") != std::string::npos);
        QVERIFY2(report().remarks.front().ends_with("is not good; it was stored by auditor"), report().remarks.front().c_str());
        QVERIFY(verify().isGood() && verify().remarks.empty()); // nobody named his key
        // The same as the console lists it.
        const auto reading =
            jobs::readSeal(*source(), {}, {textOf(m_key.verifier()), {textOf(olga.verifier()), textOf(ivan.verifier())}});
        QVERIFY2(reading.has_value(), reading ? "" : sentenceOf(reading.error()).c_str());
        const std::vector<audit::Witness> listed = reading->checkpoints.front().witnesses;
        QCOMPARE(listed.size(), std::size_t{2});
        for (const audit::Witness& one : listed)
            QCOMPARE(one.standing,
                     one.name == olga.verifier().name ? audit::Witness::Standing::Good : audit::Witness::Standing::Bad);
        QVERIFY(reading->checkpoints.at(1).witnesses.empty());
    }

    /// What a witness signed is remembered: its signature cannot be taken away unnoticed. Another's may be.
    void aSignatureThatIsGone()
    {
        const auto olga = audit::SigningKey::make("witness.example/olga", audit::SignatureType::Cosignature).value();
        const audit::SignedCheckpoint newest = *verify().newest;
        const std::string line = audit::signatureLine(textOf(newest.checkpoint), olga, 1'679'315'147).value();
        m_server.executeAs(m_name, "auditor",
                           fmt::format("SELECT scrutineer.store_cosignature(1, {}, '{}', '{}')", newest.checkpoint.size,
                                       olga.verifier().name, line));
        const jobs::NamedKeys named{textOf(m_key.verifier()), {textOf(olga.verifier())}};
        const auto reading = jobs::readSeal(*source(), {}, named);
        QVERIFY(reading && reading->learned && reading->report.isGood());
        const audit::KnownLog known = *reading->learned;
        QCOMPARE(known.witnessed.at(newest.checkpoint.origin).at(olga.verifier().name), newest.checkpoint.size);
        QVERIFY(!jobs::readSeal(*source(), known, named)->learned); // nothing that is not remembered already
        const auto order = [&] {
            return jobs::VerifyOrder{m_key.verifier(),
                                     known.notes.empty() ? std::vector<std::string>{}
                                                         : std::vector<std::string>{known.notes.begin()->second},
                                     {},
                                     {},
                                     {olga.verifier()},
                                     known.witnessed};
        };
        QVERIFY(jobs::verifyLog(*source(), order(), kOn)->isGood());
        for (int i = 0; i < 51; ++i) { // it is not among those that are listed any more
            m_server.execute(m_name, "SELECT scrutineer.log('export', '', 'done', 'one more')");
            seal(m_name);
        }
        const auto listed = jobs::readSeal(*source(), known, named);
        QVERIFY(listed->checkpoints.back().size > newest.checkpoint.size);
        QVERIFY(listed->report.isGood());
        QCOMPARE(listed->report.witnessed.at(olga.verifier().name), newest.checkpoint.size);
        m_server.execute(m_name, "SET session_replication_role = replica; DELETE FROM scrutineer.cosignature");
        const auto report = jobs::verifyLog(*source(), order(), kOn);
        QCOMPARE(report->findingCount, std::uint64_t{1});
        QCOMPARE(report->findings.front().mismatch, audit::Mismatch::SignatureGone);
        QVERIFY(report->isAsSigned() && !report->isGood());
        QCOMPARE(report->findings.front().first, newest.checkpoint.size);
        QVERIFY(report->findings.front().detail.starts_with("witness.example/olga had signed the checkpoint of "));
        const auto again = jobs::readSeal(*source(), known, named);
        QVERIFY(!again->report.isGood());
        QVERIFY(again->learned && again->learned->witnessed == known.witnessed); // of the log itself more is remembered
        QCOMPARE(again->report.findings, report->findings);
        QVERIFY(jobs::readSeal(*source(), known, {named.log, {}})->report.isGood()); // nobody asks for her
        seal(m_name); // a new checkpoint is not hers: it helps nothing
        QVERIFY(!jobs::readSeal(*source(), known, named)->report.isGood());
    }

    void stopped()
    {
        const auto report = jobs::verifyLog(*source(), {m_key.verifier()}, [](std::uint64_t, std::uint64_t) { return false; });
        QCOMPARE(report.error().fault, Fault::Cancelled);
    }

    void neverSealed()
    {
        m_server.createSource("fresh" + m_name, "imported");
        store::SqlLogSource fresh{m_server.target("fresh" + m_name, "reader")};
        QCOMPARE(jobs::verifyLog(fresh, {m_key.verifier()}, kOn).error().fault, Fault::NotFound);
        seal("fresh" + m_name);
        QVERIFY(jobs::verifyLog(fresh, {m_key.verifier()}, kOn)->isGood());
    }

private:
    [[nodiscard]] std::unique_ptr<store::SqlLogSource> source() const
    {
        return std::make_unique<store::SqlLogSource>(m_server.target(m_name, "reader"));
    }
    [[nodiscard]] jobs::VerifyReport verify(std::optional<std::uint64_t> from = {}, std::optional<std::uint64_t> to = {}) const
    {
        return jobs::verifyLog(*source(), {m_key.verifier(), {}, from, to}, kOn).value();
    }
    [[nodiscard]] jobs::VerifyReport verifyWith(const std::string& remembered) const
    {
        return jobs::verifyLog(*source(), {m_key.verifier(), {remembered}}, kOn).value();
    }
    static std::string told(const jobs::VerifyReport& report)
    {
        std::string words;
        for (const audit::LogFinding& finding : report.findings)
            words += fmt::format("{} {}: {}\n", nameOf(finding.mismatch), finding.first, finding.detail);
        return words;
    }
    void seal(const std::string& database, bool adopt = true)
    {
        elevated::SealSession session;
        QVERIFY(session.open(m_server.target(database, "sealer")).has_value());
        QTemporaryDir& folder = m_states[database];
        const auto sealed = seal::Sealer{session, m_key, seal::SignedState{folder.path().toStdString()}, adopt}.sealOnce();
        QVERIFY2(sealed.has_value(), sealed ? "" : sentenceOf(sealed.error()).c_str());
    }

    test::TestServer m_server;
    const audit::SigningKey m_key = audit::SigningKey::make("example.org/log", audit::SignatureType::Log).value();
    std::map<std::string, QTemporaryDir> m_states;
    std::string m_name;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestVerifyLog)
#include "tst_verify_log.moc"
