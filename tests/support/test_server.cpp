#include "support/test_server.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <libpq-fe.h>

namespace fs = std::filesystem;

namespace scr::test {

namespace {

using demo::PrivateServer;

template <class T>
T required(domain::Result<T> result)
{
    if (!result)
        throw std::runtime_error{sentenceOf(result.error())};
    return std::move(*result);
}

demo::ServerOptions optionsOf(std::vector<std::string> settings)
{
    demo::ServerOptions options;
    options.durable = false;
    options.dieWithParent = true;
    options.removeOnDeath = true;
    options.settings = std::move(settings);
    return options;
}

/// initdb takes over a second; a copy of what it makes takes a tenth of one. The lock keeps tests that start together apart.
fs::path templateDirectory()
{
    const fs::path directory = fs::temp_directory_path() / ("scrutineer-test-template-" + std::to_string(geteuid()));
    const int lock = open((directory.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) != 0)
        throw std::runtime_error{"the template of the test server cannot be locked"};
    required(PrivateServer::create(directory, optionsOf({})));
    close(lock);
    return directory;
}

fs::path copyOfTemplate()
{
    std::string name = (fs::temp_directory_path() / "scr-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{"no folder for the test server"};
    const std::string command = "cp -a --reflink=auto '" + templateDirectory().string() + "/.' '" + name + "'";
    if (std::system(command.c_str()) != 0)
        throw std::runtime_error{"the template of the test server cannot be copied"};
    return name;
}

/// A connection for one call.
class Connection {
public:
    explicit Connection(const std::string& conninfo) : m_connection{PQconnectdb(conninfo.c_str())}
    {
        PQsetNoticeProcessor(m_connection, [](void*, const char*) {}, nullptr);
        if (PQstatus(m_connection) != CONNECTION_OK)
            throw std::runtime_error{PQerrorMessage(m_connection)};
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { PQfinish(m_connection); }

    [[nodiscard]] std::vector<std::vector<std::string>> run(const std::string& sql) const
    {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result{PQexec(m_connection, sql.c_str()), &PQclear};
        const ExecStatusType status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
            throw std::runtime_error{std::string{PQerrorMessage(m_connection)} + "in: " + sql.substr(0, 400)};
        std::vector<std::vector<std::string>> rows;
        for (int row = 0; row < PQntuples(result.get()); ++row) {
            std::vector<std::string>& fields = rows.emplace_back();
            for (int column = 0; column < PQnfields(result.get()); ++column)
                fields.emplace_back(PQgetvalue(result.get(), row, column));
        }
        return rows;
    }

private:
    PGconn* m_connection;
};

} // namespace

TestServer::TestServer(std::vector<std::string> settings) :
    m_server{std::make_unique<PrivateServer>(required(PrivateServer::create(copyOfTemplate(), optionsOf(std::move(settings)))))}
{
    required(m_server->start());
}

TestServer::~TestServer()
{
    static_cast<void>(m_server->stop());
    std::error_code ignored;
    fs::remove_all(m_server->directory(), ignored);
}

domain::ConnectionTarget TestServer::target(const std::string& database, const std::string& user) const
{
    return m_server->target(database, user);
}

std::string TestServer::conninfo(const std::string& database, const std::string& user) const
{
    return conninfoOf(target(database, user));
}

void TestServer::createDatabase(const std::string& name)
{
    execute("postgres", "CREATE DATABASE \"" + name + "\" STRATEGY file_copy");
}

void TestServer::createSource(const std::string& name, const std::string& adapter, bool twoPersonRule)
{
    createDatabase(name);
    elevated::InstallOptions options;
    options.adapter = adapter;
    options.environment = domain::Environment::Demo;
    options.twoPersonRule = twoPersonRule;
    required(elevated::install(target(name), options));
    const std::vector<elevated::LoginOrder> logins{{"reader", {"reader"}, ""},
                                                   {"moderator", {"moderator"}, ""},
                                                   {"admin", {"moderator", "admin"}, ""},
                                                   {"admin2", {"moderator", "admin"}, ""},
                                                   {"auditor", {"auditor"}, ""}};
    for (const elevated::LoginOrder& login : logins)
        required(elevated::createLogin(target(name), login));
}

void TestServer::execute(const std::string& database, const std::string& sql) const
{
    executeAs(database, PrivateServer::kSuperuser, sql);
}

void TestServer::executeAs(const std::string& database, const std::string& user, const std::string& sql) const
{
    static_cast<void>(Connection{conninfo(database, user)}.run(sql));
}

std::string TestServer::queryText(const std::string& database, const std::string& sql, const std::string& user) const
{
    const std::vector<std::vector<std::string>> rows = queryRows(database, sql, user);
    return rows.empty() || rows.front().empty() ? std::string{} : rows.front().front();
}

std::vector<std::vector<std::string>> TestServer::queryRows(const std::string& database, const std::string& sql,
                                                            const std::string& user) const
{
    return Connection{conninfo(database, user)}.run(sql);
}

} // namespace scr::test
