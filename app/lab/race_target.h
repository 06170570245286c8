#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/connection.h"
#include "domain/result.h"
#include "lab/pg_link.h"
#include "race/journal.h"

namespace scr::lab {

/// A token that can vote, with the secret that its row does not hold.
struct RaceToken {
    std::string key;
    std::string secret;
};

/// The voting system that is raced, as the lab calls it. An empty statement: it has no such thing.
class RaceTarget {
public:
    /// Asks the database what it is. `name` is "cast_vote" (the adapter's own function) or a function to be called in its place.
    /// Refuses a database that is not marked demo or staging.
    [[nodiscard]] static domain::Result<RaceTarget> find(PgLink& owner, const std::string& name);

    /// Why this target cannot be raced in that pattern; empty: it can.
    [[nodiscard]] std::string hindrance(race::Pattern pattern) const;
    [[nodiscard]] const std::string& label() const noexcept { return m_label; }
    [[nodiscard]] const std::string& function() const noexcept { return m_function; } ///< "reference.cast_vote"
    /// SHA-256 of the functions, triggers and unique keys of the function's schema, as a control finds it elsewhere.
    [[nodiscard]] domain::Result<std::string> code(PgLink& owner) const;

    [[nodiscard]] const std::string& castSql() const noexcept { return m_cast; }     ///< secret, post, value, origin, request key
    [[nodiscard]] const std::string& changeSql() const noexcept { return m_change; } ///< the same
    [[nodiscard]] const std::string& withdrawSql() const noexcept { return m_withdraw; } ///< secret, post, origin, request key
    [[nodiscard]] const std::string& reportSql() const noexcept
    {
        return m_report;
    } ///< secret, post, value, origin, request key, SQLSTATE
    [[nodiscard]] const std::string& closeSql() const noexcept { return m_close; }   ///< post key
    [[nodiscard]] const std::string& revokeSql() const noexcept { return m_revoke; } ///< token key

    [[nodiscard]] domain::Result<std::vector<RaceToken>> makeTokens(PgLink& owner, std::size_t count) const;
    [[nodiscard]] domain::Result<std::vector<std::string>> makePosts(PgLink& owner, std::size_t count,
                                                                     const std::string& title) const;
    /// Takes the tokens out of use that makeTokens() made.
    [[nodiscard]] domain::Status retire(PgLink& owner, const std::vector<RaceToken>& tokens) const;
    [[nodiscard]] domain::Result<std::optional<race::RateLimit>> limit(PgLink& owner) const;

private:
    std::string m_label;
    std::string m_function;
    std::string m_functionSchema;
    std::string m_schema;
    std::string m_cast, m_change, m_withdraw, m_report, m_close, m_revoke;
    bool m_twoPersonRule = false;
};

} // namespace scr::lab
