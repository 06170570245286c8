#pragma once

#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::lab {

/// One libpq connection of somebody who plays the voting site's own client, so it speaks to the server as that would.
class PgLink {
public:
    using Row = std::vector<std::string>; ///< null is ""

    /// `remedy`: what to do when the server does not answer or refuses; empty: to look at it.
    [[nodiscard]] static domain::Result<PgLink> open(const domain::ConnectionTarget& target, const std::string& remedy = {});

    [[nodiscard]] domain::Result<std::vector<Row>> rows(const std::string& sql, const std::vector<std::string>& parameters = {});
    /// The first row, empty where there is none.
    [[nodiscard]] domain::Result<Row> row(const std::string& sql, const std::vector<std::string>& parameters = {});
    /// First column of the first row, empty text where there is none.
    [[nodiscard]] domain::Result<std::string> value(const std::string& sql, const std::vector<std::string>& parameters = {});

    [[nodiscard]] bool isOpen() const noexcept { return PQstatus(m_connection.get()) == CONNECTION_OK; }
    [[nodiscard]] int backend() const noexcept { return PQbackendPID(m_connection.get()); }
    /// The descriptor of the connection, for who wants to cut it.
    [[nodiscard]] int socket() const noexcept { return PQsocket(m_connection.get()); }

private:
    PgLink(PGconn* connection, std::string label, std::string remedy) :
        m_connection{connection}, m_label{std::move(label)}, m_remedy{std::move(remedy)}
    {
    }

    struct Finish {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Finish> m_connection;
    std::string m_label;
    std::string m_remedy;
};

/// {"a","b"}: the text form of an array parameter.
[[nodiscard]] std::string arrayText(const std::vector<std::string>& values);

} // namespace scr::lab
