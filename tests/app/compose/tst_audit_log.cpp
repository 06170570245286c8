#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "console_fixture.h"
#include "pages/page.h"
#include "seal/sealer.h"
#include "settings/log_memory.h"
#include "tables/audit_pages_model.h"
#include "theme/apply.h"
#include "widgets/banner.h"
#include "widgets/status_strip.h"
#include "widgets/tag.h"

using namespace scr;

/// The Audit log page on a log that a sealer seals, and that somebody with the owner's rights changes.
class TestAuditLog : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        theme::applyTheme(*qApp, theme::Scheme::Light);
        m_server = std::make_unique<test::TestServer>();
    }
    void init()
    {
        m_state = std::make_unique<QTemporaryDir>();
        static int number = 0;
        m_database = "log" + std::to_string(++number);
        m_server->createSource(m_database, "unprotected");
        m_server->execute(m_database, test::kRacedSite);
        QVERIFY(elevated::createLogin(m_server->target(m_database), {"sealer", {"sealer"}, ""}).has_value());
        for (int decision = 0; decision < 3; ++decision)
            m_server->execute(m_database,
                              "SELECT scrutineer.log('export', '', 'done', 'report " + std::to_string(decision) + "')");
        m_console = std::make_unique<test::ConsoleFixture>(*m_server, m_database);
    }
    void cleanup() { m_console.reset(); }

    void anUnsealedLogSaysSo()
    {
        open();
        QTRY_COMPARE_WITH_TIMEOUT(sealCell(), QStringLiteral("not sealed"), 10'000);
        QVERIFY(!button("verifyAll")->isEnabled());
        QVERIFY(!banner()->isVisible());
    }

    /// A sealer that died is seen at a glance: entries wait, and the last checkpoint is old.
    void aSealThatIsLateIsTold()
    {
        seal();
        open();
        QTRY_VERIFY_WITH_TIMEOUT(sealCell().startsWith(QStringLiteral("sealed to ")), 10'000);
        m_server->execute(m_database, "SET session_replication_role = replica; UPDATE scrutineer.checkpoint SET signed_at = "
                                      "signed_at - interval '3 hours'");
        m_server->execute(m_database, "SELECT scrutineer.log('export', '', 'done', 'nobody seals this')");
        QTRY_COMPARE_WITH_TIMEOUT(sealCell().section(QStringLiteral(", "), 1), QStringLiteral("3 h ago"), 10'000); // just written
        m_server->execute(m_database,
                          "SET session_replication_role = replica; UPDATE scrutineer.log_entry SET at = at - interval "
                          "'2 hours' WHERE detail = 'nobody seals this'");
        QTRY_COMPARE_WITH_TIMEOUT(sealCell(), QStringLiteral("not sealed for 2 h: does the sealer run?"), 10'000);
        seal();
        QTRY_VERIFY_WITH_TIMEOUT(sealCell().startsWith(QStringLiteral("sealed to ")), 10'000);
    }

    void aRangeIsVerified()
    {
        seal();
        open();
        QTRY_VERIFY_WITH_TIMEOUT(button("verifyAll")->isEnabled(), 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(model()->rowCount() > 3, 10'000);
        table()->selectRow(1);
        const std::uint64_t last = *model()->row(1).leaf;
        table()->selectionModel()->select(model()->index(2, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        menuAction(QStringLiteral("Verify a range"))->trigger();
        auto* go = child("verifyRange");
        QVERIFY(go != nullptr && go->isEnabled());
        auto* first = m_console->window().findChild<QLineEdit*>(QStringLiteral("firstLeaf"));
        QCOMPARE(m_console->window().findChild<QLineEdit*>(QStringLiteral("lastLeaf"))->text(), QString::number(last));
        QCOMPARE(first->text(), QString::number(*model()->row(2).leaf));
        first->setText(QString::number(last + 1));
        QVERIFY(!go->isEnabled());
        first->setText(QStringLiteral("0"));
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(banner()->isVisible(), 10'000);
        QCOMPARE(banner()->kind(), widgets::Banner::Kind::Ok);
        QVERIFY2(banner()->sentence().contains(QString::number(last + 1) + QStringLiteral(" entries verified")),
                 qPrintable(banner()->sentence()));
        QVERIFY(!menuAction(QStringLiteral("List all findings"))->isEnabled());
    }

    void checkpointsAreCompared()
    {
        seal();
        for (int more = 0; more < 300; ++more)
            m_server->execute(m_database, "SELECT scrutineer.log('export', '', 'done', 'later')");
        seal();
        open();
        QTableView* checkpoints = nullptr;
        for (auto* view : page()->findChildren<QTableView*>()) {
            if (view->accessibleName() == QStringLiteral("Checkpoints"))
                checkpoints = view;
        }
        const auto says = [this](const QString& word) {
            const auto tags = page()->findChildren<widgets::Tag*>();
            return std::any_of(tags.begin(), tags.end(),
                               [&](const widgets::Tag* tag) { return tag->isVisible() && tag->text() == word; });
        };
        QTRY_COMPARE_WITH_TIMEOUT(checkpoints->model()->rowCount(), 2, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("included")), 20'000); // of the newest entry
        auto* compare = page()->findChild<QToolButton*>(QStringLiteral("compareCheckpoints"));
        checkpoints->selectRow(0);
        QVERIFY(!compare->isEnabled());
        checkpoints->selectAll();
        QTest::mouseClick(compare, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("consistent")), 10'000);
        // Stored hashes that are not those that were signed.
        m_server->execute(m_database,
                          "SET session_replication_role = replica; UPDATE scrutineer.leaf SET hash = sha256('x') WHERE leaf "
                          ">= (SELECT min(size) FROM scrutineer.checkpoint)");
        m_console->close();
        open();
        checkpoints = nullptr;
        for (auto* view : page()->findChildren<QTableView*>()) {
            if (view->accessibleName() == QStringLiteral("Checkpoints"))
                checkpoints = view;
        }
        QTRY_COMPARE_WITH_TIMEOUT(checkpoints->model()->rowCount(), 2, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("not included")), 20'000);
        checkpoints->selectAll();
        QTest::mouseClick(page()->findChild<QToolButton*>(QStringLiteral("compareCheckpoints")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("not consistent")), 10'000);
    }

    void verifiedThenTampered()
    {
        seal();
        open();
        QTRY_VERIFY_WITH_TIMEOUT(sealCell().startsWith(QStringLiteral("sealed to ")), 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(button("verifyAll")->isEnabled(), 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(table()->isVisible(), 10'000);
        button("verifyAll")->setFocus();
        QTest::mouseClick(button("verifyAll"), Qt::LeftButton);
        QCOMPARE(page()->window()->focusWidget(), static_cast<QWidget*>(table()));
        QTRY_VERIFY_WITH_TIMEOUT(banner()->isVisible(), 10'000);
        QCOMPARE(banner()->kind(), widgets::Banner::Kind::Ok);
        // What was verified is remembered.
        QVERIFY(settings::knownLog(m_server->target(m_database, "reader")).value().has_value());

        m_server->execute(
            m_database,
            "SET session_replication_role = replica; UPDATE scrutineer.log_entry SET detail = 'report 7' WHERE detail = "
            "'report 1'");
        const auto leaf = QString::fromStdString(m_server->queryText(
            m_database,
            "SELECT leaf FROM scrutineer.leaf l JOIN scrutineer.log_entry e ON l.log = 'd' AND l.entry_key = e.entry_key WHERE "
            "e.detail = 'report 7'"));
        QTest::mouseClick(button("verifyAll"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(banner()->kind(), widgets::Banner::Kind::Danger, 10'000);
        QVERIFY2(banner()->sentence().contains(QStringLiteral("detail is \"report 7\" and was sealed as \"report 1\"")),
                 qPrintable(banner()->sentence()));
        QVERIFY(sealCell().contains(QStringLiteral("1 finding")));
        QTest::mouseClick(banner()->button(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(model()->rowCount(), 1, 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(model()->rowCount() == 1 && !model()->row(0).problem.empty(), 10'000);
        QCOMPARE(QString::number(*model()->row(0).leaf), leaf);
        QCOMPARE(page()->filterText(), QStringLiteral("leaf=") + leaf);
    }

    void anEntryIsProved()
    {
        seal();
        open();
        QTRY_VERIFY_WITH_TIMEOUT(model()->rowCount() > 0 && model()->row(0).leaf, 10'000);
        table()->setCurrentIndex(model()->index(0, 0));
        QTRY_VERIFY_WITH_TIMEOUT(result() == QStringLiteral("included"), 10'000);
        QPushButton* copy = nullptr;
        for (QPushButton* one : m_console->window().findChildren<QPushButton*>()) {
            if (one->text().contains(QStringLiteral("Copy proof")))
                copy = one;
        }
        QVERIFY(copy != nullptr);
        QTest::mouseClick(copy, Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("c2sp.org/tlog-proof@v1\n")));
        // Bytes and hash altered together: the columns agree, the root does not.
        m_server->execute(m_database,
                          "SET session_replication_role = replica; UPDATE scrutineer.log_entry SET detail = 'x', entry = "
                          "convert_to(replace(convert_from(entry, 'UTF8'), 'report 2', 'x'), 'UTF8') WHERE detail = 'report 2'");
        for (int row = 0; row < model()->rowCount(); ++row) {
            if (model()->row(row).detail == "report 2")
                table()->setCurrentIndex(model()->index(row, 0));
        }
        QTRY_COMPARE_WITH_TIMEOUT(result(), QStringLiteral("not included"), 10'000);
    }

    void aShorterLogIsToldAtTheNextConnect()
    {
        seal();
        m_server->execute(m_database, "SELECT scrutineer.log('export', '', 'done', 'one more')");
        seal();
        open();
        QTRY_VERIFY_WITH_TIMEOUT(sealCell().startsWith(QStringLiteral("sealed to ")), 10'000);
        m_console->close();
        m_server->execute(
            m_database,
            "SET session_replication_role = replica; DELETE FROM scrutineer.checkpoint WHERE size = (SELECT max(size) FROM "
            "scrutineer.checkpoint)");
        open();
        QTRY_VERIFY_WITH_TIMEOUT(banner()->isVisible(), 10'000);
        QCOMPARE(banner()->kind(), widgets::Banner::Kind::Danger);
        QVERIFY2(banner()->sentence().contains(QStringLiteral("when the log was last seen here")),
                 qPrintable(banner()->sentence()));
        QVERIFY(sealCell().contains(QStringLiteral("look at the audit log")));
    }

    void whatASealerRefusedIsTold()
    {
        seal();
        m_server->executeAs(m_database, "sealer",
                            "SELECT scrutineer.raise_seal_alarm(1, 'the first 3 entries are not those that were signed')");
        open();
        QTRY_VERIFY_WITH_TIMEOUT(banner()->isVisible(), 10'000);
        QVERIFY(banner()->sentence().contains(QStringLiteral("A sealer refused to sign")));
    }

private:
    void seal()
    {
        elevated::SealSession session;
        QVERIFY(session.open(m_server->target(m_database, "sealer")).has_value());
        const auto sealed =
            seal::Sealer{session, m_key, seal::SignedState{m_state->filePath(QStringLiteral("seal")).toStdString()}}.sealOnce();
        QVERIFY2(sealed.has_value(), sealed ? "" : sentenceOf(sealed.error()).c_str());
    }
    void open()
    {
        m_console->open();
        m_console->window().showPage(QStringLiteral("audit"));
    }
    [[nodiscard]] pages::Page* page() { return m_console->window().page(QStringLiteral("audit")); }
    [[nodiscard]] QPushButton* button(const char* name) { return page()->findChild<QPushButton*>(QString::fromLatin1(name)); }
    [[nodiscard]] QPushButton* child(const char* name)
    {
        return m_console->window().findChild<QPushButton*>(QString::fromLatin1(name));
    }
    [[nodiscard]] QAction* menuAction(const QString& begin)
    {
        for (QAction* action : page()->findChild<QToolButton*>(QStringLiteral("sealMenu"))->menu()->actions()) {
            if (action->text().startsWith(begin))
                return action;
        }
        return nullptr;
    }
    [[nodiscard]] QTableView* table()
    {
        for (auto* view : page()->findChildren<QTableView*>()) {
            if (qobject_cast<tables::AuditPagesModel*>(view->model()) != nullptr)
                return view;
        }
        return nullptr;
    }
    [[nodiscard]] tables::AuditPagesModel* model() { return qobject_cast<tables::AuditPagesModel*>(table()->model()); }
    /// The page's own, not that of the list of entries.
    [[nodiscard]] widgets::Banner* banner()
    {
        const auto banners = page()->findChildren<widgets::Banner*>();
        for (widgets::Banner* one : banners) {
            if (one->isVisible())
                return one;
        }
        return banners.front();
    }
    [[nodiscard]] QString result()
    {
        for (auto* tag : page()->findChildren<widgets::Tag*>()) {
            if (tag->isVisible())
                return tag->text();
        }
        return {};
    }
    [[nodiscard]] QString sealCell()
    {
        for (auto* cell : m_console->window().findChildren<widgets::StatusCell*>()) {
            if (cell->text().contains(QStringLiteral("seal")))
                return cell->text();
        }
        return {};
    }

    std::unique_ptr<test::TestServer> m_server;
    std::unique_ptr<test::ConsoleFixture> m_console;
    std::unique_ptr<QTemporaryDir> m_state;
    const audit::SigningKey m_key = audit::SigningKey::make("example.org/log", audit::SignatureType::Log).value();
    std::string m_database;
};

QTEST_MAIN(TestAuditLog)
#include "tst_audit_log.moc"
