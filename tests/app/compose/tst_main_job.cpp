#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSlider>

#include "console_fixture.h"
#include "tables/flag_queue_model.h"
#include "theme/apply.h"
#include "widgets/banner.h"

using namespace scr;

class TestMainJob : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void scanConfirmVoidRestore();
    void undoTakesTheVerdictBack();
    void enterOnThePreviewCancels();
    void someoneElseDecidedMeanwhile();
    void votesChangedSinceThePreview();
    void lostCommitStaysInDoubtUntilAnswered_data();
    void lostCommitStaysInDoubtUntilAnswered();
    void proposalIsWithdrawnFromTheList();
    void manyDecisionsAreAllWritten();
    void slashGoesToTheFilter();
    void keysDoNothingInATextField();
    void titleOfMarkupIsShownAsText();
    void killedServerLeavesTheWindowAlive();
    void everyPageShowsRows();

private:
    void scan();
    void preview();
    void sign(const QString& reason);
    [[nodiscard]] QTableView* queue() { return m_console->table("Flag queue"); }

    std::unique_ptr<test::TestServer> m_server;
    std::unique_ptr<test::ConsoleFixture> m_console;
};

void TestMainJob::initTestCase()
{
    theme::applyTheme(*qApp, theme::Scheme::Light);
    m_server = std::make_unique<test::TestServer>();
}

void TestMainJob::init()
{
    static int number = 0;
    const std::string database = "site" + std::to_string(++number);
    m_server->createSource(database, "unprotected");
    m_server->execute(database, test::kRacedSite);
    m_console = std::make_unique<test::ConsoleFixture>(*m_server, database);
    m_console->open();
}

void TestMainJob::cleanup()
{
    m_console.reset();
}

