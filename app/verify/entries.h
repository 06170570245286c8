#pragma once

#include "verify/trust.h"

namespace scr::verify {

inline constexpr std::size_t kLongestName = 1000;     ///< bytes: rows of entries are made of two each
inline constexpr std::size_t kLongestRow = 1U << 20U; ///< bytes, without its LF; no row of an entry is longer

/// A table of data/rows, row by row; tells what is malformed. Its header is looked at when it is opened.
class Table {
public:
    Table(Pack& pack, const std::string& name, std::string_view header) :
        m_findings{pack.findings}, m_path{"data/rows/" + name}, m_width{std::ranges::count(header, ',') + 1}
    {
        if (File* file = pack.find(m_path))
            m_reader.emplace(pack, *file);
        isBroken = !m_reader;
        next();
        row = 1; // even of a file of no bytes
        if (text != header && !isBroken)
            tell("not the header");
    }

    /// Goes to the next row.
    bool next()
    {
        if (isBroken)
            return false;
        const auto rest = [this] { return std::string_view{m_bytes}.substr(m_done, kLongestRow + 1); };
        std::size_t length = recordLength(rest());
        for (; length == 0 && rest().size() <= kLongestRow && m_reader->append(m_bytes); length = recordLength(rest()))
            m_bytes.erase(0, std::exchange(m_done, 0));
        if (rest().empty())
            return false;
        ++row;
        text = rest().substr(0, std::max<std::size_t>(length, 1) - 1);
        m_done += length;
        isBroken = length == 0;
        if (isBroken)
            tell("malformed");
        while (isBroken && m_reader->append(m_bytes)) // to its end, which is where its hash is looked at
            m_bytes.clear();
        return !isBroken;
    }

    /// Goes over that many rows at once if they are these, each with its LF.
    bool nextAre(std::string_view rows, std::uint64_t count)
    {
        while (!isBroken && m_bytes.size() - m_done < rows.size() && m_reader->append(m_bytes))
            m_bytes.erase(0, std::exchange(m_done, 0));
        const bool areThese = !isBroken && std::string_view{m_bytes}.substr(m_done).starts_with(rows);
        m_done += areThese ? rows.size() : 0;
        row += areThese ? count : 0;
        return areThese;
    }

    /// Goes to the next row that is made of as many cells as the header. Views of them end with the next call.
    bool nextCells(std::vector<std::string_view>& cells)
    {
        bool isGood = false;
        while (!isGood && next())
            isGood = takeCells(text, row, cells, m_undone);
        return isGood;
    }
    bool takeCells(std::string_view record, std::uint64_t number, std::vector<std::string_view>& cells, std::string& undone) const
    {
        const bool isGood = parseCells(record, cells, undone) && std::ssize(cells) == m_width;
        if (!isGood)
            tell("malformed", number);
        return isGood;
    }

    void tell(const std::string& what) const { tell(what, row); }
    void tell(const std::string& what, std::uint64_t number, const std::string& unit = "row ") const
    {
        m_findings.add(m_path, number, unit + std::to_string(number) + ": " + what);
    }

    std::uint64_t row = 0;
    std::string_view text; ///< the row, without its LF, until the next
    bool isBroken = false; ///< there is no such file, or reading ended before it does

private:
    Findings& m_findings;
    std::string m_path;
    std::ptrdiff_t m_width;
    std::optional<Pack::Reader> m_reader;
    std::string m_bytes, m_undone; ///< some bytes; unquoted cells
    std::size_t m_done = 0;        ///< of the bytes
};

/// A hash of cells with a key of this run, so that nobody can make others that meet: as good as these, and short.
inline std::uint64_t keyedHash(std::initializer_list<std::string_view> cells)
{
    static const auto key = [] {
        std::array<unsigned char, crypto_shorthash_KEYBYTES> random{};
        crypto_shorthash_keygen(random.data());
        return random;
    }();
    std::uint64_t all = 0, hash = 0;
    for (const std::string_view cell : cells) {
        crypto_shorthash(reinterpret_cast<unsigned char*>(&hash), octets(cell), cell.size(), key.data());
        all = 3 * all + hash; // 3: their order matters
    }
    return all;
}

/// Things with a keyed hash, to be found with few looks at memory.
template <class T>
class Index {
public:
    explicit Index(std::vector<T> things = {}) : all{std::move(things)}
    {
        std::sort(all.begin(), all.end());
        for (const T& one : all)
            ++m_starts[(one.hash >> m_shift) + 1];
        std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    }

    /// Begins to fetch what find() looks at: waiting for memory takes longest, and so is done for many at the same time.
    void fetch(std::uint64_t hash) const { __builtin_prefetch(all.data() + m_starts[hash >> m_shift]); }

