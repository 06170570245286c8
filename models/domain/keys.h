#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace scr::domain {

/// A key as the site writes it (bigint, uuid or text), carried as text at the edges of the program. The tag keeps the key of
/// one table from being handed in for that of another.
template <class Tag>
struct Key {
    std::string text;

    Key() = default;
    explicit Key(std::string key) : text{std::move(key)} {}

    [[nodiscard]] bool empty() const noexcept { return text.empty(); }
    friend bool operator==(const Key&, const Key&) = default;
    friend auto operator<=>(const Key&, const Key&) = default;
};

using TokenKey = Key<struct TokenTag>;
using PostKey = Key<struct PostTag>;
using VoteKey = Key<struct VoteTag>;
using AuthorKey = Key<struct AuthorTag>;
using AttemptKey = Key<struct AttemptTag>;

/// Identity of a flag, the same each time the same finding is made: "F-" and twelve hexadecimal digits.
using FlagKey = Key<struct FlagTag>;

/// Client-made identity of a void or a restore, a lower-case UUID; sending the same one again never does the work twice.
using RequestId = Key<struct RequestTag>;

} // namespace scr::domain

template <class Tag>
struct std::hash<scr::domain::Key<Tag>> {
    std::size_t operator()(const scr::domain::Key<Tag>& key) const noexcept { return std::hash<std::string>{}(key.text); }
};
