#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace scr::rank {

/// A whole number in decimal, before all other keys and by value; other keys by their bytes.
[[nodiscard]] bool keyTextBefore(std::string_view left, std::string_view right) noexcept;

/// Places of `keys` in that order: rank of the key of index i is order[i]. Ties of scores are broken by it, once for all bins.
[[nodiscard]] std::vector<std::uint32_t> keyOrder(const std::vector<std::string_view>& keys);

/// What cannot be ranked, infinity and NaN, a site may store all the same: it counts for nothing.
[[nodiscard]] inline double finite(double value) noexcept
{
    return std::isfinite(value) ? value : 0;
}

/// A score with its post's place in key order; the better one comes first.
struct Standing {
    double score{};
    std::uint32_t place{};
    std::uint32_t post{};

    [[nodiscard]] friend bool operator<(const Standing& left, const Standing& right) noexcept
    {
        return left.score != right.score ? left.score > right.score : left.place < right.place;
    }
};

} // namespace scr::rank
