#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/result.h"
#include "domain/time.h"
#include "history/atomic_file.h"
#include "history/history_reader.h"

namespace scr::history {

/// Exact: RFC 4180, byte for byte what was given. Spreadsheet: cells that a spreadsheet would run as a formula begin with an
/// apostrophe, so the file is safe to open and no longer exact. Both end lines in CR LF; ExactLf is Exact with LF alone.
enum class CsvStyle { Exact, ExactLf, Spreadsheet };

/// Appends one cell, quoted where it must be.
void appendCsvCell(std::string& out, std::string_view cell, CsvStyle style);

/// The shortest decimal text that reads back as the same number; whole numbers without an exponent up to 15 digits.
[[nodiscard]] std::string numberText(double value);
[[nodiscard]] std::string numberText(float value);

/// A CSV file that is there complete or not at all.
class CsvFile {
public:
    [[nodiscard]] static domain::Result<CsvFile> create(const std::string& path, CsvStyle style);

    CsvFile& cell(std::string_view text);
    CsvFile& cell(std::int64_t number);
    CsvFile& cell(double number);
    CsvFile& cell(float number);         ///< fewest digits that name it among floats, as PostgreSQL writes a real
    CsvFile& cell(domain::UtcTime time); ///< ISO 8601
    CsvFile& cell(const std::optional<domain::UtcTime>& time);
    [[nodiscard]] domain::Status endRow();
    [[nodiscard]] domain::Status row(std::span<const std::string_view> cells);
    [[nodiscard]] domain::Status sync(); ///< on the disk, not yet in its place
    [[nodiscard]] domain::Status commit();

private:
    CsvFile(AtomicFile file, CsvStyle style) : m_file{std::move(file)}, m_style{style} {}

    AtomicFile m_file;
    CsvStyle m_style;
    std::string m_pending;
    bool m_inRow = false;
};

/// Headers and rows of the four history files, as HistoryReader reads them.
template <class Row>
[[nodiscard]] domain::Status writeHeader(CsvFile& file);
[[nodiscard]] domain::Status writeRow(CsvFile& file, const domain::HistoryVote& row);
[[nodiscard]] domain::Status writeRow(CsvFile& file, const domain::HistoryAttempt& row);
[[nodiscard]] domain::Status writeRow(CsvFile& file, const domain::HistoryPost& row);
[[nodiscard]] domain::Status writeRow(CsvFile& file, const domain::HistoryToken& row);

/// A history file written row by row, with its header.
template <class Row>
class HistoryWriter {
public:
    [[nodiscard]] static domain::Result<HistoryWriter> create(const std::string& path)
    {
        auto file = CsvFile::create(path, CsvStyle::ExactLf);
        if (!file)
            return domain::failureOf(file);
        if (const domain::Status header = writeHeader<Row>(*file); !header)
            return domain::failureOf(header);
        return HistoryWriter{std::move(*file)};
    }
    [[nodiscard]] domain::Status write(const Row& row) { return writeRow(m_file, row); }
    [[nodiscard]] domain::Status commit() { return m_file.commit(); }

private:
    explicit HistoryWriter(CsvFile file) : m_file{std::move(file)} {}

    CsvFile m_file;
};

/// The lines that an import passed over: file, line, reason, raw.
class RejectFile {
public:
    [[nodiscard]] static domain::Result<RejectFile> create(const std::string& path);
    [[nodiscard]] domain::Status add(const BadLine& bad);
    [[nodiscard]] domain::Status sync() { return m_file.sync(); }
    [[nodiscard]] domain::Status commit() { return m_file.commit(); }

private:
    explicit RejectFile(CsvFile file) : m_file{std::move(file)} {}

    CsvFile m_file;
};

} // namespace scr::history
