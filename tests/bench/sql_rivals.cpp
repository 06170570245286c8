#include "sql_rivals.h"

#include <optional>

#include <fmt/format.h>

#include "detect/scan.h"
#include "rival_queries.h"
#include "store/copy_scan_source.h"

namespace scr::bench {

namespace {

using domain::DetectorId;
using simulate::Family;
using Rows = std::vector<std::vector<std::string>>;

constexpr const char* kLimit = "SET statement_timeout = '5 min'; ";
constexpr double kOnlyOnce = 60; ///< seconds

void printLine(const std::string& name, double seconds, const Tally& tally, std::span<const Family> families)
{
    fmt::print("  {:<36}{:>9.2f} s{:>9} findings{:>6} wrong  {:>14} campaigns{:>8} attack votes{:>8} honest ones\n", name,
               seconds, tally.findings(), tally.wrong(), tally.campaignsFound(families), tally.attackVotes(),
               tally.honestVotes());
}

/// Of rows that name a finding and a vote of it; those of a finding follow one another.
Tally tallyOf(const Rows& rows, const Truth& truth)
{
    Tally tally{truth};
    std::vector<std::int64_t> votes;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        votes.push_back(std::stoll(rows[row][1]));
        if (row + 1 == rows.size() || rows[row][0] != rows[row + 1][0]) {
            tally.add(votes);
            votes.clear();
        }
    }
    return tally;
}

/// Of the flags that accuse somebody; low ones do not.
Tally tallyOf(const detect::ScanReport& report, const Truth& truth)
{
    Tally tally{truth};
    for (const domain::Flag& flag : report.flags) {
        if (flag.severity == domain::Severity::Low)
            continue;
        std::vector<std::int64_t> votes;
        for (const domain::VoteKey& key : flag.extraVotes.empty() ? flag.votes : flag.extraVotes)
            votes.push_back(std::stoll(key.text));
        tally.add(votes);
    }
    return tally;
}

class Rivals {
public:
    Rivals(const BenchSite& site, int repeats) : m_site{site}, m_repeats{repeats}, m_truth{site.truth()} {}

    std::vector<Verdict> run()
    {
        static_cast<void>(ours({})); // both sides find the pages in memory from here on
        const double all = ours({});
        fmt::print("\nAgainst SQL on {} votes; ours is the stream and the scan\n", m_votes);
        printLine("ours: all detectors", all, tallyOf(m_report, m_truth), allFamilies());
        std::vector<Verdict> verdicts;
        std::optional<DetectorId> told;
        double alone = 0;
        for (const RivalQuery& query : rivalQueries()) {
            if (told != query.ours) {
                alone = ours({query.ours});
                printLine(fmt::format("ours: {}", domain::nameOf(query.ours)), alone, tallyOf(m_report, m_truth), query.families);
                told = query.ours;
            }
            verdicts.push_back(against(query, alone, all));
        }
        return verdicts;
    }

private:
    /// Seconds of the stream and of a scan with these detectors, or with all; the last report stays.
    double ours(const std::vector<DetectorId>& detectors)
    {
        std::vector<double> seconds;
        for (int repeat = 0; repeat < m_repeats; ++repeat)
            seconds.push_back(timed([&] {
                const domain::ScanInput input = required(store::CopyScanSource{m_site.reader()}.read({}, {}));
                m_report = required(detect::scan(input, detect::defaultRules(), {detectors, 0}, {}));
            }));
        m_votes = m_report.votes;
        return median(std::move(seconds));
    }

    static std::vector<Family> allFamilies()
    {
        std::vector<Family> all;
        for (const simulate::Dose<Family>& dose : simulate::usualAttacks())
            all.push_back(dose.kind);
        return all;
    }

    Verdict against(const RivalQuery& query, double alone, double all)
    {
        std::vector<double> seconds;
        std::string refusal;
        Rows rows;
        do {
            seconds.push_back(timed([&] {
                try {
                    rows = m_site.rows(kLimit + query.text);
                } catch (const std::runtime_error& stopped) {
                    refusal = stopped.what();
                }
            }));
        } while (static_cast<int>(seconds.size()) < m_repeats && seconds.back() < kOnlyOnce);
        const double taken = median(seconds);
        if (refusal.empty())
            printLine("SQL: " + query.name, taken, tallyOf(rows, m_truth), query.families);
        else
            fmt::print("  {:<36}{:>9.2f} s, no answer: {}", "SQL: " + query.name, taken, refusal);
        const std::string least = refusal.empty() ? "" : "> ";
        return {fmt::format("{:.1f} M votes: {} (all detectors {:.2f} s) / SQL {}", static_cast<double>(m_votes) / 1e6,
                            domain::nameOf(query.ours), all, query.name),
                fmt::format("{:.2f} s", alone),
                fmt::format("{}{:.2f} s", least, taken),
                fmt::format("{}{:.1f}x", least, taken / alone),
                "",
                true};
    }

    const BenchSite& m_site;
    int m_repeats;
    Truth m_truth;
    detect::ScanReport m_report;
    std::uint64_t m_votes = 0;
};

} // namespace

std::vector<Verdict> benchRivals(const BenchSite& site, int repeats)
{
    return Rivals{site, repeats}.run();
}

} // namespace scr::bench
