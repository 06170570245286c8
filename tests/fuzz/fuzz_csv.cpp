#include "fuzz.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "history/byte_source.h"
#include "history/csv_reader.h"
#include "history/csv_writer.h"
#include "verify/text.h"

namespace {

/// Hands the bytes out in small pieces, so that every border of a buffer is met.
class Pieces final : public scr::history::ByteSource {
public:
    explicit Pieces(std::string_view bytes) : m_rest{bytes} {}
    scr::domain::Result<std::size_t> read(std::span<char> into) override
    {
        const std::size_t count = std::min({into.size(), m_rest.size(), m_next++ % 61 + 1});
        std::copy_n(m_rest.data(), count, into.begin());
        m_rest.remove_prefix(count);
        return count;
    }

    std::uint64_t size() const noexcept override { return 0; }

private:
    std::string_view m_rest;
    std::size_t m_next = 0;
};

} // namespace

void look(std::string_view bytes)
{
    if (bytes.size() > 8192) // nothing new happens behind that, only later
        return;
    scr::history::CsvReader reader{std::make_unique<Pieces>(bytes), "input"};
    for (auto next = reader.next(); next && *next != scr::history::CsvReader::Next::End; next = reader.next())
        demand(reader.line() > 0, "a record has a line");
    std::vector<std::string_view> cells;
    std::string undone;
    for (std::size_t length = scr::verify::recordLength(bytes); length > 0; length = scr::verify::recordLength(bytes)) {
        const std::string_view record = bytes.substr(0, length - 1);
        if (scr::verify::parseCells(record, cells, undone)) {
            std::string again;
            std::string ours;
            for (const std::string_view cell : cells) {
                scr::verify::appendRow(again, {cell});
                again.back() = ',';
                scr::history::appendCsvCell(ours, cell, scr::history::CsvStyle::ExactLf);
                ours += ',';
            }
            demand(again == std::string{record} + ',' && ours == again, "a record has one form, and the program writes it");
        }
        bytes.remove_prefix(length);
    }
}
