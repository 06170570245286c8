#include "widgets/slope_rows.h"

#include <algorithm>

namespace scr::widgets {

namespace {

/// One column: the ranks up to `top` in their own slots, then those of `others` that stand below, a slot each.
std::vector<SlopePlace> columnOf(const std::vector<domain::ScoreChange>& changes, int top,
                                 std::int64_t domain::ScoreChange::* own, std::int64_t domain::ScoreChange::* other)
{
    std::vector<SlopePlace> head;
    std::vector<SlopePlace> below;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].*own >= 1 && changes[i].*own <= top)
            head.push_back({i, static_cast<int>(changes[i].*own) - 1, false});
        else if (changes[i].*other >= 1 && changes[i].*other <= top)
            below.push_back({i, 0, true});
    }
    const auto byRank = [&](const SlopePlace& a, const SlopePlace& b) { return changes[a.change].*own < changes[b.change].*own; };
    std::sort(head.begin(), head.end(), byRank);
    std::sort(below.begin(), below.end(), byRank);
    int slot = head.empty() ? 0 : head.back().slot + 1;
    for (SlopePlace& place : below)
        place.slot = slot++;
    head.insert(head.end(), below.begin(), below.end());
    return head;
}

} // namespace

SlopeLayout layoutOf(const std::vector<domain::ScoreChange>& changes, int top)
{
    SlopeLayout layout;
    layout.before = columnOf(changes, top, &domain::ScoreChange::rankBefore, &domain::ScoreChange::rankAfter);
    layout.after = columnOf(changes, top, &domain::ScoreChange::rankAfter, &domain::ScoreChange::rankBefore);
    for (const auto* column : {&layout.before, &layout.after}) {
        if (!column->empty())
            layout.rows = std::max(layout.rows, column->back().slot + 1);
    }
    return layout;
}

Movement movementOf(const domain::ScoreChange& change)
{
    if (change.rankAfter == change.rankBefore)
        return Movement::Stays;
    if (change.rankAfter < change.rankBefore)
        return Movement::Rises;
    return change.votes > 0 && change.scoreAfter < change.scoreBefore ? Movement::Struck : Movement::Falls;
}

} // namespace scr::widgets
