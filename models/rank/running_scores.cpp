#include "rank/running_scores.h"

#include <cmath>
#include <numeric>

#include "rank/order.h"

namespace scr::rank {

namespace {

/// NaN cannot be ranked; a site may store it all the same.
double finite(double value) noexcept
{
    return std::isfinite(value) ? value : 0.0;
}

} // namespace

CellOrder::CellOrder(const domain::ScoreHistory& history) : m_starts(history.bins + std::size_t{1}, 0)
{
    const auto fits = [&](const domain::ScoreHistory::Cell& cell) {
        return cell.bin < history.bins && cell.post < history.posts.size();
    };
    for (const domain::ScoreHistory::Cell& cell : history.cells) {
        if (fits(cell))
            ++m_starts[cell.bin + std::size_t{1}];
    }
    std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    m_cells.resize(m_starts.back());
    std::vector<std::size_t> next = m_starts;
    for (const domain::ScoreHistory::Cell& cell : history.cells) {
        if (fits(cell))
            m_cells[next[cell.bin]++] = cell;
    }
    std::vector<std::string_view> keys;
    keys.reserve(history.posts.size());
    for (const domain::ScoreHistory::PostLine& line : history.posts)
        keys.push_back(line.post.text);
    m_places = keyOrder(keys);
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
