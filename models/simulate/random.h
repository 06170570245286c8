#pragma once

#include <cstdint>

#include "simulate/arithmetic.h"

namespace scr::simulate {

/// What a stream of random numbers is for; each gets its own, so that more of one never shifts another.
enum class Purpose : std::uint64_t { Activity = 1, Person, Sessions, Post, Choice, Attempt, Origin, Name, Campaign };

/// splitmix64: one addition and three multiplications a number, and any number can be a seed.
class Random {
public:
    Random(std::uint64_t seed, Purpose purpose, std::uint64_t index) noexcept :
        m_state{mixed(mixed(seed ^ (static_cast<std::uint64_t>(purpose) << 56U)) + index * 0x9e3779b97f4a7c15ULL)}
    {
    }

    [[nodiscard]] std::uint64_t bits() noexcept { return mixed(m_state += 0x9e3779b97f4a7c15ULL); }
    /// 0 < x < 1
    [[nodiscard]] double uniform() noexcept { return (static_cast<double>(bits() >> 12U) + 0.5) * 0x1p-52; }
    [[nodiscard]] bool chance(double probability) noexcept { return uniform() < probability; }
    /// 0 <= x < limit
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) noexcept
    {
        return static_cast<std::uint64_t>(uniform() * static_cast<double>(limit));
    }
    /// low <= x <= high
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) noexcept
    {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }
    [[nodiscard]] double real(double low, double high) noexcept { return low + uniform() * (high - low); }
    [[nodiscard]] double exponentialOf(double mean) noexcept { return -mean * logarithm(uniform()); }
    [[nodiscard]] double normal() noexcept { return normalQuantile(uniform()); }
    [[nodiscard]] double lognormal(double median, double sigma) noexcept { return median * exponential(sigma * normal()); }
    /// 1, 2, 3, … with that mean
    [[nodiscard]] std::uint64_t geometric(double mean) noexcept
    {
        return mean <= 1 ? 1 : 1 + static_cast<std::uint64_t>(logarithm(uniform()) / logarithm(1 - 1 / mean));
    }

private:
    [[nodiscard]] static std::uint64_t mixed(std::uint64_t z) noexcept
    {
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }

    std::uint64_t m_state;
};

} // namespace scr::simulate
