#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "race/pattern.h"

namespace scr::race {

enum class Action { Cast, Change, Withdraw, Close, Revoke, Void };
[[nodiscard]] std::string_view nameOf(Action action) noexcept;

/// One request as the client that sent it knows it: nothing in here was read from the database's tables.
struct Call {
    std::uint32_t round{};
    std::uint32_t connection{};
    Action action{};
    std::string token;      ///< key
    std::string post;       ///< key
    std::string requestKey; ///< unique to the call, but for SameRequest and for what is sent again
    double value{};
    std::int64_t sentAt{};     ///< microseconds of the client's steady clock
    std::int64_t answeredAt{}; ///< the same; when it was clear that no answer comes where there is none
    std::string outcome;       ///< as answered; "done", "changed" or "refused" of a void; empty: no answer
    std::string vote;          ///< key, where the answer named one
    std::string error;         ///< the server's message in place of an answer
    std::vector<std::string>
        votes;               ///< keys: Void: of those it is to take out; Close, Revoke: of those there were once it was committed
    std::uint32_t reports{}; ///< it had no answer, and a following transaction was sent so often to report that
};

/// The published rate limit of a token.
struct RateLimit {
    double perSecond{};
    double burst{};
};

struct Journal {
    Pattern pattern{};
    std::uint32_t rounds{};
    std::vector<Call> calls;
    std::optional<RateLimit> limit; ///< absent: the target has none
};

} // namespace scr::race
