#pragma once

#include <optional>
#include <string>

#include "domain/time.h"
#include "domain/vote.h"

namespace scr::domain {

/// Rows of a vote history as files and the simulator give them; keys as text, empty where a file has none.
struct HistoryVote {
    std::string token;
    std::string post;
    double value{};
    UtcTime castAt{};
    std::string voteKey; ///< empty: the row's number in the history, from 1, is its key
    std::string author;
    std::string origin; ///< an address as inet prints it

    friend bool operator==(const HistoryVote&, const HistoryVote&) = default;
};

struct HistoryAttempt {
    std::string token;
    std::string post;
    double value{};
    UtcTime attemptedAt{};
    std::optional<UtcTime> finishedAt;
    AttemptOutcome outcome = AttemptOutcome::Accepted;
    std::string sqlstate;
    std::string voteKey;
    std::string origin;
    std::string requestKey;

    friend bool operator==(const HistoryAttempt&, const HistoryAttempt&) = default;
};

struct HistoryPost {
    std::string post;
    std::string title;
    std::string author;
    std::optional<UtcTime> createdAt;
    std::optional<double> counter;

    friend bool operator==(const HistoryPost&, const HistoryPost&) = default;
};

struct HistoryToken {
    std::string token;
    std::string label;
    std::optional<UtcTime> createdAt;
    std::string state; ///< empty: "active"

    friend bool operator==(const HistoryToken&, const HistoryToken&) = default;
};

} // namespace scr::domain
