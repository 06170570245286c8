#include "packed/working_copy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <system_error>

#include <sqlite3.h>

#include <fmt/format.h>

#include "codec/flag_json.h"
#include "evidence/archive.h"
#include "evidence/layout.h"
#include "evidence/table.h"
#include "history/csv_reader.h"
#include "packed/hashed_bytes.h"
#include "packed/scratch.h"

namespace scr::packed {

namespace fs = std::filesystem;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::array kTables{evidence::kTokens,   evidence::kPosts,     evidence::kScores,
                             evidence::kVotes,    evidence::kReviewed,  evidence::kRequests,
                             evidence::kAttempts, evidence::kDecisions, evidence::kControls};
constexpr std::uint64_t kRowsBetweenLooks = 4096;
constexpr int kStepsBetweenLooks = 1'000'000;
constexpr std::uint64_t kLongestFlags = 1ULL << 30U;
constexpr std::uint64_t kUnpackingPercent = 20;
constexpr std::uint64_t kIndexingPercent = 80; ///< from here on

/// What pages ask by; made when the rows are in, as that is quicker.
constexpr std::array kIndexes{"tokens(token)",
                              "posts(post)",
                              "votes(vote_key)",
                              "votes(cast_at, vote_key)",
                              "votes(token, cast_at, vote_key)",
                              "votes(post, cast_at, vote_key)",
                              "attempts(leaf)",
                              "attempts(attempted_at, attempt_key)",
                              "attempts(token, attempted_at, attempt_key)",
                              "attempts(post, attempted_at, attempt_key)",
                              "decisions(leaf)",
                              "decisions(at, entry_key)",
                              "voided_votes(request, vote_key)",
                              "flagged(vote_key)"};

std::string_view sqlTypeOf(evidence::Cell cell)
{
    switch (cell) {
    case evidence::Cell::Text: return "TEXT NOT NULL";
    case evidence::Cell::Real: return "REAL";
    case evidence::Cell::Integer:
    case evidence::Cell::Time: return "INTEGER";
    }
    return {};
}

using Statement = std::unique_ptr<sqlite3_stmt, evidence::FinishStatement>;

class Loading {
public:
    Loading(const std::string& path, const domain::KeepGoing& keepGoing) : m_path{path}, m_keepGoing{keepGoing} {}

    Result<std::shared_ptr<const OpenPack>> run()
    {
        const auto folder = prepare();
        auto pack = folder ? PackFolder::open(*folder) : Result<PackFolder>{failureOf(folder)};
        if (!pack)
            return failureOf(pack);
        m_pack = std::make_shared<OpenPack>(OpenPack{*std::move(pack), {}, {}, {}, {}, m_scratch});
        Status done = makeDatabase();
        if (done)
            done = loadTables();
        if (done)
            done = loadFlags();
        if (done)
            done = finishDatabase();
        return done ? Result<std::shared_ptr<const OpenPack>>{m_pack} : failureOf(done);
    }

private:
    /// A folder for what is made here, and in it the pack's files where they are in an archive.
    Result<std::string> prepare()
    {
        std::error_code error;
        auto scratch = Scratch::make();
        if (!scratch)
            return failureOf(scratch);
        m_scratch = *std::move(scratch);
        if (!fs::is_regular_file(m_path, error))
            return m_path;
        const std::string folder = m_scratch->path + "/pack";
        fs::create_directory(folder, error);
        const Status unpacked = evidence::unpackArchive(m_path, folder, [this](std::uint64_t done, std::uint64_t all) {
            return goOn(kUnpackingPercent * done / std::max<std::uint64_t>(all, 1)).has_value();
        });
        return unpacked ? Result<std::string>{folder} : failureOf(unpacked);
    }

    [[nodiscard]] Status goOn(std::uint64_t percent)
    {
        m_percent = percent;
        if (m_keepGoing && !m_keepGoing(percent, 100))
            return failure(Fault::Cancelled, "The opening of the pack was stopped");
        return Nothing{};
    }

