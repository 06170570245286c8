#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/connection.h"
#include "domain/result.h"

namespace scr::elevated {

using SqlText = std::optional<std::string>; ///< a parameter or a field; empty: null

/// What work inside a transaction may do. A refusal of the server leaves the work by an exception that inTransaction() catches:
/// catching one inside would let COMMIT report success for a transaction that was rolled back.
class Sql {
public:
    Sql() = default;
    Sql(const Sql&) = delete;
    Sql& operator=(const Sql&) = delete;
    virtual ~Sql() = default;

    [[nodiscard]] virtual std::vector<std::vector<SqlText>> rows(const std::string& sql,
                                                                 const std::vector<SqlText>& parameters = {}) = 0;
    virtual void script(std::string_view statements) = 0; ///< several statements, no parameters
    [[nodiscard]] virtual std::string quoteName(std::string_view name) = 0;
    [[nodiscard]] virtual std::string quoteText(std::string_view text) = 0;

    /// First field of the first row; "" for null or no row.
    [[nodiscard]] std::string text(const std::string& sql, const std::vector<SqlText>& parameters = {});
};

struct WriteLimits {
    std::chrono::milliseconds lock{5000};
    std::chrono::milliseconds statement{120000};
};

/// Runs `work` in one READ COMMITTED transaction on a connection of its own, and commits when it succeeds. Fault::InDoubt: the
/// connection broke during COMMIT. An error whose sqlstate is 40001 or 40P01 may be tried again as a whole; one of class 08 or
/// 57P says that the connection broke before COMMIT, so that nothing was changed.
[[nodiscard]] domain::Status inTransaction(const domain::ConnectionTarget& target, const WriteLimits& limits,
                                           const std::function<domain::Status(Sql&)>& work);

} // namespace scr::elevated
