#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/result.h"
#include "domain/time.h"
#include "evidence/table.h"

namespace scr::packed {

/// The row a query stands on. Times are micros since the epoch.
class PackRow {
public:
    explicit PackRow(sqlite3_stmt* statement) : m_statement{statement} {}
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::string text(int column) const; ///< empty where null
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double number(int column) const;
    [[nodiscard]] domain::UtcTime time(int column) const { return domain::timeOf(integer(column)); }
    [[nodiscard]] std::optional<domain::UtcTime> optionalTime(int column) const;

private:
    sqlite3_stmt* m_statement;
};

using PackValue = std::variant<std::int64_t, double, std::string>;

/// A connection to the working copy of a pack, for reading, and the thread that opened it. SQL knows inside(address, network).
class PackSession {
public:
    explicit PackSession(std::string path) : m_path{std::move(path)} {}

    /// ?1, ?2, … in `sql` stand for the parameters.
    [[nodiscard]] domain::Status each(const std::string& sql, const std::vector<PackValue>& parameters,
                                      const std::function<void(const PackRow&)>& take);

    template <class T>
    [[nodiscard]] domain::Result<std::vector<T>> rows(const std::string& sql, const std::vector<PackValue>& parameters,
                                                      T (*read)(const PackRow&))
    {
        std::vector<T> all;
        const domain::Status done = each(sql, parameters, [&](const PackRow& row) { all.push_back(read(row)); });
        if (!done)
            return domain::failureOf(done);
        return all;
    }

    // For a worker.
    [[nodiscard]] domain::Status ready();
    void beginJob(std::function<bool()> unwanted) { m_unwanted = std::move(unwanted); }
    void endJob() { m_unwanted = {}; }
    void interrupt() {} ///< a query looks every few thousand steps by itself
    void close() { m_database.reset(); }

private:
    [[nodiscard]] domain::Error errorOf(int code) const;

    std::string m_path;
    std::unique_ptr<sqlite3, evidence::CloseDatabase> m_database;
    std::function<bool()> m_unwanted;
};

} // namespace scr::packed
