#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <libpq-fe.h>

#include "console_fixture.h"
#include "detect/rules.h"
#include "dialogs/scan_dialog.h"
#include "domain/flag.h"
#include "tables/cell_text.h"
#include "tables/flag_queue_model.h"
#include "theme/apply.h"
#include "widgets/filter_bar.h"
#include "widgets/segmented_button.h"
#include "widgets/state_pane.h"
#include "widgets/status_strip.h"
#include "widgets/text_label.h"

using namespace scr;

/// Each page by the keys and buttons that a person presses, on a real database.
class TestPages : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup();
    void flagsAreWalkedAndSnoozedByKeys();
    void theLastScanTellsWhatItLookedAt();
    void aScanInVainSaysSo();
    void votesAreFilteredCountedAndCopied();
    void votesJumpToAMoment();
    void auditLogIsFilteredByKind();
    void leaderboardIsExportedAndLogged();
    void reportFromTheMenuIsLogged();
    void voidsShowTheirVotesAndFlags();
    void loginThatCanWriteIsShownInRed();
    void serverDiesWhileScanning();
    void serverDiesWhilePaging();
    void readingCanBeStopped();

private:
    void open(const std::string& reader = "reader", const char* votes = test::kRacedSite);
    void scan();
    void saveAs(const QString& path);
    void filter(const QString& text);
    [[nodiscard]] QTableView* show(const char* page, const char* table);
    [[nodiscard]] QString emptyPage();
    [[nodiscard]] QString notice();

    std::unique_ptr<test::TestServer> m_server;
    std::unique_ptr<test::ConsoleFixture> m_console;
    QTemporaryDir m_folder;
};

namespace {

/// Keeps every reader of the votes waiting until it is let go.
class HeldTable {
public:
    HeldTable(const test::TestServer& server, const std::string& database) :
        m_connection{PQconnectdb(server.conninfo(database).c_str())}
    {
        PQclear(PQexec(m_connection, "BEGIN; LOCK TABLE unprotected.vote IN ACCESS EXCLUSIVE MODE"));
    }
    HeldTable(const HeldTable&) = delete;
    HeldTable& operator=(const HeldTable&) = delete;
    ~HeldTable() { PQfinish(m_connection); }

private:
    PGconn* m_connection;
};

QPushButton* buttonSaying(QWidget& root, const QString& words)
{
    for (QPushButton* button : root.findChildren<QPushButton*>()) {
        if (button->isVisible() && button->text().contains(words))
            return button;
    }
    return nullptr;
}

} // namespace

void TestPages::initTestCase()
{
    theme::applyTheme(*qApp, theme::Scheme::Light);
    m_server = std::make_unique<test::TestServer>();
}

void TestPages::open(const std::string& reader, const char* votes)
{
    static int number = 0;
    const std::string database = "pages" + std::to_string(++number);
    m_server->createSource(database, "unprotected");
    m_server->execute(database, votes);
    m_console = std::make_unique<test::ConsoleFixture>(*m_server, database, reader);
    m_console->open();
}

void TestPages::cleanup()
{
    m_console.reset();
}

void TestPages::scan()
{
    m_console->key(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->table("Flag queue")->model()->rowCount() >= 3, 20'000);
}

QTableView* TestPages::show(const char* page, const char* table)
{
    m_console->window().showPage(QString::fromLatin1(page));
    return m_console->table(table);
}

void TestPages::filter(const QString& text)
{
    auto* bar = m_console->window().findChild<widgets::FilterBar*>();
    bar->focusInput();
    auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    QVERIFY(field != nullptr);
    QTest::keyClicks(field, text);
    QTest::keyClick(field, Qt::Key_Return);
}

void TestPages::saveAs(const QString& path)
{
    auto* dialog = m_console->window().findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr);
    emit dialog->fileSelected(path); // the dialog itself is Qt's
    dialog->close();
}

QString TestPages::emptyPage()
{
    QStringList words;
    for (const auto* pane : m_console->window().findChildren<widgets::StatePane*>()) {
        for (const QLabel* label : pane->findChildren<QLabel*>()) {
            if (label->isVisible())
                words << label->text();
        }
    }
    return words.join(QLatin1Char{' '});
}

QString TestPages::notice()
{
    QStringList words;
    for (const auto* strip : m_console->window().findChildren<widgets::StatusStrip*>()) {
        for (const QWidget* child : strip->findChildren<QWidget*>())
            words << child->accessibleName();
    }
    return words.join(QLatin1Char{' '});
}

