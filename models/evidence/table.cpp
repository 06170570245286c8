#include "evidence/table.h"

#include <sqlite3.h>

#include <fmt/format.h>

#include "history/csv_writer.h"

namespace scr::evidence {

using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

/// Numbers are stored as numbers, times as they are written.
std::string_view sqlTypeOf(Cell cell)
{
    switch (cell) {
    case Cell::Text:
    case Cell::Time: return "TEXT";
    case Cell::Integer: return "INTEGER";
    case Cell::Real: return "REAL";
    }
    return {};
}

} // namespace

void CloseDatabase::operator()(sqlite3* database) const noexcept
{
    sqlite3_close_v2(database);
}

void FinishStatement::operator()(sqlite3_stmt* statement) const noexcept
{
    sqlite3_finalize(statement);
}

Result<Database> Database::create(const std::string& path)
{
    sqlite3* handle = nullptr;
    const int opened =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database{path, handle};
    if (opened != SQLITE_OK)
        return tl::unexpected{database.lastError()};
    // It is there complete or not at all, which the bag sees to: a journal would be for nothing.
    for (const char* setting : {"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA page_size = 4096", "BEGIN"}) {
        if (const Status set = database.run(setting); !set)
            return domain::failureOf(set);
    }
    return database;
}

domain::Error Database::lastError() const
{
    const std::string what = m_handle ? sqlite3_errmsg(m_handle.get()) : "out of memory";
    return {Fault::Unavailable,
            fmt::format("{} cannot be written: {}; nothing was left there", m_path, what),
            "Free some space or choose another disk",
            {}};
}

Status Database::run(const std::string& sql)
{
    if (sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return tl::unexpected{lastError()};
    return Nothing{};
}

Status Database::close()
{
    if (const Status committed = run("COMMIT"); !committed)
        return committed;
    if (sqlite3_close(m_handle.get()) != SQLITE_OK)
        return tl::unexpected{lastError()};
    (void)m_handle.release();
    return Nothing{};
}

Result<Table> Table::open(Bag& bag, Database& database, const TableLayout& layout)
{
    std::string header;
    std::string fields;
    std::string marks;
    for (const Column& column : layout.columns) {
        header += fmt::format("{}{}", header.empty() ? "" : ",", column.name);
        fields += fmt::format("{}\"{}\" {}", fields.empty() ? "" : ", ", column.name, sqlTypeOf(column.cell));
        marks += marks.empty() ? "?" : ", ?";
    }
    if (const Status made = database.run(fmt::format("CREATE TABLE {} ({})", layout.name, fields)); !made)
        return domain::failureOf(made);
    sqlite3_stmt* insert = nullptr;
    if (sqlite3_prepare_v2(database.handle(), fmt::format("INSERT INTO {} VALUES ({})", layout.name, marks).c_str(), -1, &insert,
                           nullptr) != SQLITE_OK)
        return tl::unexpected{database.lastError()};
    auto file = bag.open(pathOf(layout));
    if (!file) {
        sqlite3_finalize(insert);
        return domain::failureOf(file);
    }
    Table table{*std::move(file), database, insert};
    if (const Status written = table.m_file.write(header + '\n'); !written)
        return domain::failureOf(written);
    return table;
}

Table& Table::cell(std::string_view text)
{
    if (m_cells > 0)
        m_row += ',';
    history::appendCsvCell(m_row, text, history::CsvStyle::ExactLf);
    ++m_cells;
    if (!text.empty())
        sqlite3_bind_text(m_insert.get(), m_cells, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
}

Status Table::endRow()
{
    m_row += '\n';
    const Status written = m_file.write(m_row);
    m_row.clear();
    m_cells = 0;
    const bool isStored = sqlite3_step(m_insert.get()) == SQLITE_DONE;
    sqlite3_reset(m_insert.get());
    sqlite3_clear_bindings(m_insert.get());
    if (written && !isStored)
        return tl::unexpected{m_database->lastError()};
    return written;
}

Status Table::close(Bag& bag)
{
    m_insert.reset();
    return bag.close(std::move(m_file));
}

} // namespace scr::evidence
