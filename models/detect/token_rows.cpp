#include "detect/token_rows.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_set>

#include "domain/large_pages.h"

namespace scr::detect {

using domain::Index;
using domain::kNoIndex;

std::vector<Cast> firstVotesOf(const domain::VoteColumns& votes, std::span<const std::uint32_t> ofToken)
{
    std::vector<Cast> casts;
    casts.reserve(ofToken.size());
    for (const std::uint32_t row : ofToken)
        casts.push_back({votes.castAt[row], votes.post[row], row});
    std::sort(casts.begin(), casts.end(), [](const Cast& left, const Cast& right) {
        return std::tuple{left.at, left.post, left.row} < std::tuple{right.at, right.post, right.row};
    });
    std::unordered_set<Index> seen;
    std::erase_if(casts, [&](const Cast& cast) { return !seen.insert(cast.post).second; });
    return casts;
}

RowGroups rowsByValue(const std::vector<Index>& column, const TimeOrder& order, std::size_t values)
{
    RowGroups groups;
    groups.starts.assign(values + 1, 0);
    for (const Index value : column)
        ++groups.starts[value + 1];
    std::partial_sum(groups.starts.begin(), groups.starts.end(), groups.starts.begin());
    std::vector<std::size_t> next{groups.starts.begin(), groups.starts.end() - 1};
    groups.rows.reserve(column.size());
    domain::preferLargePages(groups.rows.data(), column.size() * sizeof(std::uint32_t));
    groups.rows.resize(column.size());
    for (std::size_t place = 0; place < column.size(); ++place) {
        const std::uint32_t row = order.row(place);
        groups.rows[next[column[row]]++] = row;
    }
    return groups;
}

const RowGroups& RowsByPost::of(const domain::VoteColumns& votes, const TimeOrder& order) const
{
    std::call_once(m_once, [&] { m_groups = rowsByValue(votes.post, order, votes.posts.size()); });
    return m_groups;
}

RowGroups rowsByValue(const std::vector<Index>& column, const std::vector<std::int64_t>& times, const std::vector<Index>& chosen,
                      std::size_t values)
{
    RowGroups groups;
    groups.starts.assign(chosen.size() + 1, 0);
    if (chosen.empty())
        return groups;
    std::vector<Index> groupOf(values, kNoIndex);
    for (std::size_t at = 0; at < chosen.size(); ++at)
        groupOf[chosen[at]] = static_cast<Index>(at);
    std::vector<std::uint32_t> found; // few of many, mostly: the column is walked once
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (const Index value = column[row]; value < values && groupOf[value] != kNoIndex) {
            found.push_back(static_cast<std::uint32_t>(row));
            ++groups.starts[groupOf[value] + std::size_t{1}];
        }
    }
    std::partial_sum(groups.starts.begin(), groups.starts.end(), groups.starts.begin());
    groups.rows.resize(groups.starts.back());
    std::vector<std::size_t> next(groups.starts.begin(), groups.starts.end() - 1);
    for (const std::uint32_t row : found)
        groups.rows[next[groupOf[column[row]]]++] = row;
    for (std::size_t at = 0; at < chosen.size(); ++at) {
        const auto begin = groups.rows.begin() + static_cast<std::ptrdiff_t>(groups.starts[at]);
        const auto end = groups.rows.begin() + static_cast<std::ptrdiff_t>(groups.starts[at + 1]);
        const auto earlier = [&](std::uint32_t left, std::uint32_t right) { return times[left] < times[right]; };
        if (!std::is_sorted(begin, end, earlier))
            std::stable_sort(begin, end, earlier);
    }
    return groups;
}

} // namespace scr::detect
