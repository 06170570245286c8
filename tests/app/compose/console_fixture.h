#pragma once

#include <functional>
#include <memory>
#include <string>

#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "compose/console_session.h"
#include "shell/main_window.h"
#include "store/source_probe.h"
#include "support/test_server.h"
#include "widgets/banner.h"

namespace scr::test {

// Three tokens were counted several times on one post; everything else is plain traffic.
inline constexpr char kRacedSite[] = R"(
INSERT INTO unprotected.token (token_key, label) SELECT i, 'token ' || i FROM generate_series(1, 200) i;
INSERT INTO unprotected.post (post_key, title, author_key, created_at)
  SELECT i, CASE i WHEN 7 THEN '<img src="/dev/zero">' ELSE 'Post ' || i END, 'a' || i % 9, timestamptz '2026-03-01 00:00Z'
  FROM generate_series(1, 40) i;
INSERT INTO unprotected.vote (token_key, post_key, value, cast_at, origin)
  SELECT t, p, 1, timestamptz '2026-03-02 00:00Z' + (t * 977 + p * 131) * interval '1 second', ('10.0.' || t % 250 || '.1')::inet
  FROM generate_series(1, 200) t, generate_series(1, 40) p WHERE (t * 7 + p * 3) % 5 = 0 AND p <> 7;
INSERT INTO unprotected.vote (token_key, post_key, value, cast_at, origin)
  SELECT t, 7, 1, timestamptz '2026-03-05 12:00Z' + t * interval '1 hour' + n * interval '3 milliseconds', '10.9.9.9'
  FROM generate_series(1, 3) t, generate_series(1, 6) n;
UPDATE unprotected.post SET score = (SELECT coalesce(sum(value), 0) FROM unprotected.vote v WHERE v.post_key = post.post_key);
ANALYZE;
)";

/// A console on a real database: reads as `reader`, decides as `admin`, in a real window.
class ConsoleFixture {
public:
    explicit ConsoleFixture(TestServer& server, std::string database, std::string reader = "reader") :
        m_server{server}, m_database{std::move(database)}, m_reader{std::move(reader)}
    {
        qputenv("XDG_STATE_HOME", m_state.path().toUtf8());
    }

    void open()
    {
        m_session.reset();
        const auto source = store::probeSource(m_server.target(m_database, m_reader));
        QVERIFY2(source.has_value(), source ? "" : domain::sentenceOf(source.error()).c_str());
        m_session = std::make_unique<compose::ConsoleSession>(
            compose::portsOf(m_server.target(m_database, m_reader), m_server.target(m_database, "admin"), *source));
        window().resize(1440, 900);
        window().show();
        window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window()));
    }
    void close() { m_session.reset(); }
    [[nodiscard]] const std::string& database() const { return m_database; }

    [[nodiscard]] shell::MainWindow& window() { return m_session->window(); }
    [[nodiscard]] QPushButton* button(const char* name) { return window().findChild<QPushButton*>(QString::fromLatin1(name)); }
    template <class Widget>
    [[nodiscard]] Widget* child(const char* name)
    {
        return window().findChild<Widget*>(QString::fromLatin1(name));
    }
    [[nodiscard]] QTableView* table(const char* accessibleName)
    {
        for (QTableView* table : window().findChildren<QTableView*>()) {
            if (table->accessibleName() == QString::fromLatin1(accessibleName))
                return table;
        }
        return nullptr;
    }
    [[nodiscard]] bool bannerSays(const QString& words)
    {
        for (const widgets::Banner* banner : window().findChildren<widgets::Banner*>()) {
            if (banner->isVisible() && banner->sentence().contains(words))
                return true;
        }
        return false;
    }
    void key(Qt::Key key) { QTest::keyClick(&window(), key); }
    void execute(const std::string& statements) { m_server.execute(m_database, statements); }
    [[nodiscard]] std::string sql(const std::string& query) { return m_server.queryText(m_database, query); }

private:
    TestServer& m_server;
    std::string m_database;
    std::string m_reader;
    QTemporaryDir m_state;
    std::unique_ptr<compose::ConsoleSession> m_session;
};

} // namespace scr::test
