#include <QElapsedTimer>
#include <QProgressBar>
#include <QTableView>
#include <QTest>
#include <QTimer>

#include "console_fixture.h"
#include "theme/apply.h"
#include "widgets/status_strip.h"

using namespace scr;

namespace {

/// Rows of the scan during which the event loop is watched. Ten million is what the design promises for.
std::int64_t votesWanted()
{
    const QByteArray asked = qgetenv("SCRUTINEER_WATCHDOG_VOTES");
    return asked.isEmpty() ? 10'000'000 : asked.toLongLong();
}

constexpr qint64 kLongestBlockMillis = 50;
constexpr int kTickMillis = 5;
constexpr int kPatienceMillis = 240'000;

/// Measures how late a timer of 5 ms fires; what it is late by is what an event waited.
class Watchdog : public QObject {
public:
    Watchdog()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            const qint64 late = m_since.restart() - kTickMillis;
            if (late > m_longest) {
                m_longest = late;
                m_longestAt = m_begun.elapsed();
            }
            ++m_ticks;
        });
        m_begun.start();
        m_since.start();
        m_timer.start(kTickMillis);
    }
    [[nodiscard]] qint64 longest() const { return m_longest; }
    [[nodiscard]] qint64 longestAt() const { return m_longestAt; } ///< milliseconds after the first tick
    [[nodiscard]] qint64 watched() const { return m_begun.elapsed(); }
    [[nodiscard]] int ticks() const { return m_ticks; }

private:
    QTimer m_timer;
    QElapsedTimer m_begun;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
    qint64 m_longestAt = 0;
    int m_ticks = 0;
};

} // namespace

class TestResponsive : public QObject {
    Q_OBJECT
private slots:
    void scanOfTenMillionVotesNeverBlocksTheWindow();
};

void TestResponsive::scanOfTenMillionVotesNeverBlocksTheWindow()
{
    theme::applyTheme(*qApp, theme::Scheme::Light);
    test::TestServer server;
    server.createSource("large", "unprotected");
    const std::string votes = std::to_string(votesWanted());
    server.execute(
        "large",
        "DROP INDEX unprotected.vote_by_token; DROP INDEX unprotected.vote_by_post;"
        "INSERT INTO unprotected.vote (token_key, post_key, value, cast_at)"
        " SELECT 1 + i % 99991, 1 + i / 99991 * 7 % 9973, 1, timestamptz '2026-01-01 00:00Z' + i * interval '60 milliseconds'"
        " FROM generate_series(1, " +
            votes + ") i");
    server.execute("large", "VACUUM ANALYZE unprotected.vote"); // not inside a transaction, so on its own
    test::ConsoleFixture console{server, "large"};
    console.open();
    console.window().showPage(QStringLiteral("votes"));
    QTRY_VERIFY_WITH_TIMEOUT(console.table("Votes")->model()->rowCount() > 0, 20'000);

    QTableView* table = console.table("Votes");
    QTimer reader; // who reads on while the scan runs, a page each quarter of a second
    connect(&reader, &QTimer::timeout, table, [table] { QTest::keyClick(table, Qt::Key_PageDown); });
    Watchdog watchdog;
    console.key(Qt::Key_F5);
    reader.start(250);
    const auto* progress = console.window().findChild<widgets::StatusStrip*>()->findChild<QProgressBar*>();
    QTRY_VERIFY(progress->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!progress->isVisible(), kPatienceMillis);
    reader.stop();
    qInfo("%s votes: %d ticks in %lld ms, longest block %lld ms, at %lld ms; read down to row %d", votes.c_str(),
          watchdog.ticks(), static_cast<long long>(watchdog.watched()), static_cast<long long>(watchdog.longest()),
          static_cast<long long>(watchdog.longestAt()), table->currentIndex().row());
    QVERIFY(table->currentIndex().row() > 100);
    QVERIFY(watchdog.ticks() > 100);
    QVERIFY2(watchdog.longest() <= kLongestBlockMillis, qPrintable(QStringLiteral("blocked for %1 ms").arg(watchdog.longest())));
}

QTEST_MAIN(TestResponsive)
#include "tst_responsive.moc"
