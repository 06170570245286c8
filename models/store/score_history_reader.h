#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "domain/leaderboard.h"
#include "store/sql_session.h"

namespace scr::store {

/// Builds one score history from the state that the session's snapshot sees.
class ScoreHistoryReader {
public:
    ScoreHistoryReader(SqlSession& session, const domain::TimeRange& range, int bins);

    [[nodiscard]] domain::Result<domain::ScoreHistory> read();

private:
    [[nodiscard]] domain::Status readBounds();
    [[nodiscard]] domain::Status choosePosts();
    [[nodiscard]] domain::Status readCells();
    [[nodiscard]] domain::Status readFlagged();
    [[nodiscard]] domain::Status readTitles();
    [[nodiscard]] domain::Status readVoids();

    [[nodiscard]] std::string binSql() const;
    [[nodiscard]] std::string onlyChosen() const;
    [[nodiscard]] std::vector<std::string> parameters() const;
    [[nodiscard]] std::uint32_t postIndex(const std::string& key);
    [[nodiscard]] domain::ScoreHistory::Cell& cellAt(std::uint32_t post, std::uint32_t bin);

    SqlSession& m_session;
    domain::TimeRange m_range;
    std::uint32_t m_bins;
    domain::UtcTime m_to{};
    bool m_hasVotes = false;
    bool m_isChosen = false;
    std::vector<std::string> m_chosen;
    domain::ScoreHistory m_history;
    std::unordered_map<std::string, std::uint32_t> m_posts;
    std::unordered_map<std::uint64_t, std::size_t> m_cells;
};

} // namespace scr::store
