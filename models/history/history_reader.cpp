#include "history/history_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "history/history_columns.h"

namespace scr::history {

namespace {

using domain::Fault;

std::string normalised(std::string_view name)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t'; };
    while (!name.empty() && isSpace(name.front()))
        name.remove_prefix(1);
    while (!name.empty() && isSpace(name.back()))
        name.remove_suffix(1);
    std::string lower{name};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

template <class Row>
std::string acceptedNames()
{
    std::vector<std::string_view> required;
    std::vector<std::string_view> optional;
    for (const Column<Row>& column : columnsOf<Row>())
        (column.required ? required : optional).push_back(column.name);
    return fmt::format("The first line names the columns: {} are needed, {} may be there", fmt::join(required, ", "),
                       fmt::join(optional, ", "));
}

template <class Row>
domain::Result<std::vector<int>> placesOf(const CsvReader& csv)
{
    const std::span<const Column<Row>> columns = columnsOf<Row>();
    std::vector<int> places(columns.size(), -1);
    for (std::size_t i = 0; i < csv.fields().size(); ++i) {
        const std::string name = normalised(csv.fields()[i]);
        const auto column =
            std::find_if(columns.begin(), columns.end(), [&](const Column<Row>& one) { return one.name == name; });
        if (column == columns.end()) {
            return domain::failure(Fault::Invalid,
                                   fmt::format("{} has a column '{}' that is not known", csv.name(), shownCell(name)),
                                   acceptedNames<Row>() + "; rename or remove the column");
        }
        int& place = places[static_cast<std::size_t>(column - columns.begin())];
        if (place >= 0)
            return domain::failure(Fault::Invalid, fmt::format("{} names the column '{}' twice", csv.name(), name),
                                   "Remove one of them");
        place = static_cast<int>(i);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].required && places[i] < 0) {
            return domain::failure(Fault::Invalid, fmt::format("{} has no column '{}'", csv.name(), columns[i].name),
                                   acceptedNames<Row>());
        }
    }
    return places;
}

/// Empty when the row was filled; else why the record is no row.
template <class Row>
std::string fillRow(Row& row, std::span<const std::string_view> fields, const std::vector<int>& places)
{
    const std::span<const Column<Row>> columns = columnsOf<Row>();
    setDefaults(row);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (places[i] < 0)
            continue;
        const std::string_view cell = fields[static_cast<std::size_t>(places[i])];
        if (std::string reason = columns[i].take(row, columns[i].name, cell); !reason.empty())
            return reason;
    }
    return contradictionIn(row);
}

} // namespace

std::string sentenceOf(const BadLine& bad)
{
    return fmt::format("{}, line {}: {}", bad.file, bad.line, bad.reason);
}

template <class Row>
domain::Result<HistoryReader<Row>> HistoryReader<Row>::open(const std::string& path)
{
    auto bytes = openBytes(path);
    if (!bytes)
        return domain::failureOf(bytes);
    return over(std::move(*bytes), path == "-" ? std::string{"standard input"} : path);
}

template <class Row>
domain::Result<HistoryReader<Row>> HistoryReader<Row>::over(std::unique_ptr<ByteSource> source, std::string name)
{
    auto csv = std::make_unique<CsvReader>(std::move(source), std::move(name));
    const domain::Result<CsvReader::Next> header = csv->next();
    if (!header)
        return domain::failureOf(header);
    if (*header == CsvReader::Next::End)
        return domain::failure(Fault::Invalid, fmt::format("{} is empty", csv->name()), acceptedNames<Row>());
    if (*header == CsvReader::Next::Bad) {
        return domain::failure(Fault::Invalid,
                               fmt::format("The first line of {} cannot be read: {}", csv->name(), csv->problem()),
                               acceptedNames<Row>());
    }
    domain::Result<std::vector<int>> places = placesOf<Row>(*csv);
    if (!places)
        return domain::failureOf(places);
    const int width = static_cast<int>(csv->fields().size());
    return HistoryReader{std::move(csv), std::move(*places), width};
}

template <class Row>
domain::Result<bool> HistoryReader<Row>::next(Batch<Row>& batch, std::size_t limit)
{
    batch.bad.clear();
    batch.rows.resize(limit); // rows are written over, so that their strings keep their memory
    std::size_t good = 0;
    bool ended = false;
    while (good + batch.bad.size() < limit) {
        const domain::Result<CsvReader::Next> next = m_csv->next();
        if (!next)
            return domain::failureOf(next);
        ended = *next == CsvReader::Next::End;
        if (ended)
            break;
        std::string reason;
        if (*next == CsvReader::Next::Bad)
            reason = m_csv->problem();
        else if (static_cast<int>(m_csv->fields().size()) != m_width)
            reason = fmt::format("it has {} fields, the first line names {}", m_csv->fields().size(), m_width);
        else
            reason = fillRow(batch.rows[good], m_csv->fields(), m_places);
        if (reason.empty())
            ++good;
        else
            batch.bad.push_back({m_csv->name(), m_csv->line(), std::move(reason), std::string{m_csv->raw()}});
    }
    batch.rows.resize(good);
    return !(ended && good == 0 && batch.bad.empty());
}

template class HistoryReader<domain::HistoryVote>;
template class HistoryReader<domain::HistoryAttempt>;
template class HistoryReader<domain::HistoryPost>;
template class HistoryReader<domain::HistoryToken>;

} // namespace scr::history
