#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/result.h"

namespace scr::audit {

inline constexpr std::size_t kMostEntryBytes = 65'535;

/// What a field of an entry is; a missing value is there as null.
using EntryValue = std::variant<std::nullptr_t, std::int64_t, std::string>;

/// An entry of the log: a JSON object in the canonical form of RFC 8785 with strings, whole numbers and nulls. Version 1 has two
/// shapes: a vote attempt, and a decision that somebody took with this program.
class Entry {
public:
    using Field = std::pair<std::string, EntryValue>;

    /// Refuses whatever is not the one canonical form, so that decoding and encoding give the same bytes; and whatever is not an
    /// entry of a known version with all its fields and no other.
    [[nodiscard]] static domain::Result<Entry> decode(std::string_view bytes);
    /// The fields in any order; Fault::Invalid as decode().
    [[nodiscard]] static domain::Result<Entry> of(std::vector<Field> fields);

    [[nodiscard]] std::string encode() const;
    [[nodiscard]] const std::vector<Field>& fields() const noexcept { return m_fields; }
    [[nodiscard]] bool isAttempt() const { return text("kind") == "attempt"; }
    [[nodiscard]] std::string text(std::string_view name) const;                        ///< "" for null
    [[nodiscard]] std::optional<std::string> optionalText(std::string_view name) const; ///< nothing for null
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;

    friend bool operator==(const Entry&, const Entry&) = default;

private:
    [[nodiscard]] const EntryValue* find(std::string_view name) const;

    std::vector<Field> m_fields; ///< by name
};

} // namespace scr::audit
