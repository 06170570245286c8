#include "rank/running_scores.h"

#include <numeric>

#include "rank/order.h"

namespace scr::rank {

namespace {

bool belongs(const domain::ScoreHistory::Cell& cell, const domain::ScoreHistory& history) noexcept
{
    return cell.bin < history.bins && cell.post < history.posts.size();
}

} // namespace

CellOrder::CellOrder(const domain::ScoreHistory& history) : m_starts(history.bins + std::size_t{1}, 0)
{
    std::uint32_t before = 0;
    bool inOrder = true;
    for (const domain::ScoreHistory::Cell& cell : history.cells) {
        const bool fits = belongs(cell, history);
        inOrder = inOrder && fits && cell.bin >= before;
        before = cell.bin;
        if (fits)
            ++m_starts[cell.bin + std::size_t{1}];
    }
    std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    if (inOrder)
        m_inOrder = history.cells;
    else
        sort(history);
    std::vector<std::string_view> keys;
    keys.reserve(history.posts.size());
    for (const domain::ScoreHistory::PostLine& line : history.posts)
        keys.push_back(line.post.text);
    m_places = keyOrder(keys);
}

void CellOrder::sort(const domain::ScoreHistory& history)
{
    m_sorted.resize(m_starts.back());
    std::vector<std::size_t> next = m_starts;
    for (const domain::ScoreHistory::Cell& cell : history.cells) {
        if (belongs(cell, history))
            m_sorted[next[cell.bin]++] = cell;
    }
    m_inOrder = m_sorted;
}

RunningScores::RunningScores(const domain::ScoreHistory& history, const CellOrder& cells, bool withFlagged, bool withVoided) :
    m_cells{cells}, m_withFlagged{withFlagged}, m_withVoided{withVoided}
{
    m_scores.reserve(history.posts.size());
    for (const domain::ScoreHistory::PostLine& line : history.posts)
        m_scores.push_back(finite(line.scoreBefore) - (withFlagged ? 0.0 : finite(line.flaggedBefore)));
}

void RunningScores::advance()
{
    for (const domain::ScoreHistory::Cell& cell : m_cells.ofBin(m_next)) {
        m_scores[cell.post] +=
            finite(cell.counted) - (m_withFlagged ? 0.0 : finite(cell.flagged)) + (m_withVoided ? finite(cell.voided) : 0.0);
    }
    ++m_next;
}

} // namespace scr::rank
