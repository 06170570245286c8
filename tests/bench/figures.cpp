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
    constexpr const char* kLine = "{:<58} {:>14} {:>14} {:>9} {:>11}  {}\n";
    fmt::print("\n");
    fmt::print(kLine, "", "ours", "reference", "ratio", "target", "");
    for (const Verdict& one : verdicts)
        fmt::print(kLine, one.what, one.ours, one.reference, one.ratio, one.target,
                   one.target.empty() ? ""
                   : one.met          ? "met"
                                      : "MISSED");
}

} // namespace scr::bench
