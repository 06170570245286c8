#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "domain/connection.h"
#include "domain/history_row.h"
#include "domain/result.h"

namespace scr::elevated {

struct LoadReport {
    std::string adapter;
    std::int64_t votes{};
    std::int64_t attempts{};
    std::int64_t posts{};  ///< given or made because a vote names them
    std::int64_t tokens{}; ///< likewise
};

/// Loads a vote history into the tables of whichever voting system the database holds, in one transaction. Needs the database's
/// owner or a superuser. The rows go out by COPY as they come: memory does not grow with the history.
///
/// `imported` takes any text as key, and duplicates of a token on a post: they are evidence. `reference` and `unprotected` number
/// their tokens, posts and votes, so there keys must be whole numbers from 1; `reference` refuses a second vote of a token on a
/// post. A vote without a key is numbered: in `imported` by its row in the history, counted on from earlier imports.
class HistoryLoader {
public:
    HistoryLoader();
    HistoryLoader(const HistoryLoader&) = delete;
    HistoryLoader& operator=(const HistoryLoader&) = delete;
    ~HistoryLoader(); ///< rolls back unless finish() succeeded

    /// An empty database gets the adapter `imported` first, in a transaction of its own. `description` goes into the audit log.
    [[nodiscard]] domain::Status begin(const domain::ConnectionTarget& target, const std::string& description = {});
    /// In any order and any number of spans. An error names the row, counted from 1 over all spans of its kind; after one,
    /// nothing but destruction makes sense. COPY reports late: the error of a row may come with a later call.
    [[nodiscard]] domain::Status addTokens(std::span<const domain::HistoryToken> tokens);
    [[nodiscard]] domain::Status addPosts(std::span<const domain::HistoryPost> posts);
    [[nodiscard]] domain::Status addVotes(std::span<const domain::HistoryVote> votes);
    [[nodiscard]] domain::Status addAttempts(std::span<const domain::HistoryAttempt> attempts);
    /// Makes missing tokens and posts, builds indexes and counters, writes the audit log, commits.
    [[nodiscard]] domain::Result<LoadReport> finish();

private:
    class Load;
    std::unique_ptr<Load> m_load;
};

} // namespace scr::elevated
