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
    [[nodiscard]] std::size_t size() const noexcept { return m_slots.size(); }
    [[nodiscard]] std::string at(std::size_t row) const;
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
    [[nodiscard]] std::size_t size() const noexcept { return m_keys.size(); }
    [[nodiscard]] std::string key(Index index) const { return m_keys.at(index); }
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    KeyList m_keys;
    std::vector<Index> m_slots;        ///< a power of two; kNoIndex: free
    std::vector<std::uint32_t> m_tags; ///< upper hash bits beside each slot, so that a probe rarely looks at the key
};

} // namespace scr::domain
