#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "domain/vote_columns.h"

namespace scr::detect {

/// When people vote on a site: by the hour of the day, UTC, and by how long after its first vote a post is voted on. Densities
/// without a unit; only ratios count. Of a larger history every n-th vote is taken, a million about.
class VotingHabits {
public:
    explicit VotingHabits(const domain::VoteColumns& votes);

    [[nodiscard]] double byHour(std::int64_t at) const noexcept;
    [[nodiscard]] double byAge(std::int64_t age) const noexcept;

private:
    std::array<double, 24> m_hour{};
    std::array<double, 24> m_age{};
};

/// log10 of the likelihood of arrivals that are spread evenly, or as the site's day is, against the best of: as the post's
/// `regular` voters came, as posts of this site are usually voted on, mixtures of both, and the ways in which a crowd thins out
/// that has heard of something. With the null's best fit below the line it is an e-value (universal inference, Wasserman, Ramdas
/// and Balakrishnan 2020). Times in microseconds, ascending; `suspects` not empty, `regular` may be.
[[nodiscard]] double log10Evenness(const VotingHabits& habits, std::span<const std::int64_t> suspects,
                                   std::span<const std::int64_t> regular, bool regularsAreEnough);

} // namespace scr::detect
