#include "history/csv_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "domain/visible_text.h"

namespace scr::history {

namespace {

using domain::Fault;

constexpr std::size_t kChunk = 1U << 20U;
constexpr std::size_t kMostFields = 4096;
constexpr std::size_t kRawShown = 1024; ///< what is kept of a line that is too long to keep

using Stops = std::array<bool, 256>;
constexpr Stops stopsOf(std::string_view bytes)
{
    Stops stops{};
    for (const char byte : bytes)
        stops[static_cast<unsigned char>(byte)] = true;
    return stops;
}
constexpr Stops kPlainStops = stopsOf({",\"\n\r\0", 5});
constexpr Stops kQuotedStops = stopsOf({"\"\0", 2});

struct Magic {
    std::string_view bytes;
    std::string_view is;
    std::string_view remedy;
};
constexpr std::array<Magic, 7> kMagics{{
    {"\x1f\x8b", "is compressed with gzip", "Decompress it first, for example: gunzip -k FILE.csv.gz"},
    {"\x28\xb5\x2f\xfd", "is compressed with zstd", "Decompress it first, for example: zstd -d FILE.csv.zst"},
    {"\xfd"
     "7zXZ",
     "is compressed with xz", "Decompress it first, for example: unxz -k FILE.csv.xz"},
    {"BZh", "is compressed with bzip2", "Decompress it first, for example: bunzip2 -k FILE.csv.bz2"},
    {"PK\x03\x04", "is a ZIP archive or a spreadsheet", "Unpack it, or export the sheet as CSV in UTF-8"},
    {"\xff\xfe", "is in UTF-16", "Convert it first, for example: iconv -f UTF-16 -t UTF-8 FILE.csv > FILE-utf8.csv"},
    {"\xfe\xff", "is in UTF-16", "Convert it first, for example: iconv -f UTF-16 -t UTF-8 FILE.csv > FILE-utf8.csv"},
}};

} // namespace

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, std::string name) :
    m_source{std::move(source)}, m_name{std::move(name)}, m_buffer(kLongestRecord + kChunk)
{
}

domain::Result<CsvReader::Next> CsvReader::next()
{
    if (m_taken == 0 && !m_sourceEnded) {
        if (const domain::Status first = lookAtFirstBytes(); !first)
            return domain::failureOf(first);
    }
    for (;;) {
        if (m_begin == m_end && m_sourceEnded)
            return Next::End;
        const Scan scan = m_begin == m_end ? Scan::NeedsMore : scanRecord();
        if (scan == Scan::Record && m_contentEnd - m_begin <= kLongestRecord) {
            const bool blank = m_contentEnd == m_begin;
            const Next next = finishRecord();
            if (blank)
                continue;
            return next;
        }
        const bool lineIsHere = scan == Scan::Bad && lineEnd(m_at) < m_end;
        if (lineIsHere || (scan == Scan::Bad && m_sourceEnded))
            return m_quoteOpen ? passOverFirstLine() : passOverBad();
        if (m_end - m_begin > kLongestRecord + 2) { // two for the line end
            m_problem =
                m_quoteOpen ? "a quoted field is not closed within 1 MiB; its quote may be missing" : "it is longer than 1 MiB";
            return lineEnd(m_begin) < m_end ? passOverFirstLine() : passOverLongLine();
        }
        if (const domain::Status more = fill(); !more)
            return domain::failureOf(more);
    }
}

domain::Status CsvReader::fill()
{
    std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
    m_end -= m_begin;
    m_begin = 0;
    while (!m_sourceEnded && m_end < m_buffer.size()) {
        const domain::Result<std::size_t> count = m_source->read({m_buffer.data() + m_end, m_buffer.size() - m_end});
        if (!count)
            return domain::failureOf(count);
        m_sourceEnded = *count == 0;
        m_end += *count;
        m_taken += *count;
    }
    return domain::Nothing{};
}

domain::Status CsvReader::lookAtFirstBytes()
{
    if (const domain::Status more = fill(); !more)
        return more;
    const std::string_view start{m_buffer.data(), m_end};
    for (const Magic& magic : kMagics) {
        if (start.starts_with(magic.bytes))
            return domain::failure(Fault::Invalid, fmt::format("{} {}, not CSV", m_name, magic.is), std::string{magic.remedy});
    }
    if (start.starts_with("\xef\xbb\xbf"))
        m_begin = 3;
    return domain::Nothing{};
}

CsvReader::Scan CsvReader::scanRecord()
{
    m_slices.clear();
    m_undone.clear();
    m_bits = 0;
    m_at = m_begin;
    for (;;) {
        m_quoteOpen = false;
        const bool quoted = m_at < m_end && m_buffer[m_at] == '"';
        const Scan scan = quoted ? scanQuotedField() : scanPlainField();
        if (scan != Scan::Field)
            return scan;
        if (m_slices.size() > kMostFields)
            return spoil(m_at, "it has more than 4096 fields");
    }
}

CsvReader::Scan CsvReader::scanPlainField()
{
    std::size_t at = m_at;
    unsigned char bits = m_bits;
    for (; at < m_end; ++at) {
        const auto byte = static_cast<unsigned char>(m_buffer[at]);
        if (kPlainStops[byte])
            break;
        bits |= byte;
    }
    m_bits = bits;
    push(m_at, at - m_at, false);
    return endField(at, false);
}

