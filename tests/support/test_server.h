#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "demo/private_server.h"
#include "domain/connection.h"
#include "domain/source.h"
#include "elevated/installer.h"

namespace scr::test {

/// A real PostgreSQL server for one test process: started in the constructor from a cached data directory, stopped and removed in
/// the destructor, and by a watchdog when the test is killed. Every failure throws std::runtime_error with the server's message.
class TestServer {
public:
    explicit TestServer(std::vector<std::string> settings = {}); ///< further lines of postgresql.conf
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;
    ~TestServer();

    [[nodiscard]] std::string conninfo(const std::string& database,
                                       const std::string& user = demo::PrivateServer::kSuperuser) const;
    [[nodiscard]] domain::ConnectionTarget target(const std::string& database,
                                                  const std::string& user = demo::PrivateServer::kSuperuser) const;
    [[nodiscard]] const demo::PrivateServer& server() const { return *m_server; }
    [[nodiscard]] demo::PrivateServer& server() { return *m_server; }

    void createDatabase(const std::string& name);
    /// A database with `adapter` installed in environment `demo`, and the logins reader, moderator, admin, admin2 and auditor.
    void createSource(const std::string& name, const std::string& adapter, bool twoPersonRule = false);

    void execute(const std::string& database, const std::string& sql) const; ///< one or more statements, as superuser
    void executeAs(const std::string& database, const std::string& user, const std::string& sql) const;
    /// The first column of the first row; "" for null or no row.
    [[nodiscard]] std::string queryText(const std::string& database, const std::string& sql,
                                        const std::string& user = demo::PrivateServer::kSuperuser) const;
    /// All rows, columns as text, null as "".
    [[nodiscard]] std::vector<std::vector<std::string>>
    queryRows(const std::string& database, const std::string& sql,
              const std::string& user = demo::PrivateServer::kSuperuser) const;

private:
    std::unique_ptr<demo::PrivateServer> m_server;
};

} // namespace scr::test
