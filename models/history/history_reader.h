#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "domain/history_row.h"
#include "domain/result.h"
#include "history/csv_reader.h"

namespace scr::history {

/// A line that was not taken, and why.
struct BadLine {
    std::string file;
    std::uint64_t line{}; ///< where the record begins, from 1
    std::string reason;   ///< one sentence
    std::string raw;      ///< the record as it stands in the file, without its line end

    friend bool operator==(const BadLine&, const BadLine&) = default;
};

/// "votes.csv, line 17: value 'x' is not a number"
[[nodiscard]] std::string sentenceOf(const BadLine& bad);

template <class Row>
struct Batch {
    std::vector<Row> rows;
    std::vector<BadLine> bad;
};

/// What a file is read for. What goes into a database must be all right; a scan looks at files that others made for purposes of
/// their own, with columns beside what it needs and pseudonyms in place of addresses.
enum class HistoryUse { Import, Scan };

/// Reads one kind of history file. The header names the columns, in any order:
///   votes     token, post, cast_at; optional value (1), vote_key, author, origin
///   attempts  token, post, attempted_at, outcome; optional value (1), finished_at, sqlstate, vote_key, origin, request_key
///   posts     post; optional title, author, created_at, counter
///   tokens    token; optional label, created_at, state
/// For an import a column it does not know is an error, since a misspelt one would silently be lost, and an origin is an address
/// or a network. For a scan such columns are left out, and an origin may be any text.
template <class Row>
class HistoryReader {
public:
    [[nodiscard]] static domain::Result<HistoryReader> open(const std::string& path, ///< "-": standard input
                                                            HistoryUse use = HistoryUse::Import);
    [[nodiscard]] static domain::Result<HistoryReader> over(std::unique_ptr<ByteSource> source, std::string name,
                                                            HistoryUse use = HistoryUse::Import);

    /// Replaces the batch by the next rows, at most `limit`, good and bad ones counted alike. False, with an
    /// empty batch: there are none left.
    [[nodiscard]] domain::Result<bool> next(Batch<Row>& batch, std::size_t limit = 4096);

    [[nodiscard]] std::uint64_t bytesRead() const noexcept { return m_csv->bytesRead(); }
    [[nodiscard]] std::uint64_t bytesTotal() const noexcept { return m_csv->bytesTotal(); } ///< 0: not known
    [[nodiscard]] const std::string& name() const noexcept { return m_csv->name(); }
    /// Names of the columns that are left out, as the file writes them.
    [[nodiscard]] const std::vector<std::string>& unreadColumns() const noexcept { return m_header.unread; }

private:
    /// What the first line says.
    struct Header {
        std::vector<int> places; ///< column of the file for each column of the kind; -1: the file has none
        std::vector<std::string> unread;
        std::size_t width{}; ///< fields it names
    };
    [[nodiscard]] static domain::Result<Header> headerOf(const CsvReader& csv, HistoryUse use);

    HistoryReader(std::unique_ptr<CsvReader> csv, Header header, HistoryUse use) :
        m_csv{std::move(csv)}, m_header{std::move(header)}, m_use{use}
    {
    }
    /// Empty when the row was filled; else why the record is no row.
    [[nodiscard]] std::string fill(Row& row) const;

    std::unique_ptr<CsvReader> m_csv;
    Header m_header;
    HistoryUse m_use;
};

using VoteFileReader = HistoryReader<domain::HistoryVote>;
using AttemptFileReader = HistoryReader<domain::HistoryAttempt>;
using PostFileReader = HistoryReader<domain::HistoryPost>;
using TokenFileReader = HistoryReader<domain::HistoryToken>;

extern template class HistoryReader<domain::HistoryVote>;
extern template class HistoryReader<domain::HistoryAttempt>;
extern template class HistoryReader<domain::HistoryPost>;
extern template class HistoryReader<domain::HistoryToken>;

} // namespace scr::history
