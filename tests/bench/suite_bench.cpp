#include "suite_bench.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "bench_site.h"
#include "detect/scan.h"
#include "detect/suite.h"
#include "evaluate/evaluate.h"

namespace scr::bench {

namespace {

using detect::Suite;

struct Part {
    const char* name;
    Suite::Wanted wanted;
};
constexpr std::array kParts{Part{"bursts, metronomes, serial", {true, false, false, false}},
                            Part{"lockstep pairs", {false, true, false, false}}, Part{"networks", {false, false, true, false}},
                            Part{"mutual votes", {false, false, false, true}}};

constexpr double kMillion = 1e6;

domain::ScanInput attackedSite(std::uint64_t votes)
{
    simulate::Scenario scenario;
    scenario.site.votes = votes;
    scenario.site.tokens = std::max<std::uint64_t>(votes / 25, 1000);
    scenario.site.posts = std::max<std::uint64_t>(votes / 50, 300);
    scenario.site.days = 7;
    scenario.attacks = simulate::usualAttacks();
    scenario.controls = simulate::usualControls();
    return required(evaluate::scanInputOf(required(simulate::Site::make(scenario))));
}

bool goOn(std::uint64_t, std::uint64_t)
{
    return true;
}

void line(std::string_view name, double seconds, double votes, std::size_t bytes, std::string_view more)
{
    fmt::print("  {:<28}{:>8.2f} s{:>9.2f} M votes/s{:>8.0f} MB   {}\n", name, seconds, votes / seconds / kMillion,
               static_cast<double>(bytes) / kMillion, more);
}

struct Waits {
    double median{};
    double p99{};
    double longest{};
};

/// How long one vote takes through all screens when it comes by itself and nothing is asked for ahead; microseconds.
Waits waitsOf(const domain::VoteColumns& votes, const detect::TimeOrder& order)
{
    constexpr std::size_t kMost = 2'000'000;
    Suite suite{detect::defaultRules(), 1, {}};
    const std::vector<detect::Screen*> screens = suite.screens();
    std::vector<double> waits;
    waits.reserve(std::min(kMost, votes.size()));
    std::array<detect::VoteEvent, 1> vote;
    for (std::size_t place = 0; place < std::min(kMost, votes.size()); ++place) {
        vote[0] = detect::eventOf(votes, order.row(place));
        waits.push_back(1e6 * timed([&] {
                            for (detect::Screen* screen : screens)
                                screen->see(vote);
                        }));
    }
    if (waits.empty())
        return {};
    std::sort(waits.begin(), waits.end());
    return {waits[waits.size() / 2], waits[waits.size() * 99 / 100], waits.back()};
}

/// A vote of a site with a hundred thousand tokens, made from its number.
detect::VoteEvent madeVote(std::uint64_t number)
{
    const std::uint64_t random = detect::spread(number + 1);
    detect::VoteEvent vote;
    vote.at = static_cast<std::int64_t>(number) * 60'000 + static_cast<std::int64_t>(random % 50'000);
    vote.token = static_cast<domain::Index>(detect::spread(random) % 4'000'000);
    vote.post = static_cast<domain::Index>(number / 200 + random % 2'000);
    vote.author = static_cast<domain::Index>(vote.post % 200'000);
    vote.networkCode = 1 + detect::spread(vote.token) % 500'000;
    vote.network = static_cast<domain::Index>(vote.networkCode);
    vote.value = 1;
    return vote;
}

} // namespace

std::vector<Verdict> benchSuite(std::uint64_t votes)
{
    fmt::print("\nDetection suite on one core\n");
    const domain::ScanInput input = attackedSite(votes);
    const auto count = static_cast<double>(input.votes.size());
    const detect::TimeOrder order{input.votes.castAt};
    for (const Part& part : kParts) {
        Suite suite{detect::defaultRules(), 1, part.wanted};
        const domain::KeepGoing keepGoing = goOn;
        detect::Progress progress{keepGoing, 0};
        const double seconds = timed([&] { static_cast<void>(screenVotes(input.votes, order, suite.screens(), progress)); });
        line(fmt::format("screen: {}", part.name), seconds, count, suite.bytes(), "");
    }
    for (const domain::DetectorId detector : domain::kDetectors) {
        detect::ScanReport report;
        resetPeak();
        const std::uint64_t before = residentBytes();
        const double seconds =
            timed([&] { report = required(detect::scan(input, detect::defaultRules(), {{detector}, 1}, goOn)); });
        if (report.skipped.empty())
            line(domain::nameOf(detector), seconds, count, peakBytes() - before, fmt::format("{} flags", report.flags.size()));
    }
    detect::ScanReport report;
    resetPeak();
    const std::uint64_t before = residentBytes();
    const double seconds = timed([&] { report = required(detect::scan(input, detect::defaultRules(), {{}, 1}, goOn)); });
    const std::uint64_t peak = peakBytes() - before;
    line("all detectors", seconds, count, peak, fmt::format("{} flags", report.flags.size()));
    const Waits waits = waitsOf(input.votes, order);
    fmt::print("  one vote by itself through all screens: median {:.2f} us, 99 of 100 within {:.2f} us, longest {:.0f} us\n",
               waits.median, waits.p99, waits.longest);
    const Suite suite{detect::defaultRules(), 1, {}};
    const double rate = count / seconds / kMillion;
    const double held = static_cast<double>(suite.bytes()) / kMillion;
    return {{"all detectors on one core", fmt::format("{:.2f} M votes/s", rate), "", "", ">= 1 M votes/s", rate >= 1},
            {"one vote through all screens, 99th percentile", fmt::format("{:.2f} us", waits.p99), "", "", "<= 50 us",
             waits.p99 <= 50},
            {"memory of the screens", fmt::format("{:.0f} MB", held), "", "", "<= 350 MB", held <= 350},
            {"memory a whole scan adds to the votes", fmt::format("{:.0f} MB", static_cast<double>(peak) / kMillion), "", "", "",
             true}};
}

std::vector<Verdict> benchStream(std::uint64_t votes)
{
    constexpr std::uint64_t kBatch = 1U << 16U;
    fmt::print("\nScreens over a stream that is kept nowhere\n");
    Suite suite{detect::defaultRules(), 1, {}};
    std::vector<detect::VoteEvent> batch(kBatch);
    std::uint64_t early = 0;
    const double seconds = timed([&] {
        for (std::uint64_t begin = 0; begin < votes; begin += kBatch) {
            for (std::uint64_t at = 0; at < kBatch; ++at)
                batch[at] = madeVote(begin + at);
            for (detect::Screen* screen : suite.screens())
                screen->see(batch);
            if (begin / kBatch == votes / kBatch / 10)
                early = residentBytes();
        }
    });
    const std::uint64_t late = residentBytes();
    const double growth = (static_cast<double>(late) - static_cast<double>(early)) / kMillion;
    fmt::print("  {} votes in {:.1f} s; resident after a tenth of them {:.0f} MB, at the end {:.0f} MB\n", votes, seconds,
               static_cast<double>(early) / kMillion, static_cast<double>(late) / kMillion);
    return {{fmt::format("growth over the last nine tenths of {:.0f} M votes", static_cast<double>(votes) / kMillion),
             fmt::format("{:.1f} MB", growth), "", "", "<= 16 MB", growth <= 16}};
}

} // namespace scr::bench
