#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/byte_source.h"

namespace scr::history {

/// Streaming reader of RFC 4180 text in UTF-8: fields in quotes may hold commas, quotes and line ends; lines end in LF or CR LF;
/// a byte order mark and empty lines are passed over. Memory is bounded by the longest record, which is at most kLongestRecord.
class CsvReader {
public:
    static constexpr std::size_t kLongestRecord = 1U << 20U;

    CsvReader(std::unique_ptr<ByteSource> source, std::string name);

    enum class Next { Record, Bad, End };
    /// Reads on to the next record. Bad: the record is malformed, `problem()` says how and reading can go on behind it. An error:
    /// the bytes cannot be read at all (the disk failed; compressed or UTF-16 data).
    [[nodiscard]] domain::Result<Next> next();

    /// Fields and text of the present record, valid until the next call of next().
    [[nodiscard]] std::span<const std::string_view> fields() const noexcept { return m_fields; }
    [[nodiscard]] std::string_view raw() const noexcept { return m_raw; } ///< without its line end
    [[nodiscard]] std::string_view problem() const noexcept { return m_problem; }
    [[nodiscard]] std::uint64_t line() const noexcept { return m_recordLine; } ///< where the record begins, from 1

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] std::uint64_t bytesRead() const noexcept { return m_taken - (m_end - m_begin); }
    [[nodiscard]] std::uint64_t bytesTotal() const noexcept { return m_source->size(); } ///< 0: not known

private:
    struct Slice { ///< of the buffer, or of m_undone when doubled quotes had to be undone
        std::size_t from;
        std::size_t length;
        bool undone;
    };
    enum class Scan { Field, Record, NeedsMore, Bad };

    [[nodiscard]] domain::Status fill();
    [[nodiscard]] domain::Status lookAtFirstBytes();
    [[nodiscard]] Scan scanRecord();
    [[nodiscard]] Scan scanPlainField();
    [[nodiscard]] Scan scanQuotedField();
    [[nodiscard]] Scan endField(std::size_t at, bool quoted);
    [[nodiscard]] Scan spoil(std::size_t at, std::string_view problem);
    [[nodiscard]] std::size_t lineEnd(std::size_t from) const noexcept;
    [[nodiscard]] Next finishRecord();
    [[nodiscard]] Next passOverBad();
    [[nodiscard]] Next passOverFirstLine();
    [[nodiscard]] domain::Result<Next> passOverLongLine();
    void takeUpTo(std::size_t contentEnd, std::size_t recordEnd);
    void push(std::size_t from, std::size_t length, bool undone);

    std::unique_ptr<ByteSource> m_source;
    std::string m_name;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0; ///< first byte not yet handed out
    std::size_t m_end = 0;   ///< one past the last byte read
    std::size_t m_at = 0;    ///< where the scan of the present record stands, or what is wrong with it
    std::uint64_t m_taken = 0;
    bool m_sourceEnded = false;

    std::uint64_t m_line = 1; ///< of m_begin
    std::uint64_t m_recordLine = 1;
    std::size_t m_contentEnd = 0; ///< of the present record, without its line end
    bool m_quoteOpen = false;     ///< the scan stopped inside quotes
    unsigned char m_bits = 0;     ///< all bytes of the record in one, to see whether any is beyond ASCII
    std::vector<Slice> m_slices;
    std::string m_undone;
    std::vector<std::string_view> m_fields;
    std::string_view m_raw;
    std::string m_longRaw;
    std::string m_problem;
};

} // namespace scr::history
