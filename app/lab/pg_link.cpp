#include "lab/pg_link.h"

namespace scr::lab {

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

domain::Result<PgLink> PgLink::open(const domain::ConnectionTarget& target, const std::string& remedy)
{
    PgLink link{PQconnectdb(domain::conninfoOf(target).c_str()), domain::labelOf(target), remedy};
    if (!link.isOpen())
        return domain::failure(
            domain::Fault::Unavailable, link.m_label + " does not answer: " + oneLine(PQerrorMessage(link.m_connection.get())),
            remedy.empty() ? "Check that the server runs and takes as many connections, then try again" : remedy);
    PQsetNoticeProcessor(link.m_connection.get(), [](void*, const char*) {}, nullptr);
    return link;
}

domain::Result<std::vector<PgLink::Row>> PgLink::rows(const std::string& sql, const std::vector<std::string>& parameters)
{
    std::vector<const char*> values;
    for (const std::string& parameter : parameters)
        values.push_back(parameter.c_str());
    const std::unique_ptr<PGresult, Clear> result{PQexecParams(m_connection.get(), sql.c_str(), static_cast<int>(values.size()),
                                                               nullptr, values.data(), nullptr, nullptr, 0)};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        return domain::failure(domain::Fault::Unavailable, m_label + " refused: " + oneLine(PQerrorMessage(m_connection.get())),
                               m_remedy.empty() ? "The log of the server says more" : m_remedy, state == nullptr ? "" : state);
    }
    std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (int column = 0; column < PQnfields(result.get()); ++column)
            rows[row].emplace_back(PQgetvalue(result.get(), static_cast<int>(row), column));
    }
    return rows;
}

domain::Result<PgLink::Row> PgLink::row(const std::string& sql, const std::vector<std::string>& parameters)
{
    auto all = rows(sql, parameters);
    if (!all)
        return domain::failureOf(all);
    return all->empty() ? Row{} : std::move(all->front());
}

domain::Result<std::string> PgLink::value(const std::string& sql, const std::vector<std::string>& parameters)
{
    auto first = row(sql, parameters);
    if (!first)
        return domain::failureOf(first);
    return first->empty() ? std::string{} : std::move(first->front());
}

std::string arrayText(const std::vector<std::string>& values)
{
    std::string text = "{";
    for (const std::string& value : values) {
        text += text.size() > 1 ? ",\"" : "\"";
        for (const char c : value) {
            if (c == '"' || c == '\\')
                text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + "}";
}

} // namespace scr::lab