    [[nodiscard]] std::span<const T> find(std::uint64_t hash) const
    {
        const std::uint64_t* start = &m_starts[hash >> m_shift];
        const auto near = std::span{all}.subspan(start[0], start[1] - start[0]);
        const auto found = std::ranges::equal_range(near, hash, {}, &T::hash);
        return {found.begin(), found.end()};
    }

    std::vector<T> all; ///< sorted

private:
    int m_shift = std::countl_zero(all.size() / 4 + 1); ///< about 4 of them have the same first bits
    /// Where those with the same first bits of the hash begin.
    std::vector<std::uint64_t> m_starts = std::vector<std::uint64_t>((1ULL << (64 - m_shift)) + 1);
};

/// Whom the pseudonyms in entries stand for.
struct Names {
    explicit Names(Table table)
    {
        std::vector<Name> names;
        std::set<std::uint64_t> known;
        for (std::vector<std::string_view> cells; table.nextCells(cells);) {
            const std::uint64_t hash = keyedHash({cells[1]});
            // A name that is a pseudonym would be another's, one that is empty nobody's.
            const bool isGood =
                isHex(cells[1], 32) && !isHex(cells[0], 32) && !cells[0].empty() && cells[0].size() <= kLongestName;
            if (!isGood || pseudonyms.contains(cells[0]) || !known.insert(hash).second) {
                table.tell(isGood ? "there twice" : "malformed");
                continue;
            }
            pseudonyms.emplace(cells[0], cells[1]);
            names.push_back({hash, std::string{cells[0]}});
        }
        index = Index{std::move(names)};
    }

    struct Name {
        std::uint64_t hash; ///< of the pseudonym
        std::string name;
        auto operator<=>(const Name&) const = default;
    };
    std::map<std::string, std::string, std::less<>> pseudonyms; ///< by name
    Index<Name> index;
};

/// An accepted attempt, by hashes: of the vote's key; and of the token, the post and the value, 0 without a token or a post. 64
/// bits that nobody can aim at are as good as the texts.
struct Cast {
    std::uint64_t hash, leaf, what;
    auto operator<=>(const Cast&) const = default;
};

/// Rows of a table as they should be.
struct Rows {
    std::string text; ///< each with its LF
    std::uint64_t count = 0;
};

/// The number that a row of entries begins with.
inline std::optional<std::uint64_t> leafOf(std::string_view row)
{
    return decimal(takeUntil(row, ',').value_or(""), 16);
}

/// What the entries of some bundles say.
struct Batch {
    Rows attempts, decisions; ///< of the period
    std::vector<Cast> casts;
    std::set<std::string> done; ///< these as in Entries
    std::map<std::string, std::uint64_t> due;
    std::uint64_t count = 0;                   ///< of entries
    std::uint64_t first = UINT64_MAX, end = 0; ///< leaves: from and before which there are some of the period
    std::string at, finished;                  ///< memory for the texts of times
};

/// A table of entries, held against them one after the other in the order of leaves.
class EntryTable : private Table {
public:
    using Table::Table;

    void compare(const Rows& rows)
    {
        std::string_view rest = rows.text;
        if (!m_isAtRow && nextAre(rest, rows.count)) {
            good += rows.count;
            rest = {};
        }
        while (!rest.empty()) {
            const std::string_view expected = rest.substr(0, recordLength(rest) - 1);
            rest.remove_prefix(expected.size() + 1);
            const std::uint64_t leaf = *leafOf(expected);
            skipTo(leaf);
            const bool isThere = m_isAtRow && leafOf(text) == leaf;
            if (isThere && text != expected)
                tell("not what leaf " + std::to_string(leaf) + " says");
            else if (!isThere && isWhole && !isBroken)
                tell("has no row", leaf, "leaf ");
            good += isThere && text == expected ? 1 : 0;
            m_isAtRow = m_isAtRow && !isThere;
        }
    }

    /// Goes on to a row of that leaf or a greater one.
    void skipTo(std::uint64_t leaf)
    {
        for (m_isAtRow = m_isAtRow || next(); m_isAtRow && !(leafOf(text) >= leaf); m_isAtRow = next())
            tell("no entry says so");
    }

    bool isWhole = true;    ///< every row must be there
    std::uint64_t good = 0; ///< rows

private:
    bool m_isAtRow = false; ///< at one that nothing was compared with
};

/// What all entries say, held against the tables of them.
class Entries {
    Pack& m_pack;
    const Description& m_description;

public:
    Entries(Pack& pack, const Description& description) : m_pack{pack}, m_description{description}
    {
        attempts.isWhole = description.hasAllAttempts;
    }

