#pragma once

#include "verify/trust.h"

namespace scr::verify {

inline constexpr std::size_t kLongestRow = 1U << 20U; ///< bytes, without its LF

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
        randombytes_buf(random.data(), random.size());
        return random;
    }();
    std::array<unsigned char, crypto_shorthash_BYTES> hash{};
    std::uint64_t all = 0;
    for (const std::string_view cell : cells) {
        crypto_shorthash(hash.data(), octets(cell), cell.size(), key.data());
        all = 3 * all + std::bit_cast<std::uint64_t>(hash); // 3: their order matters
    }
    return all;
}

using Pseudonyms = std::map<std::string, std::string, std::less<>>; ///< by name

/// Whom the pseudonyms in entries stand for.
class Names {
public:
    Names(Pack& pack, const std::string& file, std::string_view header)
    {
        Table table{pack, file, header};
        for (std::vector<std::string_view> cells; table.nextCells(cells);) {
            const bool isMalformed = !isHex(cells[1], 32) || isHex(cells[0], 32); // a name that is a pseudonym would be another's
            const std::uint64_t hash = hashOf(cells[1]);
            if (isMalformed || pseudonyms.contains(cells[0]) || nameOf(hash)) {
                table.tell(isMalformed ? "malformed" : "there twice");
                continue;
            }
            pseudonyms.emplace(cells[0], cells[1]);
            m_slots[placeOf(hash)] = {hash, std::string{cells[0]}};
            if (2 * pseudonyms.size() < m_slots.size()) // half of them stay empty
                continue;
            auto fewer = std::exchange(m_slots, std::vector<Slot>(2 * m_slots.size()));
            for (Slot& slot : fewer) {
                if (slot.hash != 0)
                    m_slots[placeOf(slot.hash)] = std::move(slot);
            }
        }
    }

    /// Every entry asks for two names: this begins to fetch one, so that nameOf() need not wait for memory.
    [[nodiscard]] std::uint64_t hashOf(std::string_view pseudonym) const
    {
        const std::uint64_t hash = keyedHash({pseudonym}) | 1U;
        const Slot* slot = &m_slots[hash / 2 % m_slots.size()];
        __builtin_prefetch(slot);
        __builtin_prefetch(slot + 1);
        return hash;
    }
    [[nodiscard]] const std::string* nameOf(std::uint64_t hash) const
    {
        const Slot& slot = m_slots[placeOf(hash)];
        return slot.hash == 0 ? nullptr : &slot.name;
    }

    Pseudonyms pseudonyms;

private:
    struct Slot {               // one look at memory, where the library's tables take three
        std::uint64_t hash = 0; ///< of the pseudonym, and odd; 0: none
        std::string name;
    };
    [[nodiscard]] std::size_t placeOf(std::uint64_t hash) const // or where it belongs
    {
        std::size_t place = hash / 2 % m_slots.size();
        while (m_slots[place].hash != 0 && m_slots[place].hash != hash)
            place = (place + 1) % m_slots.size();
        return place;
    }
    std::vector<Slot> m_slots = std::vector<Slot>(64); ///< of a power of two
};

/// An accepted attempt, by hashes: of the vote's key; and of the token, the post and the value, 0 without a post or a token that
/// tokens.csv names. 64 bits that nobody can aim at are as good as the texts.
struct Cast {
    std::uint64_t vote, leaf, what;
};

/// Some rows of a table.
struct Rows {
    void endRow(std::uint64_t number)
    {
        hasLong = hasLong || text.size() > kLongestRow + (each.empty() ? 0 : each.back().second);
        text += '\n';
        each.emplace_back(number, text.size());
    }

    /// Calls take(number, row).
    template <class Take>
    void forEach(const Take& take) const
    {
        std::size_t begin = 0;
        for (const auto& [number, end] : each) {
            take(number, std::string_view{text}.substr(begin, end - 1 - begin));
            begin = end;
        }
    }

    std::string text;                                        ///< each with its LF
    std::vector<std::pair<std::uint64_t, std::size_t>> each; ///< number of the row or of its leaf, and where in the text it ends
    bool hasLong = false;                                    ///< one that is longer than a table's may be
};

/// What the entries of some bundles say.
struct Batch {
    Rows attempts, decisions; ///< of the period
    std::vector<Cast> casts;
    std::vector<std::pair<std::string, std::uint64_t>> done; ///< as in Entries
    std::uint64_t count = 0;                                 ///< of entries
    std::uint64_t first = UINT64_MAX, end = 0;               ///< leaves: from and before which there are some of the period
    std::string at, finished;                                ///< memory for the texts of times
};

/// A table of entries, held against them one after the other in the order of leaves.
class EntryTable : private Table {
public:
    using Table::Table;

    void compare(const Rows& rows)
    {
        if (!m_isAtLeaf && !rows.each.empty() && !rows.hasLong && nextAre(rows.text, rows.each.size())) {
            m_leaf = rows.each.back().first;
            good += rows.each.size();
            return;
        }
        rows.forEach([this](std::uint64_t leaf, std::string_view expected) { compare(leaf, expected); });
    }

