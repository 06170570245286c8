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
    [[nodiscard]] std::string_view raw() const noexcept;
    [[nodiscard]] std::string_view problem() const noexcept { return m_problem; }
    [[nodiscard]] std::uint64_t line() const noexcept { return m_recordLine; } ///< where the record begins, from 1

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] std::uint64_t bytesRead() const noexcept { return m_taken - (m_end - m_begin); }
    [[nodiscard]] std::uint64_t bytesTotal() const noexcept { return m_source->size(); } ///< 0: not known

private:
    struct Slice { ///< of the record, or of the text with its doubled quotes undone
        std::size_t from;
        std::size_t length;
        bool undone;
    };
    enum class Scan { Complete, NeedsMore, Bad };

    [[nodiscard]] domain::Status fill();
    [[nodiscard]] domain::Status lookAtFirstBytes();
    [[nodiscard]] domain::Result<Next> readRecord();
    [[nodiscard]] Scan scanRecord();
    [[nodiscard]] Scan scanPlainField();
    [[nodiscard]] Scan scanQuotedField();
    [[nodiscard]] Scan fieldEnds();
    [[nodiscard]] Scan spoil(std::string problem);
    [[nodiscard]] domain::Result<Next> passOverBadRecord();
    [[nodiscard]] domain::Result<Next> passOverLongRecord();
    [[nodiscard]] Next finishRecord();
    [[nodiscard]] std::size_t endOfLine(std::size_t from) const noexcept;
    void takeRecord(std::size_t end, std::uint64_t linesIn);

    std::unique_ptr<ByteSource> m_source;
    std::string m_name;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0; ///< first byte not yet handed out
    std::size_t m_end = 0;   ///< one past the last byte read
    std::size_t m_at = 0;    ///< where the scan of the present record stands
    std::uint64_t m_taken = 0;
    bool m_started = false;
    bool m_sourceEnded = false;
    bool m_recordEnded = false;

    std::uint64_t m_line = 1;
    std::uint64_t m_recordLine = 1;
    std::uint64_t m_linesInRecord = 0;
    std::size_t m_recordBegin = 0;
    std::size_t m_recordEnd = 0;
    bool m_sawHighByte = false;
    std::vector<Slice> m_slices;
    std::string m_undone;
    std::vector<std::string_view> m_fields;
    std::string m_problem;
};

} // namespace scr::history
