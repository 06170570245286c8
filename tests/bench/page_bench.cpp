#include "page_bench.h"

#include <fmt/format.h>

#include "store/sql_vote_source.h"

namespace scr::bench {

namespace {

constexpr int kPage = 500;
constexpr int kRounds = 21;

/// The cursor that leaves about one page more.
ports::VoteCursor deepCursor(const BenchSite& site)
{
    const auto row = site.rows(fmt::format("SELECT (extract(epoch from cast_at) * 1000000)::int8, vote_key FROM scrutineer.vote "
                                           "ORDER BY cast_at, vote_key LIMIT 1 OFFSET {}",
                                           2 * kPage))[0];
    return {domain::timeOf(std::stoll(row[0])), domain::VoteKey{row[1]}};
}

double pageSeconds(store::SqlVoteSource& source, const std::optional<ports::VoteCursor>& cursor)
{
    std::vector<double> seconds;
    for (int round = 0; round < kRounds; ++round) {
        seconds.push_back(timed([&] {
            const auto page = required(source.votesAfter({}, cursor, kPage).result());
            if (page.rows.size() != kPage)
                throw std::runtime_error{"a page is not full"};
        }));
    }
    return median(std::move(seconds));
}

void explain(const BenchSite& site, const char* title, const std::string& where, const std::string& offset)
{
    fmt::print("\n{}\n", title);
    for (const auto& line :
         site.rows(fmt::format("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY ON) SELECT * FROM scrutineer.vote {} "
                               "ORDER BY cast_at DESC, vote_key DESC LIMIT {} {}",
                               where, kPage + 1, offset)))
        fmt::print("  {}\n", line[0]);
}

} // namespace

std::vector<Verdict> benchPages(const BenchSite& site)
{
    const ports::VoteCursor deep = deepCursor(site);
    const std::string votes = site.rows("SELECT count(*) FROM scrutineer.vote")[0][0];
    const std::string offset = std::to_string(std::stoll(votes) - 2 * kPage);
    explain(site, "First page", "", "");
    explain(site, "Last page by key",
            fmt::format("WHERE (cast_at, vote_key) < (timestamptz 'epoch' + {}::int8 * interval '1 microsecond', {})",
                        domain::microsOf(deep.castAt), deep.key.text),
            "");
    explain(site, "Last page by OFFSET", "", "OFFSET " + offset);
    store::SqlVoteSource source{site.reader()};
    static_cast<void>(pageSeconds(source, deep));
    const double first = pageSeconds(source, std::nullopt);
    const double last = pageSeconds(source, deep);
    const double byOffset = timed([&] {
        static_cast<void>(site.rows(
            fmt::format("SELECT * FROM scrutineer.vote ORDER BY cast_at DESC, vote_key DESC LIMIT {} OFFSET {}", kPage, offset)));
    });
    const auto ms = [](double seconds) { return fmt::format("{:.2f} ms", 1000 * seconds); };
    return {{fmt::format("page {} votes deep by key / first page", offset), ms(last), ms(first),
             fmt::format("{:.2f}", last / first), "<= 1.50", last / first <= 1.5},
            {fmt::format("page {} votes deep by key / by OFFSET", offset), ms(last), ms(byOffset),
             fmt::format("{:.0f}x", byOffset / last), "", true}};
}

} // namespace scr::bench
