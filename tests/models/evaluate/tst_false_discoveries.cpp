#include <algorithm>
#include <cmath>

#include <QTest>

#include "detect/bounded_table.h"
#include "detect/calibration.h"
#include "detect/decoys.h"
#include "detect/false_discoveries.h"
#include "detect/scan.h"
#include "evaluate/evaluate.h"

using namespace scr;
using domain::DetectorId;

namespace {

bool goOn(std::uint64_t, std::uint64_t)
{
    return true;
}

domain::ScanInput siteOf(std::uint64_t seed, bool attacked)
{
    simulate::Scenario scenario;
    scenario.site.seed = seed;
    scenario.site.votes = 250'000;
    scenario.site.tokens = 10'000;
    scenario.site.posts = 5'000;
    scenario.site.days = 7;
    scenario.controls = simulate::usualControls();
    if (attacked) {
        scenario.attacks = simulate::usualAttacks();
        scenario.attacks.push_back({simulate::Family::Timetable, 20});
        scenario.attacks.push_back({simulate::Family::FanOut, 20});
        scenario.attacks.push_back({simulate::Family::SlowBlock, 20});
        scenario.attacks.push_back({simulate::Family::TokenHopping, 20});
    }
    const auto site = simulate::Site::make(scenario);
    return site ? *evaluate::scanInputOf(*site) : domain::ScanInput{};
}

} // namespace

class TestFalseDiscoveries : public QObject {
    Q_OBJECT
private slots:
    void honestVotesAreAsRareAsTheTestsSay();
    void attacksAreRarer();
    void decoysHoldNothing();
    void decoysOfASleepySiteHoldNothing();
    void decoysKeepWhatTheyMust();
    void aFactIsSurerThanAnInference();
    void surenessIsCountedOverAllFlags();
};

/// P(p <= a) <= a for each test and a, with room for chance: four standard deviations of so many rare events.
void TestFalseDiscoveries::honestVotesAreAsRareAsTheTestsSay()
{
    std::vector<detect::Calibration> sums;
    for (const std::uint64_t seed : {901, 902}) {
        const auto one = detect::calibrate(siteOf(seed, false), detect::defaultRules(), goOn);
        QVERIFY(one);
        if (sums.empty())
            sums.resize(one->size());
        for (std::size_t at = 0; at < one->size(); ++at) {
            sums[at].detector = (*one)[at].detector;
            sums[at].tests += (*one)[at].tests;
            for (std::size_t level = 0; level < sums[at].below.size(); ++level)
                sums[at].below[level] += (*one)[at].below[level];
        }
    }
    QCOMPARE(sums.size(), std::size_t{11});
    for (const detect::Calibration& sum : sums) {
        QVERIFY(sum.tests > 0);
        for (std::size_t level = 0; level < sum.below.size(); ++level) {
            const double allowed = double(sum.tests) * std::pow(10, -detect::Calibration::kLevels[level]);
            QVERIFY2(double(sum.below[level]) <= allowed + 4 * std::sqrt(allowed) + 1,
                     qPrintable(QStringLiteral("%1: %2 of %3 at 1e-%4")
                                    .arg(QString::fromUtf8(nameOf(sum.detector).data()))
                                    .arg(sum.below[level])
                                    .arg(sum.tests)
                                    .arg(detect::Calibration::kLevels[level])));
        }
    }
}

/// The same tests see the attacks: they are not calibrated by being blind.
void TestFalseDiscoveries::attacksAreRarer()
{
    const auto attacked = detect::calibrate(siteOf(901, true), detect::defaultRules(), goOn);
    QVERIFY(attacked);
    for (const detect::Calibration& one : *attacked)
        QVERIFY2(one.below.back() > 0, nameOf(one.detector).data());
}

/// A group has the nights to itself: shuffled among themselves its tokens would still be on the same posts at the same time.
void TestFalseDiscoveries::decoysOfASleepySiteHoldNothing()
{
    constexpr std::int64_t kHour = 3'600'000'000;
    domain::ScanInput input;
    domain::VoteColumns& votes = input.votes;
    std::int64_t key = 0;
    const auto vote = [&](std::int64_t token, std::int64_t post, std::int64_t at) {
        votes.voteKeys.push(++key);
        votes.token.push_back(votes.tokens.intern(token));
        votes.post.push_back(votes.posts.intern(post));
        votes.castAt.push_back(1'773'000'000'000'000 + at);
        votes.value.push_back(1);
    };
    for (std::int64_t day = 0; day < 60; ++day) {
        for (std::int64_t at = 0; at < 80; ++at) {
            const auto dice = static_cast<std::int64_t>(detect::spread(static_cast<std::uint64_t>(day * 1000 + at)) >> 2U);
            vote(100 + dice % 900, day * 5 + dice / 1000 % 20, day * 24 * kHour + at * kHour / 10);
        }
        if (day % 5 == 0) {
            for (std::int64_t member = 0; member < 10; ++member)
                vote(member, day * 5, day * 24 * kHour + 18 * kHour + member * kHour / 150);
        }
    }
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto audit = detect::auditDecoys(input, detect::defaultRules(), 2, seed, goOn);
        QVERIFY(audit);
        const auto row = std::find_if(audit->rows.begin(), audit->rows.end(),
                                      [](const auto& one) { return one.detector == DetectorId::Lockstep; });
        QVERIFY(row != audit->rows.end());
        QCOMPARE(row->flags, std::uint64_t{1});
        QCOMPARE(row->swapFlags.value(), std::uint64_t{0});
    }
}

