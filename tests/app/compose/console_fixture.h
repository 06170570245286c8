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

namespace scr::test {

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
        m_session = std::make_unique<compose::ConsoleSession>(m_server.target(m_database, m_reader),
                                                              m_server.target(m_database, "admin"), *source);
        window().resize(1440, 900);
        window().show();
        window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window()));
    }
    void close() { m_session.reset(); }

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
