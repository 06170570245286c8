#include "history/csv_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "domain/spreadsheet.h"
#include "history/history_columns.h"

namespace scr::history {

namespace {

constexpr std::size_t kFlushAt = 1U << 18U;

template <std::floating_point Number>
std::string shortest(Number value)
{
    std::array<char, 32> buffer{};
    const bool whole = std::nearbyint(value) == value && std::abs(value) < static_cast<Number>(1e15);
    const auto [end, error] = whole
                                  ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<std::int64_t>(value))
                                  : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return error == std::errc{} ? std::string{buffer.data(), end} : std::string{};
}

} // namespace

void appendCsvCell(std::string& out, std::string_view cell, CsvStyle style)
{
    std::string safe;
    if (style == CsvStyle::Spreadsheet) {
        safe = domain::inertCell(cell);
        cell = safe;
    }
    const bool edgeSpace = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
    if (!edgeSpace && cell.find_first_of(style == CsvStyle::Spreadsheet ? "\",;\t\r\n" : "\",\r\n") == std::string_view::npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

std::string numberText(double value)
{
    return shortest(value);
}

std::string numberText(float value)
{
    return shortest(value);
}

domain::Result<CsvFile> CsvFile::create(const std::string& path, CsvStyle style)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return domain::failureOf(file);
    return CsvFile{std::move(*file), style};
}

CsvFile& CsvFile::cell(std::string_view text)
{
    if (m_inRow)
        m_pending += ',';
    m_inRow = true;
    appendCsvCell(m_pending, text, m_style);
    return *this;
}

CsvFile& CsvFile::cell(std::int64_t number)
{
    return cell(std::string_view{std::to_string(number)});
}
CsvFile& CsvFile::cell(double number)
{
    return cell(std::string_view{numberText(number)});
}
CsvFile& CsvFile::cell(float number)
{
    return cell(std::string_view{numberText(number)});
}
CsvFile& CsvFile::cell(domain::UtcTime time)
{
    return cell(std::string_view{domain::isoText(time)});
}

CsvFile& CsvFile::cell(const std::optional<domain::UtcTime>& time)
{
    return time ? cell(*time) : cell(std::string_view{});
}

domain::Status CsvFile::endRow()
{
    m_pending += m_style == CsvStyle::ExactLf ? "\n" : "\r\n";
    m_inRow = false;
    if (m_pending.size() < kFlushAt)
        return domain::Nothing{};
    const domain::Status written = m_file.write(m_pending);
    m_pending.clear();
    return written;
}

domain::Status CsvFile::row(std::span<const std::string_view> cells)
{
    for (const std::string_view one : cells)
        cell(one);
    return endRow();
}

domain::Status CsvFile::sync()
{
    if (const domain::Status written = m_file.write(m_pending); !written)
        return written;
    m_pending.clear();
    return m_file.sync();
}

domain::Status CsvFile::commit()
{
    const domain::Status synced = sync();
    return synced ? m_file.commit() : synced;
}

template <class Row>
domain::Status writeHeader(CsvFile& file)
{
    for (const Column<Row>& column : columnsOf<Row>())
        file.cell(column.name);
    return file.endRow();
}
template domain::Status writeHeader<domain::HistoryVote>(CsvFile&);
template domain::Status writeHeader<domain::HistoryAttempt>(CsvFile&);
template domain::Status writeHeader<domain::HistoryPost>(CsvFile&);
template domain::Status writeHeader<domain::HistoryToken>(CsvFile&);

domain::Status writeRow(CsvFile& file, const domain::HistoryVote& row)
{
    return file.cell(row.token)
        .cell(row.post)
        .cell(row.value)
        .cell(row.castAt)
        .cell(row.voteKey)
        .cell(row.author)
        .cell(row.origin)
        .endRow();
}

domain::Status writeRow(CsvFile& file, const domain::HistoryAttempt& row)
{
    file.cell(row.token).cell(row.post).cell(row.value).cell(row.attemptedAt).cell(row.finishedAt);
    file.cell(domain::nameOf(row.outcome)).cell(row.sqlstate).cell(row.voteKey).cell(row.origin).cell(row.requestKey);
    return file.endRow();
}

domain::Status writeRow(CsvFile& file, const domain::HistoryPost& row)
{
    file.cell(row.post).cell(row.title).cell(row.author).cell(row.createdAt);
    return file.cell(row.counter ? std::string_view{numberText(*row.counter)} : std::string_view{}).endRow();
}

domain::Status writeRow(CsvFile& file, const domain::HistoryToken& row)
{
    return file.cell(row.token).cell(row.label).cell(row.createdAt).cell(row.state).endRow();
}

domain::Result<RejectFile> RejectFile::create(const std::string& path)
{
    auto file = CsvFile::create(path, CsvStyle::ExactLf);
    if (!file)
        return domain::failureOf(file);
    if (const domain::Status header = file->cell("file").cell("line").cell("reason").cell("raw").endRow(); !header)
        return domain::failureOf(header);
    return RejectFile{std::move(*file)};
}

domain::Status RejectFile::add(const BadLine& bad)
{
    return m_file.cell(bad.file).cell(static_cast<std::int64_t>(bad.line)).cell(bad.reason).cell(bad.raw).endRow();
}

} // namespace scr::history
