#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "domain/time.h"
#include "evidence/bag.h"
#include "evidence/layout.h"

struct sqlite3;
struct sqlite3_stmt;

namespace scr::evidence {

struct CloseDatabase {
    void operator()(sqlite3* database) const noexcept;
};
struct FinishStatement {
    void operator()(sqlite3_stmt* statement) const noexcept;
};

/// The same tables once more, for those who would rather ask than read. Made from the same cells in the same order, so that the
/// same library makes the same bytes.
class Database {
public:
    [[nodiscard]] static domain::Result<Database> create(const std::string& path);
    [[nodiscard]] domain::Status run(const std::string& sql);
    [[nodiscard]] domain::Status close(); ///< all of it written
    [[nodiscard]] sqlite3* handle() const noexcept { return m_handle.get(); }
    [[nodiscard]] domain::Error lastError() const;

private:
    explicit Database(std::string path, sqlite3* handle) : m_path{std::move(path)}, m_handle{handle} {}

    std::string m_path;
    std::unique_ptr<sqlite3, CloseDatabase> m_handle;
};

/// A table of a pack: exact CSV, lines end in LF, and a table of the database. An empty cell is null there.
class Table {
public:
    [[nodiscard]] static domain::Result<Table> open(Bag& bag, Database& database, const TableLayout& layout);

    Table& cell(std::string_view text);
    Table& cell(std::int64_t number) { return cell(std::string_view{std::to_string(number)}); }
    Table& cell(domain::UtcTime time) { return cell(std::string_view{domain::isoText(time)}); }
    Table& cell(const std::optional<domain::UtcTime>& time) { return time ? cell(*time) : cell(std::string_view{}); }
    [[nodiscard]] domain::Status endRow();
    [[nodiscard]] domain::Status close(Bag& bag);

private:
    Table(BagFile file, Database& database, sqlite3_stmt* insert) :
        m_file{std::move(file)}, m_database{&database}, m_insert{insert}
    {
    }

    BagFile m_file;
    Database* m_database;
    std::unique_ptr<sqlite3_stmt, FinishStatement> m_insert;
    std::string m_row;
    int m_cells = 0;
};

} // namespace scr::evidence
