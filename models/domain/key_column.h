#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scr::domain {

/// A list of keys that keeps whole numbers as 8 bytes each. Text that is not the canonical decimal form of an int64 ("007",
/// "a1", a UUID) is kept in one arena, and its slot says where.
class KeyList {
public:
    void reserve(std::size_t rows);
    void push(std::int64_t key);
    void push(std::string_view key); ///< stored as a number when that loses nothing
    void append(const KeyList& other);
    void move(std::size_t from, std::size_t to); ///< the key of `to` becomes that of `from`
    void truncate(std::size_t rows);             ///< drops the keys from `rows` on
    [[nodiscard]] std::size_t size() const noexcept { return m_slots.size(); }
    [[nodiscard]] std::string at(std::size_t row) const;
    [[nodiscard]] bool isNumber(std::size_t row) const noexcept { return m_isText.empty() || !m_isText[row]; }
    [[nodiscard]] std::int64_t number(std::size_t row) const noexcept { return m_slots[row]; } ///< a key only where isNumber(row)
    [[nodiscard]] std::string_view text(std::size_t row) const noexcept; ///< only where not; until the next push
    /// The same for the same key in any list; not 0.
    [[nodiscard]] std::uint64_t hash(std::size_t row) const noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept;
    void shrinkToFit();

private:
    std::vector<std::int64_t> m_slots;
    std::vector<bool> m_isText; ///< empty as long as every key is a number
    std::string m_arena;        ///< 32-bit length, then the bytes
};

/// Gives each distinct key a dense 32-bit index, in the order of first sight. Open addressing over the slots of a KeyList; no
/// node allocations. At most 2^32-2 keys.
class KeyTable {
public:
    using Index = std::uint32_t;

    [[nodiscard]] Index intern(std::int64_t key);
    [[nodiscard]] Index intern(std::string_view key);
    [[nodiscard]] Index find(std::string_view key) const; ///< kNoIndex (2^32-1) when absent
    [[nodiscard]] Index find(std::int64_t key) const;     ///< likewise
    void prefetch(std::int64_t key) const noexcept;       ///< has its place fetched while other work is done
    [[nodiscard]] std::size_t size() const noexcept { return m_keys.size(); }
    [[nodiscard]] std::string key(Index index) const { return m_keys.at(index); }
    [[nodiscard]] bool isNumber(Index index) const noexcept { return m_keys.isNumber(index); }
    [[nodiscard]] std::int64_t number(Index index) const noexcept { return m_keys.number(index); } ///< of a key that is a number
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    /// A place of the table: the key's slot as its KeyList keeps it, its number, and the upper half of its hash, so that a
    /// probe touches nothing else and growing never looks at a key.
    struct Place {
        std::int64_t slot;
        Index index;
        std::uint32_t tag;
    };

    template <class KeyType>
    Index internHashed(KeyType key, std::uint32_t tag);
    template <class KeyType>
    [[nodiscard]] std::size_t placeOf(KeyType key, std::uint32_t tag) const noexcept;
    void grow();

    KeyList m_keys;
    std::vector<Place> m_places; ///< a power of two; ordered by tag but for collisions
    unsigned m_shift = 32;       ///< 32 less log2 of the number of places
};

} // namespace scr::domain