    /// From any thread.
    [[nodiscard]] Batch batchOf(Tiles& tiles, const std::vector<std::uint64_t>& places) const
    {
        Batch batch;
        std::string bytes;
        std::vector<Entry> entries(Tiles::kWidth);
        for (const std::uint64_t place : places) {
            std::size_t taken = 0;
            tiles.forEntries(place, bytes, [&](const std::string& path, std::uint64_t leaf, std::string_view text) {
                Entry& entry = entries[taken];
                if (!entry.parse(text))
                    return m_pack.findings.add(path, leaf, "leaf " + std::to_string(leaf) + ": not an entry in canonical form");
                entry.leaf = leaf;
                entry.token = entry.isAttempt ? keyedHash({entry.at(Entry::Token).text}) : 0;
                entry.origin = entry.isAttempt ? keyedHash({entry.at(Entry::Origin).text}) : 0;
                tokens.index.fetch(entry.token);
                origins.index.fetch(entry.origin);
                ++taken;
            });
            for (const Entry& entry : std::span{entries}.first(taken))
                add(batch, entry);
        }
        return batch;
    }

    /// In the order of leaves.
    void take(Batch batch)
    {
        count += batch.count;
        casts.insert(casts.end(), batch.casts.begin(), batch.casts.end());
        done.merge(batch.done);
        due.merge(batch.due);
        attempts.compare(batch.attempts);
        decisions.compare(batch.decisions);
        firstPlace = std::min(firstPlace, batch.first / Tiles::kWidth);
        endPlace = std::max(endPlace, (batch.end + Tiles::kWidth - 1) / Tiles::kWidth);
    }

    Names tokens{{m_pack, "tokens.csv", "token,pseudonym,label,created_at,state"}};
    Names origins{{m_pack, "origins.csv", "origin,pseudonym"}};
    EntryTable attempts{
        m_pack, "attempts.csv",
        "leaf,attempt_key,action,token,post,value,attempted_at,finished_at,outcome,sqlstate,vote_key,origin,request_key"};
    EntryTable decisions{m_pack, "decisions.csv", "leaf,entry_key,at,kind,subject,outcome,actor,detail,digest"};
    std::uint64_t count = 0;                             ///< good ones
    std::uint64_t firstPlace = UINT64_MAX, endPlace = 0; ///< from which and before which 256 leaves some are of the period
    std::vector<Cast> casts;
    std::set<std::string> done;               ///< kind, subject and digest of decisions that were carried out
    std::map<std::string, std::uint64_t> due; ///< those for which voids.csv must have a row, and their first leaf

private:
    void add(Batch& batch, const Entry& entry) const
    {
        using enum Entry::Field;
        using enum Entry::DecisionField;
        const auto text = [&](std::size_t field) { return entry.at(field).text; };
        const auto time = [&](std::size_t field, std::string& memory) {
            return entry.at(field).kind == 'n' ? isoText(entry.at(field).number, memory) : "";
        };
        const std::string number = std::to_string(entry.leaf);
        const bool isInPeriod = m_description.isInPeriod(entry.at(At).number);
        ++batch.count;
        if (entry.isAttempt) {
            const auto token = tokens.index.find(entry.token);
            const auto origin = origins.index.find(entry.origin);
            const std::string_view shown = token.empty() ? text(Token) : token.front().name;
            const bool isWhole = entry.at(Token).kind == 't' && entry.at(Post).kind == 't';
            if (text(Outcome) == "accepted" && entry.at(Vote).kind == 't')
                batch.casts.push_back(
                    {keyedHash({text(Vote)}), entry.leaf, isWhole ? keyedHash({shown, text(Post), text(Points)}) : 0});
            if (isInPeriod)
                appendRow(batch.attempts.text, {number, text(Key), text(Action), shown, text(Post), text(Points),
                                                time(At, batch.at), time(Finished, batch.finished), text(Outcome), text(Sqlstate),
                                                text(Vote), origin.empty() ? text(Origin) : origin.front().name, text(Request)});
        } else {
            if (text(Result) == "done") {
                std::string said;
                appendRow(said, {text(DecisionKind), text(Subject), text(Digest)});
                if (isInPeriod && (text(DecisionKind) == "void" || text(DecisionKind) == "restore"))
                    batch.due.emplace(said, entry.leaf);
                batch.done.insert(said);
            }
            if (isInPeriod)
                appendRow(batch.decisions.text, {number, text(DecisionKey), time(At, batch.at), text(DecisionKind), text(Subject),
                                                 text(Result), text(Actor), text(Detail), text(Digest)});
        }
        if (isInPeriod) {
            ++(entry.isAttempt ? batch.attempts : batch.decisions).count;
            batch.first = std::min(batch.first, entry.leaf);
            batch.end = entry.leaf + 1;
        }
    }
};

} // namespace scr::verify
