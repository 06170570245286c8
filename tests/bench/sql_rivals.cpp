#include "sql_rivals.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "detect/scan.h"
#include "store/copy_scan_source.h"

namespace scr::bench {

namespace {

using domain::DetectorId;
using Names = std::set<std::string>;

/// Its rows name tokens, in one column.
struct Rival {
    const char* what;
    DetectorId detector;
    const char* sql;
};

// The votes that end 32 or more of their token within 20 seconds.
constexpr Rival kBurst{
    "burst, RANGE frame", DetectorId::TokenBurst,
    "SELECT DISTINCT token_key FROM (SELECT token_key, count(*) OVER (PARTITION BY token_key ORDER BY cast_at RANGE BETWEEN "
    "interval '20 seconds' PRECEDING AND CURRENT ROW) AS votes FROM scrutineer.vote WHERE state = 'counted') w WHERE votes >= "
    "32"};

// Five tokens of a network on one post, and ten times as many as its share of all votes lets expect.
constexpr Rival kCrowd{
    "network crowd, windows over groups", DetectorId::SubnetSocks,
    "WITH here AS (SELECT post_key, network(set_masklen(origin, CASE family(origin) WHEN 4 THEN 24 ELSE 64 END)) AS net, "
    "count(DISTINCT token_key) AS tokens, count(*) AS votes, array_agg(token_key) AS who FROM scrutineer.vote "
    "WHERE state = 'counted' AND origin IS NOT NULL GROUP BY 1, 2), "
    "shares AS (SELECT *, sum(votes) OVER (PARTITION BY net) - votes AS elsewhere, sum(votes) OVER (PARTITION BY post_key) AS "
    "of_post, sum(votes) OVER () AS of_site FROM here) "
    "SELECT DISTINCT unnest(who) FROM shares WHERE tokens >= 5 AND tokens >= 10 * of_post * (elsewhere + 0.5) / of_site"};

// Pairs of tokens with at least ten posts in common and half of all they voted on.
constexpr Rival kJaccard{
    "co-voting, Jaccard of each pair", DetectorId::Lockstep,
    "WITH v AS MATERIALIZED (SELECT DISTINCT token_key, post_key FROM scrutineer.vote WHERE state = 'counted'), "
    "n AS (SELECT token_key, count(*) AS posts FROM v GROUP BY 1 HAVING count(*) >= 10), "
    "pairs AS (SELECT a.token_key AS one, b.token_key AS other, count(*) AS both FROM v a JOIN v b USING (post_key) "
    "WHERE a.token_key < b.token_key AND a.token_key IN (SELECT token_key FROM n) AND b.token_key IN (SELECT token_key FROM n) "
    "GROUP BY 1, 2 HAVING count(*) >= 10) "
    "SELECT DISTINCT unnest(ARRAY[p.one, p.other]) FROM pairs p JOIN n x ON x.token_key = p.one JOIN n y ON y.token_key = "
    "p.other "
    "WHERE p.both >= 0.5 * (x.posts + y.posts - p.both)"};

Names tokensOf(const detect::ScanReport& report, DetectorId detector)
{
    Names names;
    for (const domain::Flag& flag : report.flags) {
        if (flag.detector != detector)
            continue;
        for (const domain::TokenKey& token : flag.tokens)
            names.insert(token.text);
    }
    return names;
}

} // namespace

std::vector<Verdict> benchRivals(const BenchSite& site, std::uint64_t votes)
{
    fmt::print("\nAgainst SQL on {} votes\n", votes);
    constexpr const char* kLimit = "SET statement_timeout = '5 min'; ";
    detect::ScanReport report;
    const double ours = timed([&] {
        const domain::ScanInput input = required(store::CopyScanSource{site.reader()}.read({}, {}));
        report = required(detect::scan(input, detect::defaultRules(), {{}, 0}, [](auto, auto) { return true; }));
    });
    fmt::print("  {:<36}{:>8.2f} s: {} flags of all kinds\n", "stream and all detectors", ours, report.flags.size());
    std::vector<Verdict> verdicts;
    for (const Rival& rival : {kBurst, kCrowd, kJaccard}) {
        const Names found = tokensOf(report, rival.detector);
        Names named;
        std::string answer = "stopped";
        const double taken = timed([&] {
            try {
                for (const std::vector<std::string>& row : site.rows(std::string{kLimit} + rival.sql))
                    named.insert(row[0]);
                Names common;
                std::set_intersection(named.begin(), named.end(), found.begin(), found.end(),
                                      std::inserter(common, common.end()));
                answer = fmt::format("{} tokens, {} of our {}", named.size(), common.size(), found.size());
            } catch (const std::runtime_error& refused) {
                answer = "no answer: " + std::string{refused.what()}.substr(0, 60);
            }
        });
        std::replace(answer.begin(), answer.end(), '\n', ' ');
        fmt::print("  {:<36}{:>8.2f} s: {}\n", rival.what, taken, answer);
        verdicts.push_back({fmt::format("{} M votes: {}", votes / 1'000'000, rival.what), fmt::format("{:.2f} s, all", ours),
                            fmt::format("{:.2f} s", taken), fmt::format("{:.1f}x", taken / ours), "", true});
    }
    return verdicts;
}

} // namespace scr::bench
