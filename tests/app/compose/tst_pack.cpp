#include <fstream>

#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "compose/console_session.h"
#include "compose/pack_ports.h"
#include "dialogs/keys_dialog.h"
#include "elevated/elevated_session.h"
#include "elevated/seal_session.h"
#include "jobs/make_evidence.h"
#include "pages/page.h"
#include "seal/sealer.h"
#include "shell/main_window.h"
#include "store/source_probe.h"
#include "store/sql_evidence_source.h"
#include "store/sql_log_source.h"
#include "support/pack.h"
#include "support/site.h"
#include "support/test_server.h"
#include "tables/audit_pages_model.h"
#include "tables/flag_queue_model.h"
#include "tables/seal_tables.h"
#include "theme/apply.h"
#include "verify/verify.h"
#include "widgets/banner.h"
#include "widgets/environment_badge.h"
#include "widgets/status_strip.h"

using namespace scr;

namespace {

template <class T>
T answerOf(QFuture<domain::Result<T>> future)
{
    const auto answer = future.result();
    if (!answer)
        qFatal("%s", domain::sentenceOf(answer.error()).c_str());
    return *answer;
}

} // namespace

/// The console on an evidence pack, beside the database that the pack was made from.
class TestPack : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        theme::applyTheme(*qApp, theme::Scheme::Light);
        qputenv("XDG_STATE_HOME", file("state").c_str());
        m_server.createSource("site", "reference");
        test::fillSite(m_server, "site", 12, 6);
        QVERIFY(elevated::createLogin(m_server.target("site"), {"sealer", {"sealer"}, ""}).has_value());
        m_server.execute("site", "INSERT INTO reference.post (post_key, title) VALUES (7, 'A post, \"new\"'), (8, '<b>x</b>')");
        for (int n = 1; n <= 40; ++n)
            m_server.execute("site", "SELECT reference.cast_vote('secret-" + std::to_string(n % 14 + 1) + "', " +
                                         std::to_string(n % 3 + 6) + ", 1, '203.0.113." + std::to_string(n % 9) + "', 'r-" +
                                         std::to_string(n) + "')");
        const elevated::ElevatedSession admin{m_server.target("site", "admin"), file("journal")};
        auto flag = test::flagOn("3", "2", test::firstVotes(m_server, "site", 3));
        QVERIFY(admin.record(elevated::newRequestId(), {flag, test::flagOn("5", "1", test::firstVotes(m_server, "site", 2))})
                    .has_value());
        domain::ReviewOrder order;
        order.request = elevated::newRequestId();
        order.flag = flag.key;
        order.decision = domain::Decision::Confirm;
        order.reason = "three \"friends\", one address";
        QVERIFY(admin.review(order).has_value());
        const auto plan = test::voidPlan(m_server, "site", test::firstVotes(m_server, "site", 12));
        QVERIFY(admin.commit(plan, "five of one hand").has_value());
        QVERIFY(admin.commit(test::restorePlan(m_server, "site", plan), "it was somebody else").has_value());
        QVERIFY(admin.commit(test::voidPlan(m_server, "site", {"20", "21", "22"}), "three more").has_value());
        seal();
        countersign();
        makePack(file("pack"));
        makePack(file("pack.tar"));
    }

    /// Every port answers from the pack what it answers from the database.
    void thePackSaysWhatTheDatabaseSays()
    {
        for (const char* path : {"pack", "pack.tar"}) {
            auto packed = portsOfPack(file(path));
            auto live = compose::portsOf(m_server.target("site", "reader"), m_server.target("site", "admin"), m_source);
            QCOMPARE(answerOf(packed.flags->flags({}, 100)), answerOf(live.flags->flags({}, 100)));
            QCOMPARE(answerOf(packed.voids->requests(100)), answerOf(live.voids->requests(100)));
            for (const domain::RecordedFlag& flag : answerOf(live.flags->flags({}, 100)).flags) {
                QCOMPARE(answerOf(packed.flags->flag(flag.flag.key)), flag);
                QCOMPARE(answerOf(packed.flags->reviews(flag.flag.key)), answerOf(live.flags->reviews(flag.flag.key)));
                QCOMPARE(answerOf(packed.votes->votesOf(flag.flag.votes)), answerOf(live.votes->votesOf(flag.flag.votes)));
            }
            for (const domain::VoidRequestRow& row : answerOf(live.voids->requests(100)))
                compareReadings(answerOf(packed.voids->reading(row.request, 5)), answerOf(live.voids->reading(row.request, 5)));
            compareScores(answerOf(packed.leaderboard->scoreHistory({}, 20)), answerOf(live.leaderboard->scoreHistory({}, 20)));
            compareReports(answerOf(packed.report->read({}, {})), answerOf(live.report->read({}, {})));
        }
    }

    void votesMatchTheFilter_data()
    {
        QTest::addColumn<QString>("filter");
        for (const char* filter : {"", "token=5", "token!=5", "post=7", "state=voided", "state!=counted", "value>0", "value=0.5",
                                   "vote=20", "origin=203.0.113.4", "origin=203.0.113.0/29", "origin!=203.0.113.0/29",
                                   "author=nobody", "author!=nobody", "token=3 post=6 state=counted"})
            QTest::newRow(filter) << QString::fromLatin1(filter);
    }
    void votesMatchTheFilter()
    {
        QFETCH(QString, filter);
        auto packed = portsOfPack(file("pack"));
        auto live = compose::portsOf(m_server.target("site", "reader"), m_server.target("site", "admin"), m_source);
        const query::Query query{query::parseFilter(filter.toStdString()).value(), {}};
        const auto votes = allVotes(*live.votes, query);
        QCOMPARE(allVotes(*packed.votes, query), votes);
        QCOMPARE(answerOf(packed.votes->countVotes(query)), static_cast<std::int64_t>(votes.size()));
        // In a period that begins and ends between two votes, page by page.
        if (votes.size() > 4) {
            const query::Query part{query.filter, {votes[votes.size() - 2].castAt, votes[1].castAt}};
            QCOMPARE(allVotes(*packed.votes, part), allVotes(*live.votes, part));
        }
    }

    void entriesMatchTheFilter()
    {
        auto packed = portsOfPack(file("pack"));
        auto live = compose::portsOf(m_server.target("site", "reader"), m_server.target("site", "admin"), m_source);
        ports::AuditFilter token;
        token.token = "4";
        ports::AuditFilter actor;
        actor.token = "admin"; // keys of tokens are numbers here
        actor.attempts = false;
        ports::AuditFilter origin;
        origin.origin = "203.0.113.0/30";
        ports::AuditFilter refused;
        refused.outcome = "invalid_token";
        ports::AuditFilter people;
        people.attempts = false;
        ports::AuditFilter leaf;
        leaf.leaf = 17;
        for (const ports::AuditFilter& filter : {ports::AuditFilter{}, token, actor, origin, refused, people, leaf}) {
            const auto entries = sealedEntries(*live.audit, filter);
            QVERIFY(!entries.empty());
            const auto found = sealedEntries(*packed.audit, filter);
            QCOMPARE(wordsOf(found), wordsOf(entries));
            QCOMPARE(found, entries);
        }
    }

    void nothingCanBeDecided()
    {
        auto packed = portsOfPack(file("pack"));
        QCOMPARE(packed.moderation->review({}).result().error().fault, domain::Fault::Rejected);
        QCOMPARE(packed.moderation->record({}).result().error().fault, domain::Fault::Rejected);
        QCOMPARE(packed.voids->planVoid({}).result().error().fault, domain::Fault::Rejected);
        QVERIFY(packed.moderation->unfinished().result()->empty());
    }

    void theWindowVerifiesThePack()
    {
        openWindow({file("pack"), m_exporter, m_logKey});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("Evidence pack, verified.")), 20'000);
        QCOMPARE(banner(QStringLiteral("Evidence pack"))->kind(), widgets::Banner::Kind::Ok);
        for (const char* page : {"flags", "votes", "leaderboard", "audit", "voids", "controls"}) {
            m_session->window().showPage(QString::fromLatin1(page));
            QTest::qWait(50);
            QVERIFY(bannerSays(QStringLiteral("Evidence pack, verified.")));
        }
        QStringList offered;
        for (auto* button : m_session->window().findChildren<QAbstractButton*>()) {
            if (!button->isHidden())
                offered << button->objectName();
        }
        for (const char* name : {"voidConfirmed", "checkAll", "checkAgain", "acceptRisk"})
            QVERIFY2(!offered.contains(QString::fromLatin1(name)), name);
        for (const QAction* action : m_session->window().findChild<QToolButton*>(QStringLiteral("menu"))->menu()->actions())
            QVERIFY2(!action->text().startsWith(QStringLiteral("Scan now")), qPrintable(action->text()));
        m_session->window().showPage(QStringLiteral("flags"));
        QTRY_COMPARE_WITH_TIMEOUT(model<tables::FlagQueueModel>()->rowCount(), 2, 10'000);
        m_session->window().showPage(QStringLiteral("audit"));
        QTRY_VERIFY_WITH_TIMEOUT(model<tables::AuditPagesModel>()->rowCount() > 40, 10'000);
    }

    /// Nothing that decides is offered by its key either, and the badge says what this is.
    void thePackIsNoSite()
    {
        openWindow({file("pack"), m_exporter, m_logKey});
        QCOMPARE(m_session->window().findChild<widgets::EnvironmentBadge*>()->accessibleName(), QStringLiteral("EVIDENCE"));
        const auto keysOf = [](bool isReadOnly) {
            const dialogs::KeysDialog dialog{isReadOnly};
            QStringList texts;
            for (const QLabel* label : dialog.findChildren<QLabel*>())
                texts << label->text();
            return texts;
        };
        for (const char* acts : {"Confirm", "Undo the last decision", "Scan now", "Follow live, or not"}) {
            QVERIFY2(!keysOf(true).contains(QString::fromLatin1(acts)), acts);
            QVERIFY2(keysOf(false).contains(QString::fromLatin1(acts)), acts);
        }
        QVERIFY(keysOf(true).contains(QStringLiteral("Export a report")));
    }

    /// Who countersigned the log is in the pack, and is checked with the key that was named.
    void aWitnessIsChecked()
    {
        const auto shown = [this](const std::vector<std::string>& witnesses) {
            openWindow({file("pack"), m_exporter, m_logKey, witnesses});
            m_session->window().showPage(QStringLiteral("audit"));
            const auto* checkpoints = model<tables::CheckpointListModel>();
            if (!QTest::qWaitFor([&] { return checkpoints->rowCount() > 0; }, 10'000))
                return QString{};
            return checkpoints->index(0, static_cast<int>(tables::CheckpointListModel::Column::Witnessed)).data().toString();
        };
        QCOMPARE(shown({}), QStringLiteral("witness.example/olga (not checked)"));
        QCOMPARE(shown({textOf(m_witness.verifier())}), QStringLiteral("witness.example/olga"));
    }

    void keysOfThePackAreItsOwnWord()
    {
        openWindow({file("pack.tar"), {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("Its keys are its own word")), 20'000);
        QCOMPARE(banner(QStringLiteral("Evidence pack"))->kind(), widgets::Banner::Kind::Info);
    }

    void anotherKeyIsTold()
    {
        openWindow({file("pack"), m_exporter,
                    textOf(audit::SigningKey::make("example.org/log", audit::SignatureType::Log)->verifier())});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("does NOT verify")) || bannerSays(QStringLiteral("was not verified")),
                                 20'000);
    }

    /// The entry of somebody's refused attempt is made an accepted one, in the bundle and in the row.
    void aTamperedEntryIsShownWhereItIs()
    {
        makePack(file("tampered"));
        const std::string bundle = file("tampered/data/log/tile/entries/000.p/") + std::to_string(m_size % 256);
        replaceIn(bundle, "\"outcome\":\"invalid_token\"", "\"outcome\":\"invalid_topic\"");
        replaceIn(file("tampered/data/rows/attempts.csv"), ",invalid_token,", ",invalid_topic,");
        openWindow({file("tampered"), m_exporter, m_logKey});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("does NOT verify")), 20'000);
        m_session->window().showPage(QStringLiteral("audit"));
        QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(entriesShown(),
                                                     [](const domain::AuditEntry& entry) {
                                                         return entry.outcome == "invalid_topic" && !entry.problem.empty();
                                                     }),
                                 10'000);
        // It is the only one that is marked.
        QCOMPARE(std::ranges::count_if(entriesShown(), [](const domain::AuditEntry& entry) { return !entry.problem.empty(); }),
                 1);
    }

    void aPackOfALaterEpochVerifies()
    {
        test::PackRecipe later{file("epoch")};
        later.epoch = 2;
        later.earlier = 9;
        const test::PackKeys keys = test::makePack(later);
        openWindow({file("epoch"), keys.exporter, keys.log});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("Evidence pack, verified.")), 20'000);
        m_session->window().showPage(QStringLiteral("audit"));
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("23 entries verified: each is what was signed, by 2 checkpoints")),
                                 10'000);
    }

    /// Another good pack in the place of the one that is shown.
    void aPackThatWasExchangedIsTold()
    {
        test::makePack({file("exchanged")});
        openWindow({file("exchanged"), {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("Evidence pack, verified.")), 20'000);
        std::filesystem::remove_all(file("exchanged"));
        test::makePack({file("exchanged"), 30});
        m_session->window().showPage(QStringLiteral("audit"));
        auto* verify = m_session->window().findChild<QPushButton*>(QStringLiteral("verifyAll"));
        QTRY_VERIFY_WITH_TIMEOUT(verify->isEnabled(), 10'000);
        QTest::mouseClick(verify, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("does NOT verify: 1 finding")), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("changed since it was opened")), 10'000);
    }

    /// A name of a file is not a finding about an entry.
    void aFileCannotAccuseAnEntry()
    {
        test::makePack({file("accusing")});
        std::ofstream{file("accusing/data/rows/attempts.csv: leaf 3: has no row")} << "x";
        openWindow({file("accusing"), {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("does NOT verify")), 20'000);
        m_session->window().showPage(QStringLiteral("audit"));
        QTRY_COMPARE_WITH_TIMEOUT(model<tables::AuditPagesModel>()->rowCount(), 23, 10'000);
        QVERIFY(std::ranges::none_of(entriesShown(), [](const domain::AuditEntry& entry) { return !entry.problem.empty(); }));
    }

    void rowsThatCannotBeReadAreTold()
    {
        makePack(file("spoilt"));
        replaceIn(file("spoilt/data/rows/votes.csv"), ",counted\n", ",counted,\"\n");
        std::filesystem::remove(file("spoilt/data/rows/controls.csv"));
        openWindow({file("spoilt"), m_exporter, m_logKey});
        QTRY_VERIFY_WITH_TIMEOUT(bannerSays(QStringLiteral("does NOT verify")), 20'000);
        m_session->window().showPage(QStringLiteral("controls"));
        QTest::qWait(100);
        QVERIFY(bannerSays(QStringLiteral("does NOT verify")));
    }

    /// A note holds 100 signatures, and whoever may decide may store lines under any name.
    void othersDoNotPushAWitnessOut()
    {
        m_server.executeAs(
            "site", "auditor",
            "SELECT scrutineer.store_cosignature(1, (SELECT max(size) FROM scrutineer.checkpoint), 'a' || i, "
            "'— a' || i || ' ' || encode(convert_to('crowd' || i, 'UTF8'), 'base64')) FROM generate_series(1, 120) i");
        const auto noteOf = [this](const std::string& name, std::vector<audit::VerifierKey> witnesses) {
            makePack(file(name), std::move(witnesses));
            QFile note{QString::fromStdString(file(name + "/data/log/checkpoint"))};
            return note.open(QIODevice::ReadOnly) ? note.readAll() : QByteArray{};
        };
        const QByteArray crowded = noteOf("crowded", {});
        QVERIFY2(crowded.count("crowd") == 0 && crowded.count("\n— a") == 99, crowded);
        QVERIFY(!crowded.contains("witness.example/olga"));
        const QByteArray named = noteOf("named", {m_witness.verifier()});
        QVERIFY2(named.count("\n— a") == 98 && named.contains("witness.example/olga"), named);
        // Nor does another who signs again and again.
        const auto alice = audit::SigningKey::make("alice", audit::SignatureType::Cosignature).value();
        for (int i = 0; i < 100; ++i)
            countersign(alice, 1'780'000'000 + i);
        const QByteArray both = noteOf("both", {alice.verifier(), m_witness.verifier()});
        QVERIFY2(both.contains("\n— alice ") && both.contains("witness.example/olga"), both);
    }

    /// A pack has 400 earlier checkpoints, and those that somebody countersigned come first.
    void manyCheckpointsDoNotHideAWitness()
    {
        const std::string signedSize = m_server.queryText("site", "SELECT max(size) FROM scrutineer.checkpoint");
        for (int i = 0; i < 401; ++i) {
            m_server.execute("site", "SELECT scrutineer.log('export', '', 'done', 'one more')");
            seal();
        }
        m_server.executeAs(
            "site", "auditor",
            "SELECT scrutineer.store_cosignature(1, size, 'crowd', '— crowd ' || encode('crowd'::bytea, 'base64')) "
            "FROM scrutineer.checkpoint WHERE size > " +
                signedSize);
        makePack(file("hidden"));
        QVERIFY(!QFile::exists(QString::fromStdString(file("hidden/data/log/checkpoints/" + signedSize))));
        makePack(file("shown"), {m_witness.verifier()});
        QFile note{QString::fromStdString(file("shown/data/log/checkpoints/" + signedSize))};
        QVERIFY(note.open(QIODevice::ReadOnly) && note.readAll().contains("witness.example/olga"));
        const auto [isGood, text] = verify::verifyPack(file("shown"), {m_exporter, m_logKey});
        QVERIFY2(isGood, text.c_str());
    }

    void cleanupTestCase() { m_session.reset(); }

private:
    [[nodiscard]] std::string file(const std::string& name) const { return m_folder.path().toStdString() + '/' + name; }

    void seal()
    {
        elevated::SealSession session;
        QVERIFY(session.open(m_server.target("site", "sealer")).has_value());
        const auto sealed = seal::Sealer{session, m_key, seal::SignedState{file("seal")}}.sealOnce();
        QVERIFY2(sealed.has_value(), sealed ? "" : domain::sentenceOf(sealed.error()).c_str());
        m_logKey = textOf(m_key.verifier());
    }

    void countersign() { countersign(m_witness, 1'780'000'000); }
    void countersign(const audit::SigningKey& witness, std::int64_t time)
    {
        const std::string text = m_server.queryText(
            "site", "SELECT split_part(note, E'\\n\\n', 1) || E'\\n' FROM scrutineer.checkpoint ORDER BY size DESC LIMIT 1");
        const std::string line = audit::signatureLine(text, witness, time).value();
        m_server.executeAs("site", "auditor",
                           "SELECT scrutineer.store_cosignature(1, (SELECT max(size) FROM scrutineer.checkpoint), '" +
                               witness.verifier().name + "', '" + line + "')");
    }

    void makePack(const std::string& path, std::vector<audit::VerifierKey> witnesses = {})
    {
        m_source = store::probeSource(m_server.target("site", "reader")).value();
        store::SqlLogSource log{m_server.target("site", "reader")};
        store::SqlEvidenceSource rows{m_server.target("site", "reader")};
        jobs::PackOrder order{{}, path, m_source, "scrutineer test", "# none\n", m_key.verifier()};
        order.witnesses = std::move(witnesses);
        const auto made = jobs::makeEvidence(log, rows, order, m_exporterKey,
                                             {[](const std::string&) { return domain::Status{domain::Nothing{}}; },
                                              [](const std::string&) { return domain::Status{domain::Nothing{}}; }},
                                             {});
        QVERIFY2(made.has_value(), made ? "" : domain::sentenceOf(made.error()).c_str());
        m_size = made->size;
        m_exporter = m_exporterKey.publicKey();
    }

    static compose::SessionPorts portsOfPack(const std::string& path)
    {
        const auto pack = packed::openPack(path, {});
        if (!pack)
            qFatal("%s", domain::sentenceOf(pack.error()).c_str());
        return compose::portsOf(compose::PackToOpen{path}, *pack);
    }

    void openWindow(const compose::PackToOpen& toOpen)
    {
        m_session.reset();
        const auto pack = packed::openPack(toOpen.path, {});
        QVERIFY2(pack.has_value(), pack ? "" : domain::sentenceOf(pack.error()).c_str());
        m_session = std::make_unique<compose::ConsoleSession>(compose::portsOf(toOpen, *pack));
        m_session->window().resize(1440, 900);
        m_session->window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&m_session->window()));
    }

    [[nodiscard]] widgets::Banner* banner(const QString& words)
    {
        for (auto* banner : m_session->window().findChildren<widgets::Banner*>()) {
            if (banner->isVisible() && banner->sentence().contains(words))
                return banner;
        }
        return nullptr;
    }
    [[nodiscard]] bool bannerSays(const QString& words) { return banner(words) != nullptr; }

    template <class Model>
    [[nodiscard]] Model* model()
    {
        for (auto* view : m_session->window().findChildren<QTableView*>()) {
            if (auto* found = qobject_cast<Model*>(view->model()))
                return found;
        }
        return nullptr;
    }
    [[nodiscard]] std::vector<domain::AuditEntry> entriesShown()
    {
        std::vector<domain::AuditEntry> entries;
        for (int row = 0; row < model<tables::AuditPagesModel>()->rowCount(); ++row)
            entries.push_back(model<tables::AuditPagesModel>()->row(row));
        return entries;
    }

    static void replaceIn(const std::string& path, const std::string& from, const std::string& to)
    {
        std::ifstream in{path, std::ios::binary};
        std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        const auto at = bytes.find(from);
        QVERIFY2(at != std::string::npos, path.c_str());
        bytes.replace(at, from.size(), to);
        std::ofstream{path, std::ios::binary} << bytes;
    }

    /// In the order of time; votes of one moment in that of their keys, which a pack keeps as text.
    static std::vector<domain::Vote> allVotes(ports::VoteSource& source, const query::Query& query)
    {
        std::vector<domain::Vote> votes;
        std::optional<ports::VoteCursor> cursor;
        do {
            const ports::VotePage page = answerOf(source.votesAfter(query, cursor, 7));
            votes.insert(votes.end(), page.rows.begin(), page.rows.end());
            cursor = page.next;
        } while (cursor);
        std::ranges::stable_sort(votes, [](const domain::Vote& a, const domain::Vote& b) {
            return std::tie(b.castAt, b.key.text) < std::tie(a.castAt, a.key.text);
        });
        return votes;
    }

    [[nodiscard]] std::vector<domain::AuditEntry> sealedEntries(ports::AuditSource& source,
                                                                const ports::AuditFilter& filter) const
    {
        std::vector<domain::AuditEntry> entries;
        std::optional<ports::AuditCursor> cursor;
        do {
            const ports::AuditPage page = answerOf(source.entriesAfter(filter, cursor, 9));
            for (const domain::AuditEntry& entry : page.rows) {
                if (entry.leaf && *entry.leaf < m_size)
                    entries.push_back(entry);
            }
            cursor = page.next;
        } while (cursor);
        return entries;
    }

    /// So that a difference can be read.
    static QStringList wordsOf(const std::vector<domain::AuditEntry>& entries)
    {
        QStringList words;
        for (const domain::AuditEntry& entry : entries)
            words << QString::fromStdString(std::to_string(*entry.leaf) + " | " + std::string{domain::nameOf(entry.kind)} +
                                            " | " + entry.key + " | " + domain::isoText(entry.at) + " | " + entry.actor + " | " +
                                            entry.subject + " | " + entry.outcome + " | " + entry.detail + " | " + entry.origin +
                                            " " + entry.leafHash + entry.problem);
        return words;
    }

    static void compareReadings(const domain::RequestReading& packed, const domain::RequestReading& live)
    {
        QCOMPARE(packed.request, live.request);
        QCOMPARE(packed.posts, live.posts);
        QCOMPARE(packed.votes.size(), live.votes.size());
    }

    static void compareScores(const domain::ScoreHistory& packed, const domain::ScoreHistory& live)
    {
        QCOMPARE(packed.from, live.from);
        QCOMPARE(packed.binWidth, live.binWidth);
        QCOMPARE(linesOf(packed), linesOf(live));
        QCOMPARE(packed.voids.size(), live.voids.size());
    }
    static std::map<std::string, std::vector<double>> linesOf(const domain::ScoreHistory& history)
    {
        std::map<std::string, std::vector<double>> lines;
        for (const auto& cell : history.cells) {
            auto& line = lines[history.posts[cell.post].post.text + ' ' + history.posts[cell.post].title];
            line.insert(line.end(), {static_cast<double>(cell.bin), cell.counted, cell.flagged, cell.voided,
                                     static_cast<double>(cell.votes), static_cast<double>(cell.flaggedVotes)});
        }
        return lines;
    }

    static void compareReports(const domain::AuditReading& packed, const domain::AuditReading& live)
    {
        QCOMPARE(packed.countedVotes, live.countedVotes);
        QCOMPARE(packed.flags.size(), live.flags.size());
        for (std::size_t i = 0; i < live.flags.size(); ++i) {
            QCOMPARE(packed.flags[i].recorded, live.flags[i].recorded);
            QCOMPARE(packed.flags[i].decisions, live.flags[i].decisions);
            QCOMPARE(packed.flags[i].votes.size(), live.flags[i].votes.size());
        }
        QCOMPARE(packed.requests.size(), live.requests.size());
        for (std::size_t i = 0; i < live.requests.size(); ++i)
            compareReadings(packed.requests[i], live.requests[i]);
        QVERIFY(packed.log.size() <= live.log.size() && packed.log.size() + 4 > live.log.size());
        compareScores(packed.scores, live.scores);
    }

    test::TestServer m_server;
    QTemporaryDir m_folder;
    domain::Source m_source;
    audit::SigningKey m_key = *audit::SigningKey::make("example.org/log", audit::SignatureType::Log);
    audit::SigningKey m_witness = *audit::SigningKey::make("witness.example/olga", audit::SignatureType::Cosignature);
    audit::MinisignKey m_exporterKey = audit::MinisignKey::make();
    std::string m_exporter;
    std::string m_logKey;
    std::uint64_t m_size = 0;
    std::unique_ptr<compose::ConsoleSession> m_session;
};

QTEST_MAIN(TestPack)
#include "tst_pack.moc"
