#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <string_view>

#include "verify/verify.h"

namespace {

constexpr const char* kUsage =
    "usage: scrutineer-verify [--exporter KEY] [--key KEY] FOLDER|FILE.tar\n\n"
    "Checks an evidence pack, offline. KEY is a public key or a file with it: --exporter that of who made\n"
    "the pack, --key that of the log. Without them those in the pack are taken: then it is only shown that\n"
    "the pack agrees with itself. Exit codes: 0 verified, 1 not, 2 it could not be looked at.\n";

int complain(const std::string& what)
{
    std::fprintf(stderr, "%s\n", what.c_str());
    return 2;
}

/// The key itself, or the last line of the file: minisign puts a comment before it.
std::string keyOf(const std::string& argument)
{
    std::ifstream file{argument};
    std::string key = argument;
    for (std::string line; std::getline(file, line);)
        key = line.empty() ? key : line;
    return key;
}

} // namespace

int main(int argc, char** argv)
try {
    scr::verify::Keys keys;
    std::string path;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--help" || argument == "-h")
            return std::fputs(kUsage, stdout) < 0 ? 2 : 0;
        if ((argument == "--exporter" || argument == "--key") && i + 1 < argc)
            (argument == "--key" ? keys.log : keys.exporter) = keyOf(argv[++i]);
        else if (!path.empty() || argument.starts_with("-"))
            return complain(kUsage);
        else
            path = argument;
    }
    if (path.empty())
        return complain(kUsage);
    const auto [isGood, text] = scr::verify::verifyPack(path, keys);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        return complain("The outcome could not be written.");
    if (!keys.log || !keys.exporter)
        std::fputs("A key was taken from the pack itself: compare it with the one that you have from elsewhere.\n", stderr);
    return isGood ? 0 : 1;
} catch (const std::exception& problem) {
    return complain(problem.what());
}
