#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/result.h"
#include "elevated/copy_stream.h"

namespace scr::elevated {

/// What loading needs to know of a voting system's tables, and what it does to them before and after the rows come.
class HistoryTables {
public:
    HistoryTables(LoadConnection& connection, std::string adapter) : m_connection{connection}, m_adapter{std::move(adapter)} {}

    [[nodiscard]] bool hasNumberKeys() const noexcept { return m_adapter != "imported"; }
    [[nodiscard]] std::string table(const char* name) const { return m_adapter + "." + name; }

    /// Staging tables for posts and tokens; indexes of empty tables go, to be built at once in the end.
    [[nodiscard]] domain::Status prepare();
    /// Key of the last vote and attempt that are there; rows without a key go on from it.
    [[nodiscard]] std::int64_t lastVote() const noexcept { return m_lastVote; }
    [[nodiscard]] std::int64_t lastAttempt() const noexcept { return m_lastAttempt; }

    struct Made {
        std::int64_t posts{};
        std::int64_t tokens{};
    };
    /// Moves the staged rows to their tables, makes what is missing, builds indexes and counters.
    [[nodiscard]] domain::Result<Made> complete(bool keysGiven);

private:
    struct Index {
        std::string name;
        std::string definition;
    };
    [[nodiscard]] domain::Status dropIndexesOf(const char* name);
    [[nodiscard]] domain::Status buildIndexes();
    [[nodiscard]] domain::Status readLastKeys();
    [[nodiscard]] domain::Status mergeStaged();
    [[nodiscard]] domain::Status makeMissing(const char* what);
    [[nodiscard]] domain::Status makeCounters();
    [[nodiscard]] domain::Status moveSequences();
    [[nodiscard]] domain::Status checkVoteKeys();
    [[nodiscard]] std::string newVotes() const;

    LoadConnection& m_connection;
    std::string m_adapter;
    std::vector<Index> m_indexes;
    std::int64_t m_lastVote = 0;
    std::int64_t m_lastAttempt = 0;
    std::int64_t m_firstPage = -1; ///< new votes lie from this page on; -1: the table was empty
    std::int64_t m_transaction = 0;
};

} // namespace scr::elevated
