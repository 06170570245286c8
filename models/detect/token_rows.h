#pragma once

#include <mutex>
#include <span>
#include <vector>

#include "detect/time_order.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// Rows of chosen values, grouped: those of group g are rows[starts[g] .. starts[g + 1]).
struct RowGroups {
    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> starts;

    [[nodiscard]] std::size_t size() const noexcept { return starts.empty() ? 0 : starts.size() - 1; }
    [[nodiscard]] std::span<const std::uint32_t> group(std::size_t at) const noexcept
    {
        return std::span{rows}.subspan(starts[at], starts[at + 1] - starts[at]);
    }
};

/// Rows whose `column` is one of `chosen` (ascending, no repeats, all below `values`), group by group in the order of `chosen`,
/// each by time, then by row.
[[nodiscard]] RowGroups rowsByValue(const std::vector<domain::Index>& column, const std::vector<std::int64_t>& times,
                                    const std::vector<domain::Index>& chosen, std::size_t values);

/// All rows, grouped by value below `values`; each group by time, then by row.
[[nodiscard]] RowGroups rowsByValue(const std::vector<domain::Index>& column, const TimeOrder& order, std::size_t values);

/// All votes by post, for those who need them: grouped as they are when the first one asks, for all, on whatever thread. Later
/// ones get the same groups, whatever they ask with.
class RowsByPost {
public:
    [[nodiscard]] const RowGroups& of(const domain::VoteColumns& votes, const TimeOrder& order) const;

private:
    mutable std::once_flag m_once;
    mutable RowGroups m_groups;
};

/// A vote as the tests of one token's rhythm see it.
struct Cast {
    std::int64_t at{};
    domain::Index post{};
    std::uint32_t row{};
};

/// One token's first votes on its posts by time, then post; `ofToken`: rows of all its votes in the order of time.
[[nodiscard]] std::vector<Cast> firstVotesOf(const domain::VoteColumns& votes, std::span<const std::uint32_t> ofToken);

} // namespace scr::detect
