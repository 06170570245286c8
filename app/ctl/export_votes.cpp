#include "ctl/export_votes.h"

#include <optional>

#include "ctl/terminal.h"
#include "history/csv_writer.h"
#include "query/query.h"
#include "store/sql_vote_source.h"

namespace scr::ctl {

namespace {

constexpr int kPage = 10'000;
domain::HistoryVote rowOf(const domain::Vote& vote)
{
    return {vote.token.text, vote.post.text, vote.value, vote.castAt, vote.key.text, vote.author.text, vote.origin};
}

} // namespace

domain::Result<std::int64_t> exportVotes(const domain::ConnectionTarget& reader, const std::string& filterText,
                                         const domain::TimeRange& range, const std::string& path)
{
    const auto filter = query::parseFilter(filterText);
    if (!filter)
        return domain::failureOf(filter);
    auto file = history::HistoryWriter<domain::HistoryVote>::create(path);
    if (!file)
        return domain::failureOf(file);
    store::SqlVoteSource source{reader, store::ReadSettings{std::chrono::milliseconds{0}}};
    Progress progress{"Writing " + path};
    std::int64_t written = 0;
    std::optional<ports::VoteCursor> cursor;
    do {
        const auto page = source.votesAfter({*filter, range}, cursor, kPage).result();
        if (!page)
            return domain::failureOf(page);
        for (const domain::Vote& vote : page->rows) {
            if (const domain::Status row = file->write(rowOf(vote)); !row)
                return domain::failureOf(row);
        }
        written += static_cast<std::int64_t>(page->rows.size());
        progress.setRows(static_cast<std::uint64_t>(written));
        if (!progress(0, 0))
            return domain::failure(domain::Fault::Cancelled, "The export was stopped before its end");
        cursor = page->next;
    } while (cursor);
    if (const domain::Status kept = file->commit(); !kept)
        return domain::failureOf(kept);
    return written;
}

} // namespace scr::ctl