void TestPages::theLastScanTellsWhatItLookedAt()
{
    open();
    QAction* action = nullptr;
    for (QAction* one : m_console->window().actions()) {
        if (one->text().contains(QStringLiteral("last scan")))
            action = one;
    }
    QVERIFY(action != nullptr && !action->isEnabled());
    scan();
    QVERIFY(action->isEnabled());
    action->trigger();
    auto* dialog = m_console->window().findChild<dialogs::ScanDialog*>();
    QTRY_VERIFY(dialog != nullptr && dialog->isVisible());
    QStringList words;
    for (const widgets::TextLabel* label : dialog->findChildren<widgets::TextLabel*>())
        words << label->text();
    const QString text = words.join(QLatin1Char{'|'});
    QVERIFY2(text.contains(detect::defaultRules().version.c_str()), qPrintable(text));
    for (const domain::DetectorId detector : domain::kDetectors)
        QVERIFY2(text.contains(tables::titleOf(detector)), qPrintable(text));
    dialog->close();
}

void TestPages::flagsAreWalkedAndSnoozedByKeys()
{
    open();
    scan();
    QTableView* queue = m_console->table("Flag queue");
    QCOMPARE(queue->currentIndex().row(), 0);
    m_console->key(Qt::Key_J);
    QCOMPARE(queue->currentIndex().row(), 1);
    m_console->key(Qt::Key_K);
    m_console->key(Qt::Key_K);
    QCOMPARE(queue->currentIndex().row(), 0);
    const std::string flag = queue->model()->index(0, 0).data(tables::KeyRole).toString().toStdString();
    m_console->key(Qt::Key_R);
    auto* reason = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    QVERIFY(reason != nullptr);
    QTest::keyClicks(reason, QStringLiteral("ask the site first"));
    QTest::keyClick(reason, Qt::Key_Return);
    m_console->key(Qt::Key_S);
    const std::string state = "SELECT state FROM scrutineer.flag_queue WHERE flag_key = '" + flag + "'";
    QTRY_VERIFY_WITH_TIMEOUT(m_console->sql(state) == "snoozed", 10'000);
    QCOMPARE(m_console->sql("SELECT reason || ' ' || (snooze_until > now() + interval '23 hours') FROM scrutineer.review_entry"),
             std::string{"ask the site first true"});
}

void TestPages::aScanInVainSaysSo()
{
    open("reader", "SELECT 1"); // nobody voted there
    QTRY_VERIFY2(emptyPage().contains(QStringLiteral("Nothing was flagged yet")), qPrintable(emptyPage()));
    m_console->key(Qt::Key_F5);
    QTRY_VERIFY2(emptyPage().contains(QStringLiteral("The last scan looked at 0 votes and found nothing")),
                 qPrintable(emptyPage()));
}

void TestPages::votesAreFilteredCountedAndCopied()
{
    open();
    QTableView* votes = show("votes", "Votes");
    QTRY_VERIFY_WITH_TIMEOUT(votes->model()->rowCount() >= 500, 10'000);
    filter(QStringLiteral("token=2"));
    const std::string expected = m_console->sql("SELECT count(*) FROM unprotected.vote WHERE token_key = 2");
    QTRY_COMPARE_WITH_TIMEOUT(std::to_string(votes->model()->rowCount()), expected, 10'000);
    QPushButton* count = buttonSaying(m_console->window(), QStringLiteral("Count all"));
    QVERIFY(count != nullptr);
    QTest::mouseClick(count, Qt::LeftButton);
    const auto counted = [&] {
        for (const QLabel* label : m_console->window().findChildren<QLabel*>()) {
            if (label->text() == QString::fromStdString(expected) + QStringLiteral(" votes match"))
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(counted(), 10'000);

    m_console->execute("UPDATE unprotected.token SET label = '=HYPERLINK(\"x\")' WHERE token_key = 2");
    QTest::keyClick(&m_console->window(), Qt::Key_R, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(std::to_string(votes->model()->rowCount()), expected, 10'000);
    votes->setFocus();
    votes->selectAll();
    QTest::keyClick(votes, Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split(QLatin1Char{'\n'}, Qt::SkipEmptyParts);
    QCOMPARE(std::to_string(lines.size() - 1), expected);
    QCOMPARE(lines.front().count(QLatin1Char{'\t'}), votes->model()->columnCount() - 1);
    QTest::keyClick(votes, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QString csv = QGuiApplication::clipboard()->text();
    QVERIFY2(csv.contains(QStringLiteral("\"'=HYPERLINK(\"\"x\"\")\"")), qPrintable(csv.left(300)));
    filter(QStringLiteral("colour=red"));
    QTRY_VERIFY(notice().contains(QStringLiteral("colour")));
    QTRY_COMPARE_WITH_TIMEOUT(std::to_string(votes->model()->rowCount()), expected, 10'000); // by the chips that hold
}

void TestPages::votesJumpToAMoment()
{
    open();
    QTableView* votes = show("votes", "Votes");
    QTRY_VERIFY_WITH_TIMEOUT(votes->model()->rowCount() >= 500, 10'000);
    QLineEdit* jump = nullptr;
    for (QLineEdit* field : m_console->window().findChildren<QLineEdit*>()) {
        if (field->placeholderText().startsWith(QStringLiteral("Jump")))
            jump = field;
    }
    QVERIFY(jump != nullptr);
    QTest::keyClicks(jump, QStringLiteral("2026-03-02 12:00"));
    QTest::keyClick(jump, Qt::Key_Return);
    const std::string expected = m_console->sql("SELECT vote_key FROM unprotected.vote WHERE cast_at <= '2026-03-02 12:00Z' "
                                                "ORDER BY cast_at DESC, vote_key DESC LIMIT 1");
    QTRY_COMPARE_WITH_TIMEOUT(votes->model()->index(0, 0).data(tables::KeyRole).toString().toStdString(), expected, 10'000);
}

void TestPages::auditLogIsFilteredByKind()
{
    open();
    scan();
    QTableView* log = show("audit", "Audit log");
    QTRY_VERIFY_WITH_TIMEOUT(log->model()->rowCount() > 0, 10'000);
    for (auto* kinds : m_console->window().findChildren<widgets::SegmentedButton*>()) {
        if (kinds->isVisible())
            kinds->setCurrent(2);
    }
    const std::string expected = m_console->sql("SELECT count(*) FROM scrutineer.log_entry");
    QTRY_COMPARE_WITH_TIMEOUT(std::to_string(log->model()->rowCount()), expected, 10'000);
}

void TestPages::leaderboardIsExportedAndLogged()
{
    open();
    scan();
    m_console->window().showPage(QStringLiteral("leaderboard"));
    QPushButton* exporting = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((exporting = buttonSaying(m_console->window(), QStringLiteral("Export"))) != nullptr, 10'000);
    for (const QString& name : {QStringLiteral("board.csv"), QStringLiteral("board.png"), QStringLiteral("board.pdf")}) {
        const QString path = m_folder.filePath(name);
        QTest::mouseClick(exporting, Qt::LeftButton);
        saveAs(path);
        const std::string logged =
            "SELECT count(*) FROM scrutineer.log_entry WHERE kind = 'export' AND detail LIKE '%" + name.toStdString() + "'";
        QTRY_VERIFY_WITH_TIMEOUT(m_console->sql(logged) == "1", 10'000);
        QVERIFY(QFile{path}.size() > 100);
        QTRY_VERIFY(notice().contains(QStringLiteral("Written to ") + path));
    }
    QFile csv{m_folder.filePath(QStringLiteral("board.csv"))};
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QCOMPARE(csv.readLine().trimmed(), QByteArray{"time,post,title,rank,score"});
    const QString nowhere = QStringLiteral("/nowhere/board.png");
    QTest::mouseClick(exporting, Qt::LeftButton);
    saveAs(nowhere);
    QTRY_VERIFY_WITH_TIMEOUT(notice().contains(QStringLiteral("/nowhere/board.png could not be written")), 10'000);
}

void TestPages::reportFromTheMenuIsLogged()
{
    open();
    scan();
    QTest::keyClick(&m_console->window(), Qt::Key_E, Qt::ControlModifier);
    const QString path = m_folder.filePath(QStringLiteral("report.html"));
    saveAs(path);
    QTRY_VERIFY_WITH_TIMEOUT(m_console->sql("SELECT count(*) FROM scrutineer.log_entry WHERE kind = 'export'") == "1", 20'000);
    QFile html{path};
    QVERIFY(html.open(QIODevice::ReadOnly));
    const QByteArray text = html.readAll();
    QVERIFY(text.contains("&lt;img src"));
    QVERIFY(!text.contains("<img src=\"/dev/zero"));
}

void TestPages::voidsShowTheirVotesAndFlags()
{
    open();
    scan();
    const std::string flag =
        m_console->sql("SELECT flag_key FROM scrutineer.flag_queue WHERE detector = 'duplicate_votes' LIMIT 1");
    const auto asAdmin = [&](const std::string& call) {
        return m_server->queryText(m_console->database(), "SELECT (" + call + ") ->> 'status'", "admin");
    };
    const std::string keys =
        "(SELECT array_agg(vote_key::text) FROM scrutineer.flag_vote WHERE flag_key = '" + flag + "' AND extra)";
    QCOMPARE(asAdmin("scrutineer.review_flag(gen_random_uuid(), '" + flag + "', 'confirm', 'sure', NULL, 0)"),
             std::string{"done"});
    QCOMPARE(asAdmin("scrutineer.void_votes(gen_random_uuid(), " + keys + ", (SELECT digest FROM scrutineer.digest_votes(" +
                     keys + ")), 'five too many', ARRAY['" + flag + "'])"),
             std::string{"done"});
    QTableView* voids = show("voids", "Voids");
    QTRY_COMPARE_WITH_TIMEOUT(voids->model()->rowCount(), 1, 10'000);
    QTableView* parts = m_console->table("Posts and votes");
    QTRY_COMPARE_WITH_TIMEOUT(parts->model()->rowCount(), 1, 10'000);
    QCOMPARE(parts->model()->index(0, 0).data().toString(), QStringLiteral("<img src=\"/dev/zero\">"));
    QCOMPARE(parts->model()->index(0, 2).data().toString(), QStringLiteral("−5"));
    QPushButton* link = buttonSaying(m_console->window(), QString::fromStdString(flag));
    QVERIFY(link != nullptr);
    QTest::mouseClick(link, Qt::LeftButton);
    QTableView* queue = m_console->table("Flag queue");
    QTRY_VERIFY(queue->isVisible());
    QTRY_COMPARE(queue->currentIndex().data(tables::KeyRole).toString().toStdString(), flag);
}

/// On a demo site one may go on under the banner; each way to write is listed with what closes it.
void TestPages::loginThatCanWriteIsShownInRed()
{
    open("moderator");
    QVERIFY(m_console->bannerSays(QStringLiteral("Not read-only")));
    for (const widgets::Banner* banner : m_console->window().findChildren<widgets::Banner*>()) {
        if (banner->isVisible() && banner->sentence().contains(QStringLiteral("Not read-only")))
            QCOMPARE(banner->kind(), widgets::Banner::Kind::Danger);
    }
    QPushButton* all = buttonSaying(m_console->window(), QStringLiteral("Show all"));
    QVERIFY(all != nullptr);
    QTest::mouseClick(all, Qt::LeftButton);
    const auto remedies = [&] {
        for (const QPlainTextEdit* box : m_console->window().findChildren<QPlainTextEdit*>()) {
            if (box->isVisible() && box->toPlainText().contains(QStringLiteral("REVOKE scrutineer_moderator FROM moderator;")))
                return true;
        }
        return false;
    };
    QTRY_VERIFY(remedies());
}

void TestPages::serverDiesWhileScanning()
{
    open();
    {
        const HeldTable held{*m_server, m_console->database()};
        m_console->key(Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_console->sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'reader' AND wait_event_type = 'Lock'") ==
                "t",
            10'000);
        QVERIFY(m_server->server().stop().has_value());
    }
    QTRY_VERIFY_WITH_TIMEOUT(notice().contains(QStringLiteral("connection")) || notice().contains(QStringLiteral("server")),
                             30'000);
    QVERIFY(m_server->server().start().has_value());
    scan();
    QCOMPARE(m_console->sql("SELECT count(*) > 0 FROM scrutineer.flag_queue"), std::string{"t"});
}

void TestPages::serverDiesWhilePaging()
{
    open();
    QTableView* votes = show("votes", "Votes");
    QTRY_COMPARE_WITH_TIMEOUT(votes->model()->rowCount(), 500, 10'000);
    {
        const HeldTable held{*m_server, m_console->database()};
        votes->scrollToBottom();
        QTRY_VERIFY_WITH_TIMEOUT(
            m_console->sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'reader' AND wait_event_type = 'Lock'") ==
                "t",
            10'000);
        QVERIFY(m_server->server().stop().has_value());
    }
    QTRY_VERIFY_WITH_TIMEOUT(m_console->bannerSays(QStringLiteral("could not be read")), 30'000);
    QCOMPARE(votes->model()->rowCount(), 500); // what was read stays
    QVERIFY(m_server->server().start().has_value());
    QPushButton* again = buttonSaying(m_console->window(), QStringLiteral("Try again"));
    QVERIFY(again != nullptr);
    QTest::mouseClick(again, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(votes->model()->rowCount() > 500, 20'000);
}

void TestPages::readingCanBeStopped()
{
    open();
    const HeldTable held{*m_server, m_console->database()};
    m_console->window().showPage(QStringLiteral("votes"));
    const auto stop = [&]() -> QPushButton* {
        for (QPushButton* button : m_console->window().findChildren<QPushButton*>(QStringLiteral("stop"))) {
            if (button->isVisible())
                return button;
        }
        return nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(stop() != nullptr, 10'000);
    QTest::mouseClick(stop(), Qt::LeftButton);
    QTRY_VERIFY(buttonSaying(m_console->window(), QStringLiteral("Read again")) != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_console->sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND wait_event_type = 'Lock'") == "0",
        10'000);
}

QTEST_MAIN(TestPages)
#include "tst_pages.moc"