    /// Goes on to a row of that leaf or a greater one; tells of those before it that they should not be there.
    void skipTo(std::uint64_t leaf)
    {
        while (!m_isAtLeaf || m_leaf < leaf) {
            if (m_isAtLeaf)
                tell("leaf " + std::to_string(*m_leaf) + " has no row here");
            m_isAtLeaf = false;
            if (!next())
                return;
            const auto said = decimal(text.substr(0, text.find(',')), text.find(',') == std::string_view::npos ? 0 : 16);
            m_isAtLeaf = said && (!m_leaf || *said > *m_leaf);
            if (m_isAtLeaf)
                m_leaf = said;
            else
                tell(said ? "out of order" : "malformed");
        }
    }

    bool isWhole = true;    ///< every row must be there
    std::uint64_t good = 0; ///< rows

private:
    void compare(std::uint64_t leaf, std::string_view expected)
    {
        skipTo(leaf);
        if (m_isAtLeaf && m_leaf == leaf) {
            m_isAtLeaf = false;
            if (text == expected)
                ++good;
            else
                tell("not what leaf " + std::to_string(leaf) + " says");
        } else if (isWhole && (m_isAtLeaf || !isBroken)) {
            tell("has no row", leaf, "leaf ");
        }
    }

    bool m_isAtLeaf = false;             ///< the table is at a row that nothing was compared with
    std::optional<std::uint64_t> m_leaf; ///< of the last row that said one
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
                entry.token = entry.isAttempt ? tokens.hashOf(entry.at(Entry::Token).text) : 0;
                entry.origin = entry.isAttempt ? origins.hashOf(entry.at(Entry::Origin).text) : 0;
                ++taken;
            });
            for (const Entry& entry : std::span{entries}.first(taken))
                add(batch, entry);
        }
        return batch;
    }

    /// In the order of leaves.
    void take(const Batch& batch)
    {
        count += batch.count;
        casts.insert(casts.end(), batch.casts.begin(), batch.casts.end());
        for (const auto& [what, leaf] : batch.done) {
            std::uint64_t& first = done.emplace(what, leaf).first->second;
            first = std::min(first, leaf);
        }
        attempts.compare(batch.attempts);
        decisions.compare(batch.decisions);
        firstPlace = std::min(firstPlace, batch.first / Tiles::kWidth);
        endPlace = std::max(endPlace, (batch.end + Tiles::kWidth - 1) / Tiles::kWidth);
    }

    Names tokens{m_pack, "tokens.csv", "token,pseudonym,label,created_at,state"};
    Names origins{m_pack, "origins.csv", "origin,pseudonym"};
    EntryTable attempts{
        m_pack, "attempts.csv",
        "leaf,attempt_key,action,token,post,value,attempted_at,finished_at,outcome,sqlstate,vote_key,origin,request_key"};
    EntryTable decisions{m_pack, "decisions.csv", "leaf,entry_key,at,kind,subject,outcome,actor,detail,digest"};
    std::uint64_t count = 0;                             ///< good ones
    std::uint64_t firstPlace = UINT64_MAX, endPlace = 0; ///< from which and before which 256 leaves some are of the period
    std::vector<Cast> casts;
    /// Kind, subject and digest of decisions that were carried out, and the first leaf for which voids.csv must have a row.
    std::map<std::string, std::uint64_t> done;
    static constexpr std::uint64_t kNone = UINT64_MAX; ///< in the place of such a leaf

private:
    void add(Batch& batch, const Entry& entry) const
    {
        using enum Entry::Field;
        using enum Entry::DecisionField;
        const auto text = [&](std::size_t field) { return entry.at(field).text; };
        const auto time = [&](std::size_t field, std::string& memory) {
            return entry.at(field).kind == Value::Kind::Number ? isoText(entry.at(field).number, memory) : "";
        };
        const std::string number = std::to_string(entry.leaf);
        const bool isInPeriod = m_description.isInPeriod(entry.at(At).number);
        ++batch.count;
        if (entry.isAttempt) {
            const std::string* token = tokens.nameOf(entry.token);
            const std::string* origin = origins.nameOf(entry.origin);
            if (text(Outcome) == "accepted" && entry.isText(Vote))
                batch.casts.push_back({keyedHash({text(Vote)}), entry.leaf,
                                       token && entry.isText(Post) ? keyedHash({*token, text(Post), text(Points)}) : 0});
            if (isInPeriod)
                appendRow(batch.attempts.text, {number, text(Key), text(Action), token ? *token : text(Token), text(Post),
                                                text(Points), time(At, batch.at), time(Finished, batch.finished), text(Outcome),
                                                text(Sqlstate), text(Vote), origin ? *origin : text(Origin), text(Request)});
        } else {
            const bool isDue = isInPeriod && (text(DecisionKind) == "void" || text(DecisionKind) == "restore");
            if (text(Result) == "done") {
                batch.done.emplace_back("", isDue ? entry.leaf : kNone);
                appendRow(batch.done.back().first, {text(DecisionKind), text(Subject), text(Digest)});
            }
            if (isInPeriod)
                appendRow(batch.decisions.text, {number, text(DecisionKey), time(At, batch.at), text(DecisionKind), text(Subject),
                                                 text(Result), text(Actor), text(Detail), text(Digest)});
        }
        if (isInPeriod) {
            (entry.isAttempt ? batch.attempts : batch.decisions).endRow(entry.leaf);
            batch.first = std::min(batch.first, entry.leaf);
            batch.end = entry.leaf + 1;
        }
    }
};

} // namespace scr::verify
