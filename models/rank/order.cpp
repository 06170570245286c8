#include "rank/order.h"

#include <algorithm>
#include <numeric>

namespace scr::rank {

namespace {

bool isDigits(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Minus sign apart, no leading zeros: else "007" and "7" would be the same place.
bool isWhole(std::string_view text) noexcept
{
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    return isDigits(digits) && (digits.front() != '0' || text == "0");
}

bool wholeBefore(std::string_view left, std::string_view right) noexcept
{
    const bool leftNegative = left.starts_with('-');
    if (leftNegative != right.starts_with('-'))
        return leftNegative;
    if (left.size() != right.size())
        return (left.size() < right.size()) != leftNegative;
    return leftNegative ? right < left : left < right;
}

} // namespace

bool keyTextBefore(std::string_view left, std::string_view right) noexcept
{
    const bool leftWhole = isWhole(left);
    if (leftWhole != isWhole(right))
        return leftWhole;
    return leftWhole ? wholeBefore(left, right) : left < right;
}

std::vector<std::uint32_t> keyOrder(const std::vector<std::string_view>& keys)
{
    std::vector<std::uint32_t> sorted(keys.size());
    std::iota(sorted.begin(), sorted.end(), 0U);
    std::sort(sorted.begin(), sorted.end(),
              [&](std::uint32_t left, std::uint32_t right) { return keyTextBefore(keys[left], keys[right]); });
    std::vector<std::uint32_t> order(keys.size());
    for (std::size_t place = 0; place < sorted.size(); ++place)
        order[sorted[place]] = static_cast<std::uint32_t>(place);
    return order;
}

} // namespace scr::rank
