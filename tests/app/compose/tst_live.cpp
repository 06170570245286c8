#include <QAbstractItemModel>
#include <QElapsedTimer>
#include <QTableView>
#include <QTest>

#include "console_fixture.h"
#include "theme/apply.h"
#include "widgets/status_strip.h"

using namespace scr;

namespace {

// 300 people, 12 votes each in the last two days, at a person's pace.
constexpr const char* kSite = R"(
INSERT INTO unprotected.post (post_key, title) SELECT g, 'Post ' || g FROM generate_series(1, 400) g;
INSERT INTO unprotected.token (token_key, label) SELECT g, 't' || g FROM generate_series(1, 400) g;
SELECT setseed(0.5);
INSERT INTO unprotected.vote (token_key, post_key, value, cast_at)
  SELECT t, (t * 37 + v * 11) % 400 + 1, 1, now() - interval '2 days' + t * interval '9 min' * random()
         + v * interval '20 s' * (0.5 + random()) FROM generate_series(1, 300) t, generate_series(1, 12) v;
UPDATE unprotected.post SET score = (SELECT coalesce(sum(value), 0) FROM unprotected.vote v WHERE v.post_key = post.post_key);
ANALYZE;
)";

} // namespace

/// From a commit on the site to the row in the flag queue of a real window. The times are told, not tested.
class TestLive : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void raceIsOnScreen();
    void burstIsOnScreen();
    void cleanupTestCase();

private:
    /// Whether a visible cell of the queue says so.
    [[nodiscard]] bool isOnScreen(const QString& words) const;

    test::TestServer m_server;
    std::unique_ptr<test::ConsoleFixture> m_console;
    QTableView* m_queue = nullptr;
};

void TestLive::initTestCase()
{
    theme::applyTheme(*qApp, theme::Scheme::Light);
    m_server.createSource("live", "unprotected");
    m_server.execute("live", kSite);
    m_console = std::make_unique<test::ConsoleFixture>(m_server, "live");
    m_console->open();
    m_console->window().showPage(QStringLiteral("flags"));
    m_queue = m_console->table("Flag queue");
    QVERIFY(m_queue != nullptr);
    m_console->key(Qt::Key_F6);
    const auto isLive = [this] {
        for (const auto* cell : m_console->window().findChildren<widgets::StatusCell*>()) {
            if (cell->isVisible() && cell->text().startsWith(QStringLiteral("Live ·")))
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isLive(), 30'000);
}

bool TestLive::isOnScreen(const QString& words) const
{
    const QAbstractItemModel& model = *m_queue->model();
    for (int row = 0; row < model.rowCount(); ++row) {
        for (int column = 0; column < model.columnCount(); ++column) {
            const QModelIndex index = model.index(row, column);
            if (index.data().toString().contains(words) && !m_queue->visualRect(index).isEmpty())
                return true;
        }
    }
    return false;
}

void TestLive::raceIsOnScreen()
{
    std::vector<qint64> times;
    for (int token = 350; token < 355; ++token) {
        m_server.execute("live", "INSERT INTO unprotected.vote (token_key, post_key, value) SELECT " + std::to_string(token) +
                                     ", 7, 1 FROM generate_series(1, 5)");
        QElapsedTimer since;
        since.start();
        const auto found = [&] {
            return m_console->sql("SELECT count(*) FROM scrutineer.flag WHERE detector = 'duplicate_votes'") ==
                       std::to_string(token - 349) &&
                   m_queue->model()->rowCount() >= token - 349;
        };
        QTRY_VERIFY_WITH_TIMEOUT(found() && isOnScreen(QString::number(token)), 20'000);
        times.push_back(since.elapsed());
        QTest::qWait(1'300); // out of step with the looks
    }
    for (const qint64 time : times)
        qInfo("race: on screen %lld ms after its commit", static_cast<long long>(time));
}

void TestLive::burstIsOnScreen()
{
    QElapsedTimer since;
    const auto burst = [this] {
        return m_console->sql("SELECT count(*) FROM scrutineer.flag WHERE detector = 'token_burst'") != "0" &&
               isOnScreen(QStringLiteral("360"));
    };
    int votes = 0;
    while (votes < 24 && !burst()) {
        m_server.execute("live", "INSERT INTO unprotected.vote (token_key, post_key, value) VALUES (360, " +
                                     std::to_string(++votes) + ", 1)");
        if (votes == 10)
            since.start();
        QTest::qWait(600);
    }
    QTRY_VERIFY_WITH_TIMEOUT(burst(), 20'000);
    if (since.isValid())
        qInfo("burst: on screen %lld ms after its tenth vote", static_cast<long long>(since.elapsed()));
    else
        qInfo("burst: on screen before its tenth vote, with %d", votes);
}

void TestLive::cleanupTestCase()
{
    m_console.reset();
}

QTEST_MAIN(TestLive)
#include "tst_live.moc"
