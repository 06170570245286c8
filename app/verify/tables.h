#pragma once

#include <bit>

#include "verify/pack.h"

namespace scr::verify {

/// A table of data/rows, row by row; tells what is malformed. Its header is looked at when it is opened.
class Table {
public:
    Table(Pack& pack, const std::string& name, std::string_view header) :
        m_findings{pack.findings}, m_path{"data/rows/" + name}, m_width{std::ranges::count(header, ',') + 1}
    {
        File* file = pack.find(m_path);
        isBroken = !file;
        if (!file)
            return;
        m_reader.emplace(pack, *file);
        if (!next() && row == 0)
            row = 1;
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
        while (next()) {
            if (takeCells(text, row, cells, m_undone))
                return true;
        }
        return false;
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

/// A hash with a key of this run, so that nobody can make two texts that meet: as good as the text, and short.
inline std::uint64_t keyedHash(std::string_view text)
{
    static const auto key = [] {
        std::array<unsigned char, crypto_shorthash_KEYBYTES> random{};
        randombytes_buf(random.data(), random.size());
        return random;
    }();
    std::array<unsigned char, crypto_shorthash_BYTES> hash{};
    crypto_shorthash(hash.data(), octets(text), text.size(), key.data());
    return std::bit_cast<std::uint64_t>(hash);
}

inline std::uint64_t keyedHash(std::initializer_list<std::string_view> cells, std::string& scratch)
{
    scratch.clear();
    appendRow(scratch, cells);
    return keyedHash(scratch);
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
            m_slots[placeOf(cells[1])] = {keyedHash(cells[1]) | 1U, std::string{cells[0]}};
            if (2 * pseudonyms.size() < m_slots.size()) // half of them stay empty
                continue;
            m_slots.assign(2 * m_slots.size(), {});
            for (const auto& [name, pseudonym] : pseudonyms)
                m_slots[placeOf(pseudonym)] = {keyedHash(pseudonym) | 1U, name};
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
        const std::uint64_t hash = keyedHash(pseudonym) | 1U;
        std::size_t place = hash / 2 % m_slots.size();
        while (m_slots[place].hash != 0 && m_slots[place].hash != hash)
            place = (place + 1) % m_slots.size();
        return place;
    }
    std::vector<Slot> m_slots = std::vector<Slot>(64); ///< of a power of two
};

} // namespace scr::verify
