#include "demo/pg_link.h"

namespace scr::demo {

namespace {

struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};

std::string oneLine(const char* message)
{
    std::string text{message};
    if (const auto end = text.find('\n'); end != std::string::npos)
        text.resize(end);
    return text;
}

} // namespace

domain::Result<PgLink> PgLink::open(const domain::ConnectionTarget& target)
{
    PgLink link{PQconnectdb(domain::conninfoOf(target).c_str())};
    if (PQstatus(link.m_connection.get()) != CONNECTION_OK)
        return domain::failure(domain::Fault::Unavailable,
                               "The demo server does not answer: " + oneLine(PQerrorMessage(link.m_connection.get())),
                               "Run scrutineerctl demo stop, then scrutineerctl demo start");
    return link;
}

domain::Result<std::string> PgLink::value(const std::string& sql, const std::vector<std::string>& parameters)
{
    std::vector<const char*> values;
    for (const std::string& parameter : parameters)
        values.push_back(parameter.c_str());
    const std::unique_ptr<PGresult, Clear> result{PQexecParams(m_connection.get(), sql.c_str(), static_cast<int>(values.size()),
                                                               nullptr, values.data(), nullptr, nullptr, 0)};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        return domain::failure(domain::Fault::Unavailable,
                               "The demo server refused: " + oneLine(PQerrorMessage(m_connection.get())),
                               "Run scrutineerctl demo stop, then scrutineerctl demo start", state == nullptr ? "" : state);
    }
    if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0)
        return std::string{};
    return std::string{PQgetvalue(result.get(), 0, 0)};
}

} // namespace scr::demo
