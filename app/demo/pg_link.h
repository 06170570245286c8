#pragma once

#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::demo {

/// One libpq connection of the demo: it plays the voting site's own client, so it speaks to the server as that would.
class PgLink {
public:
    [[nodiscard]] static domain::Result<PgLink> open(const domain::ConnectionTarget& target);

    /// First column of the first row, empty text where there is none.
    [[nodiscard]] domain::Result<std::string> value(const std::string& sql, const std::vector<std::string>& parameters = {});

private:
    explicit PgLink(PGconn* connection) : m_connection{connection} {}

    struct Finish {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Finish> m_connection;
};

} // namespace scr::demo
