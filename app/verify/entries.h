#pragma once

#include "verify/trust.h"

namespace scr::verify {

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
    static constexpr std::size_t kLongestRow = 1U << 20U;
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

/// Whom the pseudonyms in entries stand for.
class Names {
public:
    Names(Pack& pack, const std::string& file, std::string_view header)
    {
        Table table{pack, file, header};
        for (std::vector<std::string_view> cells; table.nextCells(cells);) {
            const bool isMalformed = !isHex(cells[1], 32) || isHex(cells[0], 32); // a name that is a pseudonym would be another's
            if (isMalformed || pseudonyms.contains(cells[0]) || nameOf(cells[1])) {
                table.tell(isMalformed ? "malformed" : "there twice");
                continue;
            }
            pseudonyms.emplace(cells[0], cells[1]);
            m_slots[placeOf(cells[1])] = {keyedHash({cells[1]}) | 1U, std::string{cells[0]}};
            if (2 * pseudonyms.size() < m_slots.size()) // half of them stay empty
                continue;
            m_slots.assign(2 * m_slots.size(), {});
            for (const auto& [name, pseudonym] : pseudonyms)
                m_slots[placeOf(pseudonym)] = {keyedHash({pseudonym}) | 1U, name};
        }
    }

    [[nodiscard]] const std::string* nameOf(std::string_view pseudonym) const
    {
        const Slot& slot = m_slots[placeOf(pseudonym)];
        return slot.hash == 0 ? nullptr : &slot.name;
    }

    std::map<std::string, std::string, std::less<>> pseudonyms; ///< by name

private:
    /// Every entry asks for two names: this is one look at memory, where the library's tables take three.
    struct Slot {
        std::uint64_t hash = 0; ///< of the pseudonym, and odd; 0: none
        std::string name;
    };
    [[nodiscard]] std::size_t placeOf(std::string_view pseudonym) const // or where it belongs
    {
        const std::uint64_t hash = keyedHash({pseudonym}) | 1U;
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

/// What the entries of some bundles say, in the order of their leaves.
struct Batch {
    struct Row {
        std::uint64_t leaf;
        std::size_t end; ///< in `text`
        bool isAttempt;
    };
    std::string text; ///< rows of the entries of the period
    std::vector<Row> rows;
    std::vector<Cast> casts;
    std::vector<std::pair<std::string, std::uint64_t>> done; ///< as in Entries
    std::uint64_t count = 0;                                 ///< of entries
};

/// A table of entries, held against them one after the other in the order of leaves.
class EntryTable : private Table {
public:
    using Table::Table;

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
        Entry entry;
        const auto take = [&](const std::string& path, std::uint64_t leaf, std::string_view bytes) {
            if (entry.parse(bytes))
                add(batch, leaf, entry);
            else
                m_pack.findings.add(path, leaf, "leaf " + std::to_string(leaf) + ": not an entry in canonical form");
        };
        for (const std::uint64_t place : places)
            tiles.forEntries(place, take);
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
        std::size_t begin = 0;
        for (const auto& [leaf, end, isAttempt] : batch.rows) {
            (isAttempt ? attempts : decisions).compare(leaf, std::string_view{batch.text}.substr(begin, end - begin));
            begin = end;
            firstPlace = std::min(firstPlace, leaf / Tiles::kWidth);
            endPlace = leaf / Tiles::kWidth + 1;
        }
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
    void add(Batch& batch, std::uint64_t leaf, const Entry& entry) const
    {
        using enum Entry::Field;
        using enum Entry::DecisionField;
        const auto text = [&](std::size_t field) { return entry.at(field).text; };
        const auto time = [&](std::size_t field) {
            return entry.at(field).kind == Value::Kind::Number ? isoText(entry.at(field).number) : "";
        };
        const bool isInPeriod = m_description.isInPeriod(entry.at(At).number);
        const std::uint64_t due = isInPeriod && (text(DecisionKind) == "void" || text(DecisionKind) == "restore") ? leaf : kNone;
        const std::string* token = entry.isAttempt ? tokens.nameOf(text(Token)) : nullptr;
        const std::string* origin = entry.isAttempt ? origins.nameOf(text(Origin)) : nullptr;
        ++batch.count;
        if (entry.isAttempt && text(Outcome) == "accepted" && entry.isText(Vote))
            batch.casts.push_back(
                {keyedHash({text(Vote)}), leaf, token && entry.isText(Post) ? keyedHash({*token, text(Post), text(Points)}) : 0});
        if (!entry.isAttempt && text(Result) == "done") {
            batch.done.emplace_back("", due);
            appendRow(batch.done.back().first, {text(DecisionKind), text(Subject), text(Digest)});
        }
        if (!isInPeriod)
            return;
        const std::string number = std::to_string(leaf);
        if (entry.isAttempt)
            appendRow(batch.text, {number, text(Key), text(Action), token ? *token : text(Token), text(Post), text(Points),
                                   time(At), time(Finished), text(Outcome), text(Sqlstate), text(Vote),
                                   origin ? *origin : text(Origin), text(Request)});
        else
            appendRow(batch.text, {number, text(DecisionKey), time(At), text(DecisionKind), text(Subject), text(Result),
                                   text(Actor), text(Detail), text(Digest)});
        batch.rows.push_back({leaf, batch.text.size(), entry.isAttempt});
    }
};

} // namespace scr::verify
