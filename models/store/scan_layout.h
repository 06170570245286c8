#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/result.h"
#include "domain/vote_columns.h"
#include "store/read_connection.h"

namespace scr::store {

/// How a key travels in a binary COPY.
enum class KeyKind { Int2, Int4, Int8, Uuid, Text };

[[nodiscard]] KeyKind keyKindOf(unsigned typeOid) noexcept; ///< Text for all that is sent cast to text

/// The key as it is selected for a binary COPY.
[[nodiscard]] std::string keySql(const std::string& column, KeyKind kind);

/// The key types of a source and what it has for a scan.
struct ScanLayout {
    KeyKind voteKey{};
    KeyKind token{};
    KeyKind post{};
    KeyKind attemptKey{};
    KeyKind attemptVote{};
    std::optional<std::int64_t> votePages; ///< absent: the source has no row locations
    bool hasStoredVotes = false;           ///< votes can be read without their state, which only voids decide
    bool hasOrigins = false;               ///< of the votes
    bool hasAuthors = false;               ///< of the posts
    bool hasAttempts = false;
    bool hasCounters = false;
    bool hasClosing = false;               ///< the posts say when they closed
    bool hasActions = false;               ///< the attempts say what they were to do
    std::int64_t readAt = domain::kNoTime; ///< the server's clock, microseconds since the epoch
};

/// The condition on scrutineer.attempt that leaves the attempts to cast a vote: changes and withdrawals of one are not a second
/// vote. Begins with " AND"; empty where the source knows nothing else.
[[nodiscard]] std::string castsOnlySql(const ScanLayout& layout);

/// What a PostDecoder reads of scrutineer.post.
[[nodiscard]] std::string postColumnsSql(const ScanLayout& layout);

[[nodiscard]] domain::Result<ScanLayout> readLayout(ReadConnection& connection);

} // namespace scr::store
