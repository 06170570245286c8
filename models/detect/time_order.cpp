#include "detect/time_order.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace scr::detect {

namespace {

using Rows = std::vector<std::uint32_t>;

/// The rows as they come, those set apart that are earlier than one before them. Sources write votes nearly in order, so these
/// are few.
void split(const std::vector<std::int64_t>& times, Rows& inOrder, Rows& late)
{
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (std::uint32_t row = 0; row < times.size(); ++row) {
        if (times[row] >= last) {
            inOrder.push_back(row);
            last = times[row];
            continue;
        }
        // one time far ahead of the others must not make all of them late
        if (!inOrder.empty() && (inOrder.size() < 2 || times[inOrder[inOrder.size() - 2]] <= times[row])) {
            late.push_back(inOrder.back());
            inOrder.back() = row;
            last = times[row];
        } else {
            late.push_back(row);
        }
    }
}

} // namespace

TimeOrder::TimeOrder(const std::vector<std::int64_t>& times) : m_times{&times}
{
    if (std::is_sorted(times.begin(), times.end()))
        return;
    const auto before = [&](std::uint32_t left, std::uint32_t right) {
        return times[left] != times[right] ? times[left] < times[right] : left < right;
    };
    Rows inOrder;
    Rows late;
    inOrder.reserve(times.size());
    split(times, inOrder, late);
    std::sort(late.begin(), late.end(), before);
    m_order.resize(times.size());
    std::merge(inOrder.begin(), inOrder.end(), late.begin(), late.end(), m_order.begin(), before);
}

std::size_t TimeOrder::firstNotBefore(std::int64_t time) const noexcept
{
    std::size_t begin = 0;
    std::size_t count = size();
    while (count > 0) {
        const std::size_t half = count / 2;
        if ((*m_times)[row(begin + half)] < time) {
            begin += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return begin;
}

std::size_t TimeOrder::countBetween(std::int64_t from, std::int64_t to) const noexcept
{
    return to < from ? 0 : firstNotBefore(to == std::numeric_limits<std::int64_t>::max() ? to : to + 1) - firstNotBefore(from);
}

} // namespace scr::detect
