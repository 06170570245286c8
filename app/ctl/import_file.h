#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ctl/terminal.h"
#include "domain/result.h"
#include "history/csv_writer.h"
#include "history/history_reader.h"

namespace scr::ctl {

struct RejectedLines {
    std::string path;
    history::RejectFile file;
};

/// What the files of one import have in common.
struct ImportRun {
    explicit ImportRun(bool skip) : skipBad{skip} {}

    bool skipBad;
    Progress progress{"Reading"};
    std::uint64_t rows = 0;
    std::uint64_t badLines = 0;
    std::vector<RejectedLines> rejects;
};

/// Either into the reject file, or, the first of them, to standard error.
[[nodiscard]] domain::Status takeBadLines(const std::string& path, const std::vector<history::BadLine>& bad, ImportRun& run,
                                          bool& hasRejectFile);

/// Hands a file's rows on batch by batch. After a bad line that must not be skipped the rest is read only to tell what else is
/// wrong with it. An empty path: there is no such file.
template <class Row>
[[nodiscard]] domain::Status importFile(const std::string& path, ImportRun& run,
                                        const std::function<domain::Status(std::span<const Row>)>& add)
{
    if (path.empty())
        return domain::Nothing{};
    auto reader = history::HistoryReader<Row>::open(path);
    if (!reader)
        return domain::failureOf(reader);
    run.progress.setWhat("Reading " + path);
    history::Batch<Row> batch;
    bool hasRejectFile = false;
    for (;;) {
        const domain::Result<bool> more = reader->next(batch);
        if (!more)
            return domain::failureOf(more);
        if (!*more)
            return domain::Nothing{};
        if (const domain::Status taken = takeBadLines(path, batch.bad, run, hasRejectFile); !taken)
            return taken;
        if (run.badLines == 0 || run.skipBad) {
            if (const domain::Status added = add(batch.rows); !added)
                return added;
        }
        run.progress.setRows(run.rows += batch.rows.size());
        if (!run.progress(reader->bytesRead(), reader->bytesTotal()))
            return domain::failure(domain::Fault::Cancelled, "The import was stopped, and nothing was loaded");
    }
}

} // namespace scr::ctl
