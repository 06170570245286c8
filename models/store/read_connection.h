#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/connection.h"
#include "domain/result.h"

struct pg_conn;
struct pg_result;
struct pg_cancel;

namespace scr::store {

struct ReadSettings {
    std::chrono::milliseconds statementTimeout{15000}; ///< zero: none
};
inline constexpr ReadSettings kStreamSettings{std::chrono::milliseconds{0}};

/// What is added to a target's conninfo for reading: read-only transactions as a seat belt, timeouts, keep-alives.
[[nodiscard]] std::string readOptionsOf(const domain::ConnectionTarget& target, const ReadSettings& settings);

struct CloseConnection {
    void operator()(pg_conn* connection) const noexcept;
};
struct ClearResult {
    void operator()(pg_result* result) const noexcept;
};
struct FreeCancel {
    void operator()(pg_cancel* cancel) const noexcept;
};
using CancelHandle = std::unique_ptr<pg_cancel, FreeCancel>;

/// Rows of a finished query as text.
class ReadRows {
public:
    explicit ReadRows(pg_result* result) noexcept : m_result{result} {}
    [[nodiscard]] int size() const noexcept;
    [[nodiscard]] int columns() const noexcept;
    [[nodiscard]] std::string_view nameOf(int column) const noexcept;
    [[nodiscard]] bool isNull(int row, int column) const noexcept;
    [[nodiscard]] std::string_view text(int row, int column) const noexcept;
    [[nodiscard]] std::int64_t integer(int row, int column) const noexcept; ///< 0 for what is not a number
    [[nodiscard]] unsigned typeOf(int column) const noexcept;               ///< type oid; that of a domain's base

private:
    std::unique_ptr<pg_result, ClearResult> m_result;
};

/// One libpq connection that only reads. Blocking: never used on the window's thread.
class ReadConnection {
public:
    [[nodiscard]] static domain::Result<ReadConnection> open(const domain::ConnectionTarget& target,
                                                             const ReadSettings& settings = {});

    [[nodiscard]] domain::Result<ReadRows> query(const std::string& sql, const std::vector<std::string>& parameters = {});
    /// Makes all that follows read one state of the database; with a `snapshot`, that of the connection which exported it.
    [[nodiscard]] domain::Status beginSnapshot(const std::string& snapshot = {});

    [[nodiscard]] pg_conn* handle() const noexcept { return m_connection.get(); }
    [[nodiscard]] CancelHandle cancelHandle() const;
    [[nodiscard]] domain::Error lastError() const; ///< of the connection itself, not of a result
    [[nodiscard]] domain::Error errorOf(const pg_result* result) const;
    [[nodiscard]] const domain::ConnectionTarget& target() const noexcept { return m_target; }

private:
    ReadConnection(domain::ConnectionTarget target, pg_conn* connection) noexcept;

    domain::ConnectionTarget m_target;
    std::unique_ptr<pg_conn, CloseConnection> m_connection;
};

/// Asks the server to end what the connection runs; harmless when it runs nothing.
void sendCancel(pg_cancel* cancel) noexcept;

} // namespace scr::store
