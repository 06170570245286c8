#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "race/journal.h"

namespace scr::race {

/// A vote of the raced posts, as the contract view gives it afterwards.
struct StoredVote {
    std::string vote;
    std::string token;
    std::string post;
    double value{};
    bool counted{};
    std::uint32_t voids{}; ///< requests that were carried out and void it
};

struct LoggedAttempt {
    std::string token;
    std::string post;
    std::string action; ///< "cast" where the source does not say
    std::string outcome;
    std::string requestKey;
};

struct PostScore {
    std::string post;
    double score{}; ///< the site's own cached one
};

/// What the database holds of the raced posts after the last call was answered.
struct Evidence {
    std::vector<StoredVote> votes;
    std::vector<LoggedAttempt> attempts;
    std::vector<PostScore> scores; ///< empty where the source has no cached scores
};

enum class Breach {
    SecondVote,       ///< two counted votes of a token on a post
    AcceptedTwice,    ///< two calls of a token on a post were told that theirs is the vote
    LostVote,         ///< told accepted, not stored
    InventedVote,     ///< stored, and no call was told so
    WrongValue,       ///< the vote that counts is not what the accepted calls come to in any order
    WrongScore,       ///< the cached score is not the sum of the votes that count
    NotLogged,        ///< the log lacks a call, or tells another outcome
    LoggedTooOften,   ///< the log holds attempts that nobody made
    DifferentAnswers, ///< one request key, two answers
    AfterClosing,     ///< accepted after the post was closed
    AfterRevoking,    ///< accepted after the token was revoked
    OverLimit,        ///< more votes than the rate limit allows
    UnderLimit,       ///< fewer than it must allow
    VoidedTwice,      ///< a vote taken out by two requests
    VoidNotWhole,     ///< a void that was done left votes in, or one that was not took some out
    Failed,           ///< an error in place of an answer: a deadlock, a broken constraint
};
[[nodiscard]] std::string_view nameOf(Breach breach) noexcept; ///< "second_vote"

struct Violation {
    Breach breach{};
    std::uint32_t round{};
    std::string what; ///< one sentence with the numbers
};

/// Compares what the clients know with what the database holds, without trusting either. No violation: empty.
[[nodiscard]] std::vector<Violation> judge(const Journal& journal, const Evidence& evidence);

} // namespace scr::race
