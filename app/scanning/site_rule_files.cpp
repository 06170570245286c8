#include "scanning/site_rule_files.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace scr::scanning {

namespace {

using domain::failure;
using domain::Fault;
namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 1'000'000;

domain::Result<std::string> textOf(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text(kLargestFile + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad())
        return failure(Fault::Unavailable, "It could not be read");
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kLargestFile)
        return failure(Fault::Invalid, fmt::format("It is longer than {} bytes", kLargestFile));
    return text;
}

domain::Result<std::vector<fs::path>> filesOf(const std::string& folder)
{
    std::error_code problem;
    std::vector<fs::path> files;
    fs::directory_iterator next{folder, problem};
    for (; !problem && next != fs::directory_iterator{}; next.increment(problem)) {
        if (next->path().extension() == ".sql")
            files.push_back(next->path());
    }
    if (problem)
        return failure(Fault::Unavailable, fmt::format("The folder {} could not be read: {}", folder, problem.message()),
                       "Name a folder with your detectors as SQL");
    if (files.empty())
        return failure(Fault::NotFound, fmt::format("There is no file NAME.sql in {}", folder),
                       "Put a rule there; example_detector.sql among the program's documents shows one");
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

domain::Result<SiteRuleFiles> readSiteRules(const std::string& folder)
{
    const auto paths = filesOf(folder);
    if (!paths)
        return domain::failureOf(paths);
    SiteRuleFiles files;
    for (const fs::path& path : *paths) {
        const std::string name = path.filename().string();
        const auto text = textOf(path);
        auto rule = text ? domain::parseSiteRule(name, *text) : domain::Result<domain::SiteRule>{domain::failureOf(text)};
        if (!rule) {
            files.unreadable.push_back({name, domain::sentenceOf(rule.error())});
            continue;
        }
        const auto same = std::find_if(files.rules.begin(), files.rules.end(),
                                       [&](const domain::SiteRule& known) { return known.name == rule->name; });
        if (same != files.rules.end())
            files.unreadable.push_back({name, fmt::format("{} has that name already, {}.", same->file, rule->name)});
        else
            files.rules.push_back(std::move(*rule));
    }
    return files;
}

} // namespace scr::scanning
