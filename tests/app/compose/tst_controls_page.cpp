#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>

#include "console_fixture.h"
#include "pages/control_detail.h"
#include "pages/page.h"
#include "tables/control_list_model.h"
#include "theme/apply.h"
#include "widgets/filter_bar.h"

using namespace scr;
using tables::ControlListModel;

/// The Controls page by its keys and buttons, on a reference system in which things are broken.
class TestControlsPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup();
    void isCheckedWhenItIsOpened();
    void aControlIsCheckedAgain();
    void isFiltered();
    void theRemedyIsCopied();
    void aRiskIsAcceptedAndTakenBack();
    void aServerThatIsGoneIsSaid();

private:
    void open(const std::string& name);
    [[nodiscard]] QString result(const char* control);
    void choose(const char* control);
    [[nodiscard]] ControlListModel& model() { return *qobject_cast<ControlListModel*>(m_console->table("Controls")->model()); }

    std::unique_ptr<test::TestServer> m_server;
    std::unique_ptr<test::ConsoleFixture> m_console;
};

void TestControlsPage::initTestCase()
{
    theme::applyTheme(*qApp, theme::Scheme::Light);
}

void TestControlsPage::cleanup()
{
    m_console.reset();
    m_server.reset();
}

void TestControlsPage::open(const std::string& name)
{
    m_server = std::make_unique<test::TestServer>();
    m_server->createSource(name, "reference", true);
    m_server->execute(name, "INSERT INTO reference.post (post_key) VALUES (1); SELECT reference.issue_token('t', 's', 1); SELECT "
                            "reference.cast_vote('s', 1, 1);"
                            "ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE");
    m_console = std::make_unique<test::ConsoleFixture>(*m_server, name);
    m_console->open();
    m_console->window().showPage(QStringLiteral("controls"));
    QTRY_COMPARE_WITH_TIMEOUT(model().unchecked(), 0, 30'000);
    QTRY_VERIFY(m_console->button("checkAll")->isEnabled());
}

QString TestControlsPage::result(const char* control)
{
    return model().index(model().rowOf(control), static_cast<int>(ControlListModel::Column::Result)).data().toString();
}

void TestControlsPage::choose(const char* control)
{
    m_console->table("Controls")->setCurrentIndex(model().index(model().rowOf(control), 0));
}

void TestControlsPage::isCheckedWhenItIsOpened()
{
    open("opened");
    QCOMPARE(result("unique_key"), QStringLiteral("fails"));
    QCOMPARE(result("lock_before_check"), QStringLiteral("holds"));
    QCOMPARE(result("sealed"), QStringLiteral("cannot check"));
    // The keys walk over the heads of groups.
    QTableView* table = m_console->table("Controls");
    table->setFocus();
    const int last = model().rowOf("rate_limit");
    table->setCurrentIndex(model().index(last, 0));
    QTest::keyClick(table, Qt::Key_Down);
    QVERIFY(model().control(table->currentIndex().row()) != nullptr);
    QCOMPARE(model().control(table->currentIndex().row())->name, std::string{"attempts_complete"});
}

void TestControlsPage::aControlIsCheckedAgain()
{
    open("again");
    choose("two_persons");
    QCOMPARE(result("two_persons"), QStringLiteral("holds"));
    m_console->execute("UPDATE scrutineer.setting SET two_person_rule = false");
    m_console->button("checkAgain")->click();
    QTRY_COMPARE(result("two_persons"), QStringLiteral("fails"));
    QCOMPARE(model().control(m_console->table("Controls")->currentIndex().row())->name, std::string{"two_persons"});
    m_console->execute("UPDATE scrutineer.setting SET two_person_rule = true");
    QTRY_VERIFY(m_console->button("checkAll")->isEnabled());
    m_console->button("checkAll")->click();
    QTRY_COMPARE_WITH_TIMEOUT(result("two_persons"), QStringLiteral("holds"), 30'000);
}

void TestControlsPage::isFiltered()
{
    open("filtered");
    auto* bar = m_console->window().findChild<widgets::FilterBar*>();
    m_console->window().page(QStringLiteral("controls"))->setFilterText(QStringLiteral("result=fails"));
    QVERIFY(bar->isVisible());
    QVERIFY(model().rowOf("unique_key") > 0);
    QCOMPARE(model().rowOf("lock_before_check"), -1);
    QVERIFY(model().control(m_console->table("Controls")->currentIndex().row()) != nullptr);
    m_console->window().page(QStringLiteral("controls"))->setFilterText(QStringLiteral("nothingatall"));
    QCOMPARE(model().rowCount(), 0);
    QVERIFY(!m_console->button("checkAgain")->isEnabled());
}

void TestControlsPage::theRemedyIsCopied()
{
    open("copied");
    choose("unique_key");
    auto* detail = m_console->window().findChild<pages::ControlDetail*>();
    const auto boxes = detail->findChildren<QPlainTextEdit*>();
    QVERIFY(std::any_of(boxes.begin(), boxes.end(), [](const QPlainTextEdit* box) {
        return box->toPlainText().contains(QStringLiteral("CREATE UNIQUE INDEX CONCURRENTLY"));
    }));
    m_console->button("copyTicket")->click();
    const QString ticket = QGuiApplication::clipboard()->text();
    QVERIFY2(ticket.startsWith(QStringLiteral("Fails: One vote for a token on a post is a key (unique_key)")),
             qPrintable(ticket));
    QVERIFY(ticket.contains(QStringLiteral("Remedy:")));
}

void TestControlsPage::aRiskIsAcceptedAndTakenBack()
{
    open("accepted");
    choose("lock_before_check");
    QVERIFY(!m_console->button("acceptRisk")->isVisible()); // it holds
    choose("unique_key");
    const auto decide = [&](const char* reason, const char* reasonField, const char* go) {
        QTRY_VERIFY(m_console->button("acceptRisk")->isEnabled());
        m_console->button("acceptRisk")->click();
        QTRY_VERIFY(m_console->child<QLineEdit>(reasonField) != nullptr);
        QVERIFY(!m_console->button(go)->isEnabled());
        QTest::keyClicks(m_console->child<QLineEdit>(reasonField), QString::fromLatin1(reason));
        m_console->button(go)->click();
    };
    decide("the index is built on Sunday", "acceptReason", "acceptGo");
    QTRY_COMPARE_WITH_TIMEOUT(result("unique_key"), QStringLiteral("accepted"), 15'000);
    QCOMPARE(m_console->sql("SELECT actor || ' ' || reason || ' ' || (until - at BETWEEN '89 days' AND '91 days') FROM "
                            "scrutineer.control_accepted"),
             std::string{"admin the index is built on Sunday true"});
    const auto labels = m_console->window().findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(QStringLiteral("the index is built on Sunday"));
    }));
    decide("it was not", "endReason", "endGo");
    QTRY_COMPARE_WITH_TIMEOUT(result("unique_key"), QStringLiteral("fails"), 15'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.control_accepted"), std::string{"0"});
    // What the database refuses is said, and can be tried again.
    m_console->execute("REVOKE scrutineer_admin FROM admin");
    decide("x", "acceptReason", "acceptGo");
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("The decision was not written")), 15'000);
    QCOMPARE(result("unique_key"), QStringLiteral("fails"));
}

void TestControlsPage::aServerThatIsGoneIsSaid()
{
    open("gone");
    QVERIFY(m_server->server().stop());
    m_console->button("checkAll")->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("could not be checked")), 30'000);
    QCOMPARE(result("unique_key"), QStringLiteral("fails")); // what was known stays
}

QTEST_MAIN(TestControlsPage)
#include "tst_controls_page.moc"