/// Of two sites together: where a detector has a dozen flags, one accident would be more than its share.
void TestFalseDiscoveries::decoysHoldNothing()
{
    std::vector<detect::DecoyAudit::Row> sums;
    for (const std::uint64_t seed : {903, 904}) {
        const auto audit = detect::auditDecoys(siteOf(seed, true), detect::defaultRules(), 2, 1, goOn);
        QVERIFY(audit);
        QCOMPARE(audit->rows.size(), std::size_t{12});
        sums.resize(audit->rows.size());
        for (std::size_t at = 0; at < sums.size(); ++at) {
            const detect::DecoyAudit::Row& row = audit->rows[at];
            QVERIFY2(row.flags > 0, nameOf(row.detector).data());
            sums[at].detector = row.detector;
            sums[at].flags += row.flags;
            if (row.swapFlags)
                sums[at].swapFlags = sums[at].swapFlags.value_or(0) + *row.swapFlags;
            if (row.jitterFlags)
                sums[at].jitterFlags = sums[at].jitterFlags.value_or(0) + *row.jitterFlags;
        }
    }
    for (const detect::DecoyAudit::Row& row : sums) {
        QVERIFY(row.falseShare());
        QVERIFY2(*row.falseShare() <= 0.05, nameOf(row.detector).data());
    }
}

/// A shuffle changes neither how much anybody voted nor how much any post got, nor leaves a vote where it was cast.
void TestFalseDiscoveries::decoysKeepWhatTheyMust()
{
    const domain::ScanInput real = siteOf(903, true);
    domain::ScanInput swapped = real;
    detect::makeDecoy(swapped, detect::Decoy::Swap, 7);
    QVERIFY(swapped.votes.token != real.votes.token);
    QVERIFY(swapped.votes.post == real.votes.post && swapped.votes.castAt == real.votes.castAt);
    const auto sorted = [](std::vector<domain::Index> values) {
        std::sort(values.begin(), values.end());
        return values;
    };
    QVERIFY(sorted(swapped.votes.token) == sorted(real.votes.token));
    domain::ScanInput again = real;
    detect::makeDecoy(again, detect::Decoy::Swap, 7);
    QVERIFY(again.votes.token == swapped.votes.token);
    domain::ScanInput jittered = real;
    detect::makeDecoy(jittered, detect::Decoy::Jitter, 7);
    QVERIFY(jittered.votes.token == real.votes.token && jittered.votes.castAt != real.votes.castAt);
    for (std::size_t row = 0; row < real.votes.size(); ++row)
        QVERIFY(std::abs(jittered.votes.castAt[row] - real.votes.castAt[row]) <= 3'600'000'000);
}

void TestFalseDiscoveries::aFactIsSurerThanAnInference()
{
    const auto report = detect::scan(siteOf(904, true), detect::defaultRules(), {}, goOn);
    QVERIFY(report);
    QVERIFY(report->expectedFalse > 0 && report->expectedFalse < 1);
    QVERIFY(report->days > 6 && report->days < 8);
    for (const domain::Flag& flag : report->flags) {
        QVERIFY(flag.falseShare);
        const bool isFact = flag.detector == DetectorId::DuplicateVotes || flag.detector == DetectorId::ConcurrentAttempts ||
                            flag.detector == DetectorId::AttemptFanOut;
        QCOMPARE(*flag.falseShare == 0, isFact);
        QVERIFY(!flag.belowReviewLine || !isFact);
        QCOMPARE(domain::certaintyText(flag).find("not an inference") != std::string::npos, isFact);
    }
    QVERIFY(std::is_sorted(report->flags.begin(), report->flags.end(), domain::isWorse));
}

/// e-BH by hand: two flags of the same strength carry each other, one alone does not stand above the line.
void TestFalseDiscoveries::surenessIsCountedOverAllFlags()
{
    detect::Rules strict = detect::defaultRules();
    strict.falseDiscovery = 1e-12;
    auto loose = detect::scan(siteOf(904, true), detect::defaultRules(), {}, goOn);
    auto tight = detect::scan(siteOf(904, true), strict, {}, goOn);
    QVERIFY(loose && tight);
    const auto below = [](const detect::ScanReport& report) {
        return std::count_if(report.flags.begin(), report.flags.end(), [](const auto& flag) { return flag.belowReviewLine; });
    };
    QVERIFY(below(*tight) > below(*loose));
    // of n flags equally sure each allows a share n times as small as one would by itself: e = 1e8 of a million questions, 1e-2
    // alone and 2.5e-3 of four, twice that as there are two tests; told as the power of ten above
    const auto shareOf = [](std::size_t count, DetectorId detector, double score) {
        std::vector<domain::Flag> flags(count);
        for (std::size_t at = 0; at < count; ++at) {
            flags[at].key = domain::FlagKey{std::to_string(at)};
            flags[at].detector = detector;
            flags[at].score = score;
            flags[at].severity = domain::Severity::Critical;
        }
        detect::assignFalseShares(flags, {{detector, 1e6, 0.1}}, 0.05);
        if ((flags.back().severity == domain::Severity::Critical) == flags.back().belowReviewLine)
            return 1.0; // what is below the line is no more than medium
        return std::log10(*flags.back().falseShare);
    };
    QVERIFY(std::abs(shareOf(1, DetectorId::PostSurge, 8) + 1) < 1e-9);
    QVERIFY(std::abs(shareOf(4, DetectorId::PostSurge, 8) + 2) < 1e-9);
    // a probability of 1e-20 is weak as an e-value, and among a million questions still one of 1e-14
    QVERIFY(std::abs(shareOf(1, DetectorId::Metronome, 20) + 13) < 1e-9);
}

QTEST_GUILESS_MAIN(TestFalseDiscoveries)
#include "tst_false_discoveries.moc"
