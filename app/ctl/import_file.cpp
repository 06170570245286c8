#include "ctl/import_file.h"

namespace scr::ctl {

namespace {

/// Of a file that is wrong throughout, the first lines tell enough.
constexpr std::uint64_t kLinesTold = 20;

std::string rejectPathOf(const std::string& path)
{
    return (path == "-" ? "stdin" : path) + ".rejects.csv";
}

} // namespace

domain::Status takeBadLines(const std::string& path, const std::vector<history::BadLine>& bad, ImportRun& run,
                            bool& hasRejectFile)
{
    for (const history::BadLine& line : bad) {
        ++run.badLines;
        if (!run.skipBad) {
            if (run.badLines <= kLinesTold)
                warn(history::sentenceOf(line));
            continue;
        }
        if (!hasRejectFile) {
            auto file = history::RejectFile::create(rejectPathOf(path));
            if (!file)
                return domain::failureOf(file);
            run.rejects.push_back({rejectPathOf(path), *std::move(file)});
            hasRejectFile = true;
        }
        if (const domain::Status added = run.rejects.back().file.add(line); !added)
            return added;
    }
    return domain::Nothing{};
}

} // namespace scr::ctl
