#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/time.h"

namespace scr::elevated {

/// A libpq connection for bulk loading; every refusal comes back as an error in words.
class LoadConnection {
public:
    /// `settings` are appended to the connection string as they are.
    [[nodiscard]] domain::Status open(const domain::ConnectionTarget& target, std::string_view settings = {});
    [[nodiscard]] bool isOpen() const noexcept { return m_connection && PQstatus(handle()) == CONNECTION_OK; }
    [[nodiscard]] domain::Status run(const std::string& sql);
    [[nodiscard]] domain::Result<std::vector<std::vector<std::string>>> rows(const std::string& sql,
                                                                             const std::vector<std::string>& parameters = {});
    /// First field of the first row; "" for null.
    [[nodiscard]] domain::Result<std::string> text(const std::string& sql, const std::vector<std::string>& parameters = {});
    [[nodiscard]] PGconn* handle() const noexcept { return m_connection.get(); }
    [[nodiscard]] domain::Error errorOf(const PGresult* result) const;
    [[nodiscard]] std::string quoteName(const std::string& name) const;

private:
    struct Closer {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Closer> m_connection;
    domain::ConnectionTarget m_target;
};

/// Sends rows by COPY in PostgreSQL's binary format.
class CopyStream {
public:
    explicit CopyStream(LoadConnection& connection) : m_connection{connection} {}

    [[nodiscard]] domain::Status begin(const std::string& table, const std::string& columns, std::int16_t columnCount);
    [[nodiscard]] bool isOpen() const noexcept { return m_columnCount > 0; }

    void startRow();
    void null();
    void number(std::int64_t value);
    void real(double value);    ///< float4
    void precise(double value); ///< float8
    void text(std::string_view value);
    void textOrNull(std::string_view value);
    void time(domain::UtcTime value);
    void timeOrNull(const std::optional<domain::UtcTime>& value);
    /// An address with or without a prefix length; null when empty. False: not an address.
    [[nodiscard]] bool address(std::string_view value);
    [[nodiscard]] domain::Status endRow(); ///< sends when enough has gathered

    /// Ends the COPY and learns what the server made of it.
    [[nodiscard]] domain::Status end();
    /// After a refusal: the row it is about, counted from 1 since begin(); empty when the server does not say.
    [[nodiscard]] const std::string& failedRow() const noexcept { return m_failedRow; }

private:
    [[nodiscard]] domain::Status flush();
    template <class T>
    void bigEndian(T value);

    LoadConnection& m_connection;
    std::string m_buffer;
    std::string m_failedRow;
    std::int16_t m_columnCount = 0;
};

} // namespace scr::elevated
