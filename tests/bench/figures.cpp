#include "figures.h"

#include <fstream>

#include <fmt/format.h>

namespace scr::bench {

namespace {

std::uint64_t statusField(const std::string& name)
{
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name))
            return std::stoull(line.substr(name.size())) * 1024;
    }
    return 0;
}

} // namespace

std::uint64_t residentBytes()
{
    return statusField("VmRSS:");
}
std::uint64_t peakBytes()
{
    return statusField("VmHWM:");
}

void resetPeak()
{
    std::ofstream{"/proc/self/clear_refs"} << '5';
}

void print(const std::vector<Verdict>& verdicts)
{
    std::size_t ours = 14;
    std::size_t reference = 14;
    for (const Verdict& one : verdicts) {
        ours = std::max(ours, one.ours.size());
        reference = std::max(reference, one.reference.size());
    }
    const auto line = [&](const Verdict& one, std::string_view met) {
        fmt::print("{:<58} {:>{}} {:>{}} {:>9} {:>11}  {}\n", one.what, one.ours, ours, one.reference, reference, one.ratio,
                   one.target, met);
    };
    fmt::print("\n");
    line({"", "ours", "reference", "ratio", "target"}, "");
    for (const Verdict& one : verdicts)
        line(one, one.target.empty() ? "" : one.met ? "met" : "MISSED");
}

} // namespace scr::bench