void TestMainJob::scan()
{
    m_console->key(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(queue()->model()->rowCount() >= 3, 20'000);
}

void TestMainJob::preview()
{
    m_console->key(Qt::Key_C);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->sql("SELECT count(*) FROM scrutineer.flag_queue WHERE state = 'confirmed'") == "1",
                             10'000);
    QTRY_VERIFY(m_console->button("voidConfirmed")->isEnabled());
    m_console->key(Qt::Key_V);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->child<QLineEdit>("typedCount")->isVisible(), 10'000);
    QTRY_VERIFY(m_console->child<QLineEdit>("typedCount")->isEnabled());
}

void TestMainJob::sign(const QString& reason)
{
    for (QPlainTextEdit* edit : m_console->window().findChildren<QPlainTextEdit*>()) {
        if (edit->accessibleName() == QStringLiteral("Reason"))
            edit->setPlainText(reason);
    }
    QPushButton* go = m_console->button("commitVoid");
    QVERIFY(!go->isEnabled());
    QTest::keyClicks(m_console->child<QLineEdit>("typedCount"), QStringLiteral("5"));
    QTRY_VERIFY(go->isEnabled());
}

void TestMainJob::scanConfirmVoidRestore()
{
    scan();
    const std::string before = m_console->sql("SELECT md5(string_agg(v::text, ',' ORDER BY vote_key)) FROM unprotected.vote v");
    const std::string score = m_console->sql("SELECT score FROM unprotected.post WHERE post_key = 7");
    preview();
    sign(QStringLiteral("race, looked at"));
    QTest::mouseClick(m_console->button("commitVoid"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("5 votes voided")), 15'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'"), std::string{"5"});
    QCOMPARE(std::stod(m_console->sql("SELECT score FROM unprotected.post WHERE post_key = 7")), std::stod(score) - 5);

    QTest::mouseClick(m_console->button("cancelVoid"), Qt::LeftButton);
    QPushButton* restore = m_console->button("voidsAct");
    QTRY_VERIFY_WITH_TIMEOUT(restore->isVisible() && restore->isEnabled(), 10'000);
    QTest::mouseClick(restore, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_console->child<QLineEdit>("typedCount")->isVisible() && m_console->child<QLineEdit>("typedCount")->isEnabled(), 10'000);
    sign(QStringLiteral("they were one vote written by an import"));
    QTest::mouseClick(m_console->button("commitVoid"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("5 votes put back")), 15'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'"), std::string{"0"});
    QCOMPARE(m_console->sql("SELECT score FROM unprotected.post WHERE post_key = 7"), score);
    QCOMPARE(m_console->sql("SELECT md5(string_agg(v::text, ',' ORDER BY vote_key)) FROM unprotected.vote v"), before);
}

void TestMainJob::undoTakesTheVerdictBack()
{
    scan();
    const int rows = queue()->model()->rowCount();
    m_console->key(Qt::Key_D);
    QTRY_VERIFY_WITH_TIMEOUT(queue()->model()->rowCount() == rows - 1, 10'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.flag_queue WHERE state = 'dismissed'"), std::string{"1"});
    QVERIFY(m_console->button("undo")->isEnabled());
    m_console->key(Qt::Key_Z);
    QTRY_VERIFY_WITH_TIMEOUT(queue()->model()->rowCount() == rows, 10'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.flag_queue WHERE state = 'open'"), std::to_string(rows));
    QVERIFY(!m_console->button("undo")->isEnabled());
    // The flag that came back is the one that the next key is about.
    const auto* model = qobject_cast<tables::FlagQueueModel*>(queue()->model());
    const std::string back = m_console->sql("SELECT flag_key FROM scrutineer.review_entry WHERE decision = 'reopen'");
    QTRY_COMPARE(model->row(queue()->currentIndex().row()).flag.key.text, back);
    QVERIFY(queue()->selectionModel()->hasSelection());
    m_console->key(Qt::Key_C);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_console->sql("SELECT state FROM scrutineer.flag_queue WHERE flag_key = '" + back + "'") == "confirmed", 10'000);
}

void TestMainJob::enterOnThePreviewCancels()
{
    scan();
    preview();
    sign(QStringLiteral("a reason"));
    m_console->button("cancelVoid")->setFocus();
    QTest::keyClick(m_console->button("cancelVoid"), Qt::Key_Return);
    QTRY_VERIFY(!m_console->child<QLineEdit>("typedCount")->isVisible());
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.void_history"), std::string{"0"});
}

void TestMainJob::someoneElseDecidedMeanwhile()
{
    scan();
    const auto* model = qobject_cast<tables::FlagQueueModel*>(queue()->model());
    const std::string flag = model->row(0).flag.key.text;
    QCOMPARE(m_console->sql("SELECT scrutineer.review_flag(gen_random_uuid(), '" + flag +
                            "', 'dismiss', 'seen first', NULL, 0) ->> 'status'"),
             std::string{"done"});
    m_console->key(Qt::Key_C);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("The decision was not taken")), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(model->rowOf(domain::FlagKey{flag}) < 0, 10'000);
    QCOMPARE(m_console->sql("SELECT state FROM scrutineer.flag_queue WHERE flag_key = '" + flag + "'"), std::string{"dismissed"});
}

void TestMainJob::votesChangedSinceThePreview()
{
    scan();
    preview();
    sign(QStringLiteral("a reason"));
    QVERIFY(m_console->sql("UPDATE unprotected.vote SET value = -1 WHERE post_key = 7 AND origin = '10.9.9.9' RETURNING 1") ==
            "1");
    QTest::mouseClick(m_console->button("commitVoid"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("Nothing was changed")), 15'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'"), std::string{"0"});
}

void TestMainJob::lostCommitStaysInDoubtUntilAnswered_data()
{
    QTest::addColumn<bool>("wanted");
    QTest::addColumn<std::string>("voided");
    QTest::newRow("sent again: voided once") << true << std::string{"5"};
    QTest::newRow("given up: never voided") << false << std::string{"0"};
}

/// The server goes down in the middle of COMMIT and stays down. Whatever is pressed meanwhile, the console never says that
/// nothing was changed, and in the end the database says what became of it.
void TestMainJob::lostCommitStaysInDoubtUntilAnswered()
{
    QFETCH(bool, wanted);
    QFETCH(std::string, voided);
    scan();
    preview();
    sign(QStringLiteral("lost on the way"));
    m_console->execute("CREATE FUNCTION public.slow_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
                       "$$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;"
                       "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON scrutineer.void_execution DEFERRABLE INITIALLY DEFERRED "
                       "FOR EACH ROW EXECUTE FUNCTION public.slow_commit()");
    QPushButton* go = m_console->button("commitVoid");
    QTest::mouseClick(go, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_console->sql("SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'commit%' AND state = 'active'") == "1", 10'000);
    QVERIFY(m_server->server().stop().has_value());
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("It is not known")), 40'000);
    QTest::mouseClick(go, Qt::LeftButton); // "Send the same request again", and still no server
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("Working")) == false, 40'000);
    QVERIFY(m_console->bannerSays(QStringLiteral("It is not known")));
    QVERIFY(!m_console->bannerSays(QStringLiteral("Nothing was changed")));
    QTest::mouseClick(m_console->button("cancelVoid"), Qt::LeftButton); // "Back to voids"
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("no known outcome")), 10'000);
    QVERIFY(m_server->server().start().has_value());
    m_console->execute("DROP TRIGGER slow ON scrutineer.void_execution");
    for (widgets::Banner* banner : m_console->window().findChildren<widgets::Banner*>()) {
        if (banner->isVisible() && banner->sentence().contains(QStringLiteral("no known outcome")))
            QTest::mouseClick(wanted ? banner->button() : banner->otherButton(), Qt::LeftButton);
    }
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("Settled")), 30'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'"), voided);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.vote_void"), voided);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.log_entry WHERE outcome = 'given up'"),
             std::string{wanted ? "0" : "1"});
}

void TestMainJob::proposalIsWithdrawnFromTheList()
{
    m_console->execute("UPDATE scrutineer.setting SET two_person_rule = true");
    m_console->open();
    scan();
    preview();
    sign(QStringLiteral("five votes too many"));
    QTest::mouseClick(m_console->button("commitVoid"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("Proposed")), 15'000);
    QTest::mouseClick(m_console->button("cancelVoid"), Qt::LeftButton);
    QPushButton* withdraw = m_console->button("voidsWithdraw");
    QTRY_VERIFY_WITH_TIMEOUT(withdraw->isVisible(), 10'000);
    QTest::mouseClick(withdraw, Qt::LeftButton);
    QTRY_VERIFY(m_console->child<QLineEdit>("withdrawReason") != nullptr);
    QVERIFY(!m_console->button("withdrawGo")->isEnabled());
    QTest::keyClicks(m_console->child<QLineEdit>("withdrawReason"), QStringLiteral("looked again"));
    QTest::mouseClick(m_console->button("withdrawGo"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->sql("SELECT detail FROM scrutineer.log_entry WHERE kind = 'withdraw'") == "looked again",
                             10'000);
    QCOMPARE(m_console->sql("SELECT state FROM scrutineer.void_history"), std::string{"withdrawn"});
}

/// Whoever decides everything at once and closes the window has decided everything.
void TestMainJob::manyDecisionsAreAllWritten()
{
    scan();
    const int rows = queue()->model()->rowCount();
    queue()->selectAll();
    QTest::keyClick(queue(), Qt::Key_D);
    QVERIFY(!m_console->button("voidConfirmed")->isEnabled());
    m_console->window().close();
    QTRY_VERIFY_WITH_TIMEOUT(!m_console->window().isVisible(), 20'000);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.flag_queue WHERE state = 'dismissed'"), std::to_string(rows));
}

void TestMainJob::slashGoesToTheFilter()
{
    scan();
    queue()->setFocus();
    QTest::keyClick(queue(), Qt::Key_Slash);
    auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    QVERIFY(field != nullptr);
    QTest::keyClicks(field, QStringLiteral("token/zzz"));
    QVERIFY(field->text().endsWith(QStringLiteral("token/zzz")));
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.review_entry"), std::string{"0"});
}

void TestMainJob::keysDoNothingInATextField()
{
    scan();
    const int rows = queue()->model()->rowCount();
    m_console->key(Qt::Key_R);
    auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    QVERIFY(field != nullptr);
    QTest::keyClicks(field, QStringLiteral("cdszv"));
    QCOMPARE(field->text(), QStringLiteral("cdszv"));
    QCOMPARE(queue()->model()->rowCount(), rows);
    QCOMPARE(m_console->sql("SELECT count(*) FROM scrutineer.review_entry"), std::string{"0"});
}

void TestMainJob::titleOfMarkupIsShownAsText()
{
    scan();
    const QString subject =
        queue()->model()->index(0, static_cast<int>(tables::FlagQueueModel::Column::Subject)).data().toString();
    QVERIFY(subject.contains(QStringLiteral("<img src=\"/dev/zero\">")));
    for (const QLabel* label : m_console->window().findChildren<QLabel*>())
        QVERIFY2(label->textFormat() == Qt::PlainText || label->text().isEmpty(), qPrintable(label->text()));
}

void TestMainJob::killedServerLeavesTheWindowAlive()
{
    scan();
    const int rows = queue()->model()->rowCount();
    m_console->window().showPage(QStringLiteral("votes"));
    QTableView* votes = m_console->table("Votes");
    QTRY_VERIFY_WITH_TIMEOUT(votes->model()->rowCount() > 0, 10'000);
    QVERIFY(m_server->server().stop().has_value());
    m_console->window().showPage(QStringLiteral("flags"));
    m_console->key(Qt::Key_C);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("The decision was not taken")), 30'000);
    QCOMPARE(queue()->model()->rowCount(), rows);
    QVERIFY(m_server->server().start().has_value());
    QTest::keyClick(&m_console->window(), Qt::Key_R, Qt::ControlModifier);
    m_console->key(Qt::Key_D);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->sql("SELECT count(*) FROM scrutineer.flag_queue WHERE state = 'dismissed'") == "1",
                             20'000);
}

void TestMainJob::everyPageShowsRows()
{
    scan();
    m_console->window().showPage(QStringLiteral("votes"));
    QTRY_VERIFY_WITH_TIMEOUT(m_console->table("Votes")->model()->rowCount() >= 500, 10'000);
    m_console->window().showPage(QStringLiteral("audit"));
    QTRY_VERIFY_WITH_TIMEOUT(m_console->table("Audit log")->model()->rowCount() > 0, 10'000);
    m_console->window().showPage(QStringLiteral("leaderboard"));
    QTRY_VERIFY_WITH_TIMEOUT(
        m_console->window().findChild<QSlider*>() != nullptr && m_console->window().findChild<QSlider*>()->maximum() > 0, 10'000);
}

QTEST_MAIN(TestMainJob)
#include "tst_main_job.moc"
