#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

/// Elementary functions from +, -, *, / and the square root alone, which IEEE 754 rounds alike everywhere. Those of libm differ
/// in the last bit from one machine to the next, and a simulated history has to be the same bytes everywhere.
namespace scr::simulate {

[[nodiscard]] inline double exponential(double x) noexcept
{
    constexpr double kLn2High = 0x1.62e42fefa38p-1; // few digits, so that its multiples are exact
    constexpr double kLn2Low = 0x1.ef35793c7673p-45;
    if (x < -700)
        return 0;
    if (x > 700)
        x = 700;
    const double scaled = x * 1.4426950408889634;
    const auto k = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    const double r = (x - static_cast<double>(k) * kLn2High) - static_cast<double>(k) * kLn2Low;
    double sum = 1;
    for (int n = 13; n > 0; --n)
        sum = 1 + sum * r / n;
    return sum * std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52U);
}

/// Of a positive normal number.
[[nodiscard]] inline double logarithm(double x) noexcept
{
    constexpr double kSqrt2 = 1.4142135623730951;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    auto exponent = static_cast<std::int64_t>((bits >> 52U) & 0x7ffU) - 1023;
    double mantissa = std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
    if (mantissa > kSqrt2) {
        mantissa /= 2;
        ++exponent;
    }
    const double s = (mantissa - 1) / (mantissa + 1);
    const double square = s * s;
    double sum = 0;
    for (int n = 21; n > 0; n -= 2)
        sum = sum * square + 1.0 / n;
    return 2 * s * sum + static_cast<double>(exponent) * 0.6931471805599453;
}

/// Of `turns` times a full turn.
[[nodiscard]] inline double cosineOfTurns(double turns) noexcept
{
    turns -= static_cast<double>(static_cast<std::int64_t>(turns < 0 ? turns - 0.5 : turns + 0.5));
    const double square = turns * turns * 39.47841760435743; // (2 pi)^2
    double sum = 1;
    for (int n = 24; n > 0; n -= 2)
        sum = 1 - sum * square / (n * (n - 1));
    return sum;
}

/// Value below which a standard normal variable stays with probability p (0 < p < 1), after P. J. Acklam, relative error 1e-9.
[[nodiscard]] inline double normalQuantile(double p) noexcept
{
    constexpr double kTail = 0.02425;
    if (p < kTail || p > 1 - kTail) {
        const double q = std::sqrt(-2 * logarithm(p < kTail ? p : 1 - p));
        const double above =
            ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q - 2.549732539343734e+00) *
                 q +
             4.374664141464968e+00) *
                q +
            2.938163982698783e+00;
        const double below =
            (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q + 3.754408661907416e+00) * q +
            1;
        return p < kTail ? above / below : -above / below;
    }
    const double q = p - 0.5;
    const double r = q * q;
    const double above =
        ((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r -
         3.066479806614716e+01) *
            r +
        2.506628277459239e+00;
    const double below =
        ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r -
         1.328068155288572e+01) *
            r +
        1;
    return above * q / below;
}

} // namespace scr::simulate
