// Measures the offline verification of a large evidence pack, beside what `openssl speed` says that hashing the same bytes takes.

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "support/pack.h"

namespace {

namespace fs = std::filesystem;

constexpr double kMostSeconds = 60;
constexpr double kMostMebibytes = 512;
constexpr double kMostTimes = 2; ///< of hashing the same bytes

struct Run {
    int code = -1;
    double seconds{};
    double cpuSeconds{};
    double mebibytes{}; ///< resident at most
};

Run runOnce(const std::vector<std::string>& command)
{
    std::vector<char*> arguments;
    for (const std::string& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    const auto start = std::chrono::steady_clock::now();
    if (::posix_spawn(&child, arguments.front(), nullptr, nullptr, arguments.data(), environ) != 0)
        return {};
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    const auto secondsOf = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
            secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

/// Bytes a second that one thread hashes in pieces of that size.
double opensslRate(int piece)
{
    const std::string command = fmt::format("openssl speed -mr -seconds 3 -bytes {} -evp sha256 2>/dev/null", piece);
    std::string line;
    double rate = 0;
    std::array<char, 512> buffer{};
    FILE* output = ::popen(command.c_str(), "r"); // NOLINT: a fixed command
    while (output && std::fgets(buffer.data(), buffer.size(), output)) {
        line = buffer.data();
        if (line.starts_with("+F:"))
            rate = std::strtod(line.substr(line.rfind(':') + 1).c_str(), nullptr);
    }
    if (output)
        ::pclose(output);
    return rate;
}

struct Sizes {
    double all{};     ///< of every file
    double entries{}; ///< of those hashed once more, one by one, as leaves of the tree
};

Sizes sizesOf(const fs::path& pack)
{
    Sizes sizes;
    for (const fs::directory_entry& file : fs::recursive_directory_iterator{pack}) {
        if (!file.is_regular_file())
            continue;
        const auto size = static_cast<double>(file.file_size());
        sizes.all += size;
        sizes.entries += file.path().string().find("/tile/entries/") != std::string::npos ? size : 0;
    }
    return sizes;
}

bool tell(const char* what, double value, double most, const char* unit)
{
    const bool isMet = value <= most;
    fmt::print("  {:<52} {:>9.2f} {} (at most {:g}: {})\n", what, value, unit, most, isMet ? "met" : "MISSED");
    return isMet;
}

} // namespace

int main(int argc, char** argv)
{
    std::uint64_t entries = 10'000'000;
    int repeats = 5;
    std::string directory = "/var/tmp/scrutineer-evidence-bench";
    std::string make;
    bool isKept = false;
    CLI::App app{"Verification of a large evidence pack beside plain hashing"};
    app.add_option("--entries", entries, "Entries in the pack")->capture_default_str();
    app.add_option("--repeats", repeats, "Runs, of which the median counts")->capture_default_str();
    app.add_option("--directory", directory, "Where the pack is made, about 0.9 GB a million entries; removed afterwards")
        ->capture_default_str();
    app.add_option("--make", make, "Only make the pack, there");
    app.add_flag("--keep", isKept, "Leave the pack there");
    CLI11_PARSE(app, argc, argv);
    if (!make.empty()) {
        const auto keys = scr::test::makePack({make, entries, entries / 200 + 1, entries / 2, 0, false, false});
        std::ofstream{make + ".keys"} << keys.exporter << '\n' << keys.log << '\n';
        return 0;
    }
    fs::remove_all(directory);
    fs::create_directories(directory);
    const std::string pack = directory + "/pack";
    const auto start = std::chrono::steady_clock::now();
    const std::string self = fs::canonical("/proc/self/exe");
    // By a process of its own: what this one once had in memory would be told as the verifier's.
    if (runOnce({self, "--make", pack, "--entries", std::to_string(entries)}).code != 0)
        return 2;
    ::sync(); // else what was made is still being written to the disk while it is verified
    std::ifstream file{pack + ".keys"};
    std::string exporter;
    std::string log;
    std::getline(file, exporter);
    std::getline(file, log);
    fmt::print("{} entries, made in {:.0f} s\n", entries,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    const std::string verifier = fs::path{self}.parent_path() / "scrutineer-verify";
    std::vector<Run> runs;
    for (int i = 0; i < repeats; ++i)
        runs.push_back(runOnce({verifier, "--exporter", exporter, "--key", log, pack}));
    std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.seconds < b.seconds; });
    const Run& run = runs.at(runs.size() / 2);
    const Sizes sizes = sizesOf(pack);
    const double large = opensslRate(16384);
    const double small = opensslRate(static_cast<int>(sizes.entries / static_cast<double>(entries)));
    // Two hashes of 32 bytes and the byte before them make a node, and a tree has one node less than leaves.
    constexpr int kNode = 65;
    const double nodes = kNode * static_cast<double>(entries);
    const double filesAndLeaves = sizes.all / large + sizes.entries / small;
    const double plain = filesAndLeaves + nodes / opensslRate(kNode);
    fmt::print("  {:<52} {:>9.2f} GB, {:.2f} GB once more as leaves, and {:.2f} GB as nodes of the tree\n", "hashed: the files",
               sizes.all / 1e9, sizes.entries / 1e9, nodes / 1e9);
    fmt::print("  {:<52} {:>9.0f} MB/s in pieces of 16 KiB, {:.0f} MB/s in entries\n", "openssl speed, sha256, one thread",
               large / 1e6, small / 1e6);
    fmt::print("  {:<52} {:>9.2f} s\n", "the same bytes at these rates", plain);
    fmt::print("  {:<52} {:>9.2f} s of processors\n", "scrutineer-verify", run.cpuSeconds);
    bool isMet = tell("scrutineer-verify, all of it", run.seconds, kMostSeconds, "s");
    isMet = tell("  against the same bytes by openssl", run.seconds / plain, kMostTimes, "times") && isMet;
    fmt::print("  {:<52} {:>9.2f} times\n", "  against the files and leaves alone", run.seconds / filesAndLeaves);
    isMet = tell("  memory", run.mebibytes, kMostMebibytes, "MiB") && isMet;
    if (!isKept)
        fs::remove_all(directory);
    return run.code == 0 && isMet ? 0 : 1;
}
