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

} // namespace

std::string sentenceOf(const BadLine& bad)
{
    return fmt::format("{}, line {}: {}", bad.file, bad.line, bad.reason);
}

template <class Row>
auto HistoryReader<Row>::headerOf(const CsvReader& csv, HistoryUse use) -> domain::Result<Header>
{
    const std::span<const Column<Row>> columns = columnsOf<Row>();
    Header header{std::vector<int>(columns.size(), -1), {}, csv.fields().size()};
    for (std::size_t i = 0; i < csv.fields().size(); ++i) {
        const std::string name = normalised(csv.fields()[i]);
        const auto column =
            std::find_if(columns.begin(), columns.end(), [&](const Column<Row>& one) { return one.name == name; });
        if (column == columns.end() && use == HistoryUse::Scan) {
            header.unread.emplace_back(csv.fields()[i]);
            continue;
        }
        if (column == columns.end()) {
            return domain::failure(Fault::Invalid,
                                   fmt::format("{} has a column '{}' that is not known", csv.name(), shownCell(name)),
                                   acceptedNames<Row>() + "; rename or remove the column");
        }
        int& place = header.places[static_cast<std::size_t>(column - columns.begin())];
        if (place >= 0)
            return domain::failure(Fault::Invalid, fmt::format("{} names the column '{}' twice", csv.name(), name),
                                   "Remove one of them");
        place = static_cast<int>(i);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].required && header.places[i] < 0) {
            return domain::failure(Fault::Invalid, fmt::format("{} has no column '{}'", csv.name(), columns[i].name),
                                   acceptedNames<Row>());
        }
    }
    return header;
}

template <class Row>
std::string HistoryReader<Row>::fill(Row& row) const
{
    const std::span<const Column<Row>> columns = columnsOf<Row>();
    setDefaults(row);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (m_header.places[i] < 0)
            continue;
        const std::string_view cell = m_csv->fields()[static_cast<std::size_t>(m_header.places[i])];
        const auto take = m_use == HistoryUse::Scan ? columns[i].takeForScan : columns[i].take;
        if (std::string reason = take(row, columns[i].name, cell); !reason.empty())
            return reason;
    }
    return contradictionIn(row);
}

template <class Row>
domain::Result<HistoryReader<Row>> HistoryReader<Row>::open(const std::string& path, HistoryUse use)
{
    auto bytes = openBytes(path);
    if (!bytes)
        return domain::failureOf(bytes);
    return over(std::move(*bytes), path == "-" ? std::string{"standard input"} : path, use);
}

template <class Row>
domain::Result<HistoryReader<Row>> HistoryReader<Row>::over(std::unique_ptr<ByteSource> source, std::string name, HistoryUse use)
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
    domain::Result<Header> named = headerOf(*csv, use);
    if (!named)
        return domain::failureOf(named);
    return HistoryReader{std::move(csv), std::move(*named), use};
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
        else if (m_csv->fields().size() != m_header.width)
            reason = fmt::format("it has {} fields, the first line names {}", m_csv->fields().size(), m_header.width);
        else
            reason = fill(batch.rows[good]);
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
