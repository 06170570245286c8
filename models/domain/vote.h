#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/keys.h"
#include "domain/time.h"

namespace scr::domain {

enum class VoteState { Counted, Voided, Withdrawn };
[[nodiscard]] std::string_view nameOf(VoteState state) noexcept; // "counted", "voided", "withdrawn"
[[nodiscard]] std::optional<VoteState> voteStateOf(std::string_view name) noexcept;

/// One token's stored choice on one post, as the contract view `scrutineer.vote` gives it, with the names people know both by.
struct Vote {
    VoteKey key;
    TokenKey token;
    PostKey post;
    AuthorKey author; ///< empty where the site has none
    double value{};   ///< what it adds to the post's score
    UtcTime castAt{};
    std::string origin; ///< address as PostgreSQL prints an inet; empty where unknown
    VoteState state = VoteState::Counted;
    std::string tokenLabel; ///< empty where the site has none, or where they were not asked for
    std::string postTitle;  ///< likewise

    friend bool operator==(const Vote&, const Vote&) = default;
};

enum class AttemptOutcome { Accepted, Duplicate, RateLimited, InvalidToken, Closed, InvalidInput, Error };
[[nodiscard]] std::string_view nameOf(AttemptOutcome outcome) noexcept; // "accepted", "duplicate", "rate_limited", …
[[nodiscard]] std::optional<AttemptOutcome> attemptOutcomeOf(std::string_view name) noexcept;

/// One request to vote, accepted or refused, as the contract view `scrutineer.attempt` gives it.
struct Attempt {
    AttemptKey key;
    TokenKey token; ///< empty when the token was not recognised
    PostKey post;
    double value{};
    UtcTime attemptedAt{};
    std::optional<UtcTime> finishedAt;
    AttemptOutcome outcome = AttemptOutcome::Accepted;
    std::string sqlstate;
    VoteKey vote; ///< empty unless accepted
    std::string origin;
    std::string requestKey;

    friend bool operator==(const Attempt&, const Attempt&) = default;
};

struct Post {
    PostKey key;
    std::string title;
    AuthorKey author;
    std::optional<UtcTime> createdAt;
    std::optional<double> counter; ///< the site's own cached score, to be reconciled with the rows

    friend bool operator==(const Post&, const Post&) = default;
};

} // namespace scr::domain
