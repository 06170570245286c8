#include "store/source_probe.h"

#include <chrono>

#include <QtConcurrent>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "embedded/embedded.h"
#include "store/contract.h"
#include "store/read_connection.h"

namespace scr::store {

namespace {

using domain::Fault;
using domain::Result;
using domain::Source;
using domain::Status;

constexpr std::int64_t kOldestServer = 150000; // the proof reads pg_parameter_acl, which exists from 15 on

Result<ReadRows> embeddedQuery(ReadConnection& connection, std::string_view path)
{
    const std::string_view text = embedded::text(path);
    if (text.empty())
        return domain::failure(Fault::Corrupt, fmt::format("This program was built without {}", path), "Build it anew");
    return connection.query(std::string{text});
}

Status readServer(ReadConnection& connection, Source& source)
{
    const Result<ReadRows> rows = connection.query("SELECT current_database(), session_user, current_setting('server_version'), "
                                                   "current_setting('server_version_num')");
    if (!rows)
        return domain::failureOf(rows);
    source.service = domain::labelOf(connection.target());
    source.server = PQhost(connection.handle());
    source.database = rows->text(0, 0);
    source.login = rows->text(0, 1);
    source.serverVersion = rows->text(0, 2);
    if (rows->integer(0, 3) < kOldestServer)
        return domain::failure(Fault::Invalid, fmt::format("{} runs PostgreSQL {}", source.service, source.serverVersion),
                               "Upgrade the server: PostgreSQL 15 is the oldest that can be read");
    return domain::Nothing{};
}

Status readFacts(ReadConnection& connection, Source& source)
{
    const Result<ReadRows> rows =
        connection.query("SELECT adapter, adapter_version, environment, two_person_rule FROM scrutineer.source");
    if (!rows)
        return domain::failureOf(rows);
    const auto environment = rows->size() == 1 ? domain::environmentOf(rows->text(0, 2)) : std::nullopt;
    if (!environment)
        return domain::failure(Fault::Invalid,
                               "The view scrutineer.source must give one row with environment production, staging or demo",
                               "Run scrutineerctl init again, or correct the adapter's view");
    source.adapter = rows->text(0, 0);
    source.adapterVersion = rows->text(0, 1);
    source.environment = *environment;
    source.twoPersonRule = rows->text(0, 3) == "t";
    return domain::Nothing{};
}

Status readCapabilities(ReadConnection& connection, Source& source)
{
    const Result<ReadRows> rows =
        connection.query("SELECT name, available, coalesce(detail, '') FROM scrutineer.capability ORDER BY name");
    if (!rows)
        return domain::failureOf(rows);
    for (int row = 0; row < rows->size(); ++row)
        source.capabilities.push_back(
            {std::string{rows->text(row, 0)}, rows->text(row, 1) == "t", std::string{rows->text(row, 2)}});
    return domain::Nothing{};
}

Status proveReadOnly(ReadConnection& connection, Source& source)
{
    const Result<ReadRows> ways = embeddedQuery(connection, "sql/read/read_only_proof.sql");
    if (!ways)
        return domain::failureOf(ways);
    for (int row = 0; row < ways->size(); ++row)
        source.writeAccess.push_back({std::string{ways->text(row, 0)}, std::string{ways->text(row, 1)}});
    const Result<ReadRows> kinds = embeddedQuery(connection, "sql/read/read_only_kinds.sql");
    if (!kinds)
        return domain::failureOf(kinds);
    source.waysLookedFor = kinds->size();
    return domain::Nothing{};
}

} // namespace

Result<Source> probeSource(const domain::ConnectionTarget& target)
{
    Result<ReadConnection> connection = ReadConnection::open(target);
    if (!connection)
        return domain::failureOf(connection);
    Source source;
    if (const Status server = readServer(*connection, source); !server)
        return domain::failureOf(server);
    if (const Status contract = checkContract(*connection); !contract)
        return domain::failureOf(contract);
    using Step = Status (*)(ReadConnection&, Source&);
    for (const Step step : {Step{readFacts}, Step{readCapabilities}, Step{proveReadOnly}}) {
        if (const Status done = step(*connection, source); !done)
            return domain::failureOf(done);
    }
    source.readAt = std::chrono::floor<domain::Micros>(std::chrono::system_clock::now());
    return source;
}

QFuture<Result<Source>> probe(const domain::ConnectionTarget& target)
{
    return QtConcurrent::run([target] { return probeSource(target); });
}

} // namespace scr::store
