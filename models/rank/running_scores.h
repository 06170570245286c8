#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "domain/leaderboard.h"

namespace scr::rank {

/// The cells of a history by bin, and the posts' places in key order. Cells that name no post or bin of it are left out. The
/// history must outlive this: cells that lie in order already are used where they are.
class CellOrder {
public:
    explicit CellOrder(const domain::ScoreHistory& history);

    [[nodiscard]] std::span<const domain::ScoreHistory::Cell> ofBin(std::uint32_t bin) const noexcept
    {
        return m_inOrder.subspan(m_starts[bin], m_starts[bin + std::size_t{1}] - m_starts[bin]);
    }
    CellOrder(const CellOrder&) = delete;
    CellOrder& operator=(const CellOrder&) = delete;
    [[nodiscard]] const std::vector<std::uint32_t>& places() const noexcept { return m_places; }

private:
    void sort(const domain::ScoreHistory& history);

    std::span<const domain::ScoreHistory::Cell> m_inOrder;
    std::vector<domain::ScoreHistory::Cell> m_sorted; ///< empty when the history's own cells are in order
    std::vector<std::size_t> m_starts;
    std::vector<std::uint32_t> m_places;
};

/// Scores of all posts, bin after bin.
class RunningScores {
public:
    RunningScores(const domain::ScoreHistory& history, const CellOrder& cells, bool withFlagged, bool withVoided);

    void advance(); ///< to the end of the next bin
    [[nodiscard]] const std::vector<double>& scores() const noexcept { return m_scores; }

private:
    const CellOrder& m_cells;
    bool m_withFlagged;
    bool m_withVoided;
    std::uint32_t m_next = 0;
    std::vector<double> m_scores;
};

} // namespace scr::rank