    /// While an index is made.
    [[nodiscard]] bool isUnwanted() const { return m_keepGoing && !m_keepGoing(m_percent, 100); }

    [[nodiscard]] domain::Error lastError() const
    {
        if (sqlite3_errcode(m_database.get()) == SQLITE_INTERRUPT)
            return {Fault::Cancelled, "The opening of the pack was stopped", {}, {}};
        return {Fault::Unavailable,
                fmt::format("the working copy of the pack cannot be made: {}", sqlite3_errmsg(m_database.get())),
                "Free some space, or set TMPDIR to a folder with more",
                {}};
    }

    [[nodiscard]] Status command(const std::string& sql)
    {
        if (sqlite3_exec(m_database.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            return tl::unexpected{lastError()};
        return Nothing{};
    }

    [[nodiscard]] Statement prepared(const std::string& sql)
    {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(m_database.get(), sql.c_str(), -1, &statement, nullptr);
        return Statement{statement};
    }

    [[nodiscard]] Status makeDatabase()
    {
        m_pack->database = m_scratch->path + "/rows.sqlite";
        sqlite3* handle = nullptr;
        const int code = sqlite3_open_v2(m_pack->database.c_str(), &handle,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
        m_database.reset(handle);
        if (code != SQLITE_OK)
            return tl::unexpected{lastError()};
        sqlite3_progress_handler(
            handle, kStepsBetweenLooks, [](void* loading) { return static_cast<Loading*>(loading)->isUnwanted() ? 1 : 0; }, this);
        // It goes with the program: a journal would be for nothing.
        return command("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN; "
                       "CREATE TABLE flagged(vote_key TEXT NOT NULL)");
    }

    [[nodiscard]] Status finishDatabase()
    {
        std::uint64_t made = 0;
        for (const char* index : kIndexes) {
            Status done = goOn(kIndexingPercent + (100 - kIndexingPercent) * made / kIndexes.size());
            if (done)
                done = command(fmt::format("CREATE INDEX by_{} ON {}", ++made, index));
            if (!done)
                return done;
        }
        Status committed = command("COMMIT");
        if (committed)
            committed = countDoubles();
        m_database.reset();
        return committed;
    }

    /// The verifier does not look for them, and here they count as often as they are there.
    [[nodiscard]] Status countDoubles()
    {
        const Statement doubles = prepared("SELECT count(*) FROM (SELECT 1 FROM votes GROUP BY vote_key HAVING count(*) > 1)");
        if (!doubles || sqlite3_step(doubles.get()) != SQLITE_ROW)
            return tl::unexpected{lastError()};
        if (const auto count = sqlite3_column_int64(doubles.get(), 0); count > 0)
            m_pack->remarks.push_back(fmt::format("{} votes are in data/rows/votes.csv more than once.", count));
        return Nothing{};
    }

    [[nodiscard]] Status loadTables()
    {
        std::error_code ignored;
        for (const evidence::TableLayout& layout : kTables) {
            const auto size = fs::file_size(m_pack->folder.placeOf(pathOf(layout)), ignored);
            m_bytesToRead += ignored ? 0 : size;
        }
        for (const evidence::TableLayout& layout : kTables) {
            if (const Status loaded = loadTable(layout); !loaded)
                return loaded;
        }
        return Nothing{};
    }

    [[nodiscard]] Status loadTable(const evidence::TableLayout& layout)
    {
        std::string fields;
        std::string marks;
        for (const evidence::Column& column : layout.columns) {
            fields += fmt::format("{}\"{}\" {}", fields.empty() ? "" : ", ", column.name, sqlTypeOf(column.cell));
            marks += marks.empty() ? "?" : ", ?";
        }
        if (const Status made = command(fmt::format("CREATE TABLE {} ({})", layout.name, fields)); !made)
            return made;
        const std::string path = pathOf(layout);
        if (!m_pack->folder.has(path)) {
            m_pack->remarks.push_back(fmt::format("{} is missing.", path));
            return Nothing{};
        }
        const auto insert = prepared(fmt::format("INSERT INTO {} VALUES ({})", layout.name, marks));
        if (!insert)
            return tl::unexpected{lastError()};
        auto source = history::openBytes(m_pack->folder.placeOf(path));
        if (!source)
            return failureOf(source);
        Hashing hashing;
        history::CsvReader reader{std::make_unique<HashedBytes>(*std::move(source), hashing), path};
        const Status loaded = loadRows(layout, reader, insert.get());
        m_pack->read[path] = hashing.hex(); // of a part where the header is none: then it is not what is listed, and need not be
        return loaded;
    }

    [[nodiscard]] Status loadRows(const evidence::TableLayout& layout, history::CsvReader& reader, sqlite3_stmt* insert)
    {
        std::uint64_t rows = 0;
        std::uint64_t spoilt = 0;
        for (auto next = reader.next();; next = reader.next()) {
            if (!next)
                return failureOf(next);
            if (*next == history::CsvReader::Next::End)
                break;
            const bool isHeader = rows++ == 0;
            if (*next == history::CsvReader::Next::Bad ||
                (isHeader ? !isHeaderOf(layout, reader) : !bindRow(layout, reader, insert)))
                ++spoilt;
            else if (!isHeader && sqlite3_step(insert) != SQLITE_DONE)
                return tl::unexpected{lastError()};
            sqlite3_reset(insert);
            if (isHeader && spoilt > 0)
                break; // whatever stands below it
            if (rows % kRowsBetweenLooks == 0) {
                const std::uint64_t read = m_bytesRead + reader.bytesRead();
                if (const Status wanted = goOn(kUnpackingPercent + (kIndexingPercent - kUnpackingPercent) * read /
                                                                       std::max<std::uint64_t>(m_bytesToRead, 1));
                    !wanted)
                    return wanted;
            }
        }
        m_bytesRead += reader.bytesRead();
        if (spoilt > 0)
            m_pack->remarks.push_back(
                rows == 1 ? fmt::format("{} is not a table of a pack and was left out.", reader.name())
                          : fmt::format("{} rows of {} cannot be read and were left out.", spoilt, reader.name()));
        return Nothing{};
    }

    static bool isHeaderOf(const evidence::TableLayout& layout, const history::CsvReader& reader)
    {
        return std::ranges::equal(reader.fields(), layout.columns, {}, {}, &evidence::Column::name);
    }

    /// What a row has its place by.
    static bool isNeeded(std::string_view column)
    {
        constexpr std::array kNeeded{"leaf", "cast_at", "attempted_at", "at", "cast_at_micros", "requested_at", "checked_at"};
        return std::ranges::find(kNeeded, column) != kNeeded.end();
    }

    static bool bindRow(const evidence::TableLayout& layout, const history::CsvReader& reader, sqlite3_stmt* insert)
    {
        const auto fields = reader.fields();
        bool isGood = fields.size() == layout.columns.size();
        for (std::size_t i = 0; i < fields.size() && isGood; ++i)
            isGood = (!fields[i].empty() || !isNeeded(layout.columns[i].name)) &&
                     bindCell(layout.columns[i].cell, fields[i], insert, static_cast<int>(i) + 1);
        return isGood;
    }

    static bool bindCell(evidence::Cell cell, std::string_view text, sqlite3_stmt* insert, int at)
    {
        if (cell == evidence::Cell::Text)
            return sqlite3_bind_text(insert, at, text.empty() ? "" : text.data(), static_cast<int>(text.size()), SQLITE_STATIC) ==
                   SQLITE_OK;
        if (text.empty())
            return sqlite3_bind_null(insert, at) == SQLITE_OK;
        const auto number = numberOf(cell, text);
        return number && (cell == evidence::Cell::Real ? sqlite3_bind_double(insert, at, number->real)
                                                       : sqlite3_bind_int64(insert, at, number->whole)) == SQLITE_OK;
    }

    struct Number {
        double real = 0;
        std::int64_t whole = 0;
    };
    /// Nothing for what is no number of that kind, or one that cannot be kept.
    static std::optional<Number> numberOf(evidence::Cell cell, std::string_view text)
    {
        Number number;
        const char* end = text.data() + text.size();
        if (cell == evidence::Cell::Time) {
            const auto time = domain::parseTime(text);
            number.whole = time ? domain::microsOf(*time) : 0;
            return time ? std::optional{number} : std::nullopt;
        }
        const auto [stop, error] = cell == evidence::Cell::Real ? std::from_chars(text.data(), end, number.real)
                                                                : std::from_chars(text.data(), end, number.whole);
        const bool isKept = std::isfinite(number.real) && number.whole >= 0;
        return error == std::errc{} && stop == end && isKept ? std::optional{number} : std::nullopt;
    }

    [[nodiscard]] Status loadFlags()
    {
        const auto text = m_pack->folder.read("data/flags.jsonl", kLongestFlags);
        if (!text)
            m_pack->remarks.push_back(text.error().detail + '.');
        std::uint64_t spoilt = 0;
        std::string example;
        for (std::string_view rest = text ? std::string_view{*text} : std::string_view{}; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (const Status wanted = goOn(kIndexingPercent); !wanted)
                return wanted;
            auto flag = codec::recordedFlagFromJson(line);
            if (flag)
                m_pack->flags.push_back(*std::move(flag));
            else if (spoilt++ == 0)
                example = flag.error().detail;
        }
        if (spoilt > 0)
            m_pack->remarks.push_back(fmt::format("{} lines of data/flags.jsonl were left out, the first: {}.", spoilt, example));
        Hashing hashing;
        hashing.add(text ? std::string_view{*text} : std::string_view{});
        if (text)
            m_pack->read["data/flags.jsonl"] = hashing.hex();
        return loadFlagged();
    }

    /// The votes that a void of all flags that are not dismissed would take out.
    [[nodiscard]] Status loadFlagged()
    {
        const Statement insert = prepared("INSERT INTO flagged VALUES (?)");
        for (const domain::FlagReading& one : m_pack->flags) {
            if (one.recorded.state != domain::FlagState::Open && one.recorded.state != domain::FlagState::Confirmed)
                continue;
            for (const domain::VoteKey& vote : one.recorded.flag.extraVotes) {
                if (!insert || !bindCell(evidence::Cell::Text, vote.text, insert.get(), 1) ||
                    sqlite3_step(insert.get()) != SQLITE_DONE)
                    return tl::unexpected{lastError()};
                sqlite3_reset(insert.get());
            }
        }
        return Nothing{};
    }

    std::string m_path;
    const domain::KeepGoing& m_keepGoing;
    std::shared_ptr<Scratch> m_scratch;
    std::shared_ptr<OpenPack> m_pack;
    std::unique_ptr<sqlite3, evidence::CloseDatabase> m_database;
    std::uint64_t m_bytesToRead = 0;
    std::uint64_t m_bytesRead = 0;
    std::uint64_t m_percent = 0;
};

} // namespace

Result<std::shared_ptr<const OpenPack>> openPack(const std::string& path, const domain::KeepGoing& keepGoing)
{
    return Loading{path, keepGoing}.run();
}

bool isAsListed(const OpenPack& pack)
{
    const auto manifest = pack.folder.read("manifest-sha256.txt", kLongestFlags);
    return manifest && std::ranges::all_of(pack.read, [&manifest](const auto& file) {
               return manifest->find(fmt::format("{}  {}\n", file.second, file.first)) != std::string::npos;
           });
}

} // namespace scr::packed
