#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace scr::bench {

/// Seconds that `work` takes.
template <class Work>
double timed(Work work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// One line of the comparison: what was measured, beside what it is held against.
struct Verdict {
    std::string what;
    std::string ours;
    std::string reference;
    std::string ratio;
    std::string target;
    bool met = false;
};

/// Resident memory of this process in bytes: now, and its peak since the last resetPeak().
[[nodiscard]] std::uint64_t residentBytes();
[[nodiscard]] std::uint64_t peakBytes();
void resetPeak();

void print(const std::vector<Verdict>& verdicts);

} // namespace scr::bench