CsvReader::Scan CsvReader::scanQuotedField()
{
    const std::size_t begin = m_at + 1;
    const std::size_t undoneBegin = m_undone.size();
    std::size_t pieceBegin = begin;
    m_quoteOpen = true;
    for (std::size_t at = begin; at < m_end; ++at) {
        const auto byte = static_cast<unsigned char>(m_buffer[at]);
        m_bits |= byte;
        if (!kQuotedStops[byte])
            continue;
        if (byte == 0) {
            m_quoteOpen = false;
            return spoil(at, "it holds a NUL byte");
        }
        if (at + 1 == m_end && !m_sourceEnded)
            return Scan::NeedsMore;
        if (at + 1 < m_end && m_buffer[at + 1] == '"') {
            m_undone.append(m_buffer.data() + pieceBegin, ++at - pieceBegin);
            pieceBegin = at + 1;
            continue;
        }
        m_quoteOpen = false;
        if (pieceBegin == begin) {
            push(begin, at - begin, false);
        } else {
            m_undone.append(m_buffer.data() + pieceBegin, at - pieceBegin);
            push(undoneBegin, m_undone.size() - undoneBegin, true);
        }
        return endField(at + 1, true);
    }
    return m_sourceEnded ? spoil(m_end, "a quoted field is not closed before the end of the file; its quote may be missing")
                         : Scan::NeedsMore;
}

CsvReader::Scan CsvReader::endField(std::size_t at, bool quoted)
{
    m_contentEnd = at;
    if (at == m_end) {
        m_at = at;
        return m_sourceEnded ? Scan::Record : Scan::NeedsMore;
    }
    switch (m_buffer[at]) {
    case ',': m_at = at + 1; return Scan::Field;
    case '\n': m_at = at + 1; return Scan::Record;
    case '\r':
        if (at + 1 == m_end && !m_sourceEnded)
            return Scan::NeedsMore;
        if (at + 1 < m_end && m_buffer[at + 1] == '\n') {
            m_at = at + 2;
            return Scan::Record;
        }
        return spoil(at, "it holds a carriage return that no line feed follows; lines end in LF or CR LF");
    case '\0': return spoil(at, "it holds a NUL byte");
    case '"':
        return spoil(at, "a quote stands inside a field that does not begin with one; quote the field and double the quote");
    default: break;
    }
    return spoil(at, quoted ? "text follows a closing quote; a quote inside a field is written twice" : "it cannot be read");
}

CsvReader::Scan CsvReader::spoil(std::size_t at, std::string_view problem)
{
    m_at = at;
    m_problem = problem;
    return Scan::Bad;
}

void CsvReader::push(std::size_t from, std::size_t length, bool undone)
{
    m_slices.push_back({from, length, undone});
}

std::size_t CsvReader::lineEnd(std::size_t from) const noexcept
{
    const void* found = from < m_end ? std::memchr(m_buffer.data() + from, '\n', m_end - from) : nullptr;
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - m_buffer.data()) : m_end;
}

/// The record's bytes are [m_begin, contentEnd); what comes next begins at recordEnd.
void CsvReader::takeUpTo(std::size_t contentEnd, std::size_t recordEnd)
{
    m_raw = {m_buffer.data() + m_begin, contentEnd - m_begin};
    m_recordLine = m_line;
    m_line += static_cast<std::uint64_t>(std::count(m_buffer.data() + m_begin, m_buffer.data() + recordEnd, '\n'));
    m_begin = recordEnd;
}

CsvReader::Next CsvReader::finishRecord()
{
    m_fields.clear();
    for (const Slice& slice : m_slices)
        m_fields.emplace_back((slice.undone ? m_undone.data() : m_buffer.data()) + slice.from, slice.length);
    takeUpTo(m_contentEnd, m_at);
    if (m_bits < 0x80 || domain::isUtf8(m_raw))
        return Next::Record;
    m_problem = "it is not text in UTF-8";
    return Next::Bad;
}

CsvReader::Next CsvReader::passOverBad()
{
    const std::size_t end = lineEnd(m_at);
    const std::size_t content = end > m_begin && m_buffer[end - 1] == '\r' ? end - 1 : end;
    takeUpTo(content, std::min(end + 1, m_end));
    return Next::Bad;
}

/// A quote that is never closed would swallow the rest of the file, so only its line is given up.
CsvReader::Next CsvReader::passOverFirstLine()
{
    m_at = m_begin;
    return passOverBad();
}

domain::Result<CsvReader::Next> CsvReader::passOverLongLine()
{
    m_longRaw.assign(m_buffer.data() + m_begin, kRawShown);
    const std::uint64_t line = m_line;
    while (lineEnd(m_begin) == m_end && !(m_sourceEnded && m_begin == m_end)) {
        m_begin = m_end;
        if (const domain::Status more = fill(); !more)
            return domain::failureOf(more);
    }
    m_at = m_begin;
    const Next bad = passOverBad();
    m_raw = m_longRaw;
    m_recordLine = line;
    return bad;
}

} // namespace scr::history
