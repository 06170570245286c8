#include <cmath>

#include <QTest>

#include "detect/scan.h"
#include "evaluate/summary.h"
#include "evaluate/time_to_detect.h"

using namespace scr;
using evaluate::SeedResult;

namespace {

simulate::Scenario scenarioOf(std::uint64_t seed, bool attacked)
{
    simulate::Scenario scenario;
    scenario.site.seed = seed;
    scenario.site.votes = 120'000;
    scenario.site.tokens = 4800;
    scenario.site.posts = 2400;
    scenario.site.days = 7;
    scenario.controls = simulate::usualControls();
    if (attacked)
        scenario.attacks = simulate::usualAttacks();
    return scenario;
}

SeedResult resultOf(std::uint64_t seed, bool attacked, unsigned threads = 1)
{
    auto result = evaluate::evaluateSeed(scenarioOf(seed, attacked), detect::defaultRules(), threads, {});
    if (!result)
        throw std::runtime_error{domain::sentenceOf(result.error())};
    return std::move(*result);
}

} // namespace

class TestEvaluate : public QObject {
    Q_OBJECT
private slots:
    void averagePrecisionByHand();
    void boundsOfFewCounts();
    void attacksAreFoundAndPeopleLeftAlone();
    void nothingIsFoundWhereNothingIs();
    void threadsMakeNoDifference();
    void campaignsAreSeenSoon();
    void whatAnEvaderBuysIsTold();
};

void TestEvaluate::averagePrecisionByHand()
{
    // ranked: hit, miss, hit: (1 + 2/3) / 2; the row of neither kind counts nowhere
    QVERIFY(std::abs(evaluate::averagePrecision({0.9F, 0.8F, 0.85F, 0.1F}, {1, 0, -1, 1}) - (1 + 2.0 / 3) / 2) < 1e-9);
    // equal scores are one step: half of them right
    QVERIFY(std::abs(evaluate::averagePrecision({0.5F, 0.5F}, {1, 0}) - 0.5) < 1e-9);
}

void TestEvaluate::boundsOfFewCounts()
{
    QVERIFY(std::abs(evaluate::poissonUpper(0) - 2.9957) < 0.001);
    QVERIFY(std::abs(evaluate::poissonUpper(2) - 6.2958) < 0.001);
    const evaluate::Estimate estimate = evaluate::estimateOf({0.9, 0.95, 1.0});
    QVERIFY(std::abs(estimate.mean - 0.95) < 1e-9 && estimate.worst == 0.9);
    QVERIFY(std::abs(estimate.high - estimate.mean - 4.303 * 0.05 / std::sqrt(3.0)) < 1e-6);
}

/// A smaller site than that of the targets, and so a harder one; far from the targets, something is broken.
void TestEvaluate::attacksAreFoundAndPeopleLeftAlone()
{
    const SeedResult result = resultOf(101, true);
    for (const std::string& remark : result.remarks)
        qInfo("%s", remark.c_str());
    QVERIFY2(result.averagePrecision > 0.9, std::to_string(result.averagePrecision).c_str());
    QVERIFY2(result.precision() > 0.98, std::to_string(result.precision()).c_str());
    QVERIFY2(result.recall() > 0.9, std::to_string(result.recall()).c_str());
    QCOMPARE(result.wrongOnControls, std::uint64_t{0});
    for (const evaluate::Line& line : evaluate::tableOf({result}, {}))
        QVERIFY(!line.metric.empty() && !line.measured.empty());
}

void TestEvaluate::nothingIsFoundWhereNothingIs()
{
    const SeedResult result = resultOf(102, false);
    for (const std::string& remark : result.remarks)
        qInfo("%s", remark.c_str());
    QCOMPARE(result.attackVotes, std::uint64_t{0});
    QCOMPARE(result.wrongFlags, std::uint64_t{0});
    QCOMPARE(result.collateral, std::uint64_t{0});
}

void TestEvaluate::threadsMakeNoDifference()
{
    simulate::Scenario scenario = scenarioOf(103, true);
    scenario.site.votes = 250'000; // fewer are not worth a second thread
    scenario.attacks.push_back({simulate::Family::SlowBlock, 40});
    scenario.attacks.push_back({simulate::Family::TokenHopping, 40});
    const auto site = simulate::Site::make(scenario);
    QVERIFY(site.has_value());
    auto input = evaluate::scanInputOf(*site);
    QVERIFY(input.has_value());
    const auto one = detect::scan(*input, detect::defaultRules(), {{}, 1}, {});
    QVERIFY(one.has_value());
    // these look at the same groups of rows, each when its turn comes
    for (const auto detector : {domain::DetectorId::Lockstep, domain::DetectorId::DenseBlock, domain::DetectorId::TokenHopping})
        QVERIFY2(std::any_of(one->flags.begin(), one->flags.end(), [&](const auto& flag) { return flag.detector == detector; }),
                 domain::nameOf(detector).data());
    for (const unsigned threads : {2U, 4U, 8U}) {
        const auto many = detect::scan(*input, detect::defaultRules(), {{}, threads}, {});
        QVERIFY(many.has_value());
        QVERIFY(*one == *many);
    }
}

/// A race with its second vote, a metronome with its first window, a drip at some time, and nothing before its first vote.
void TestEvaluate::campaignsAreSeenSoon()
{
    simulate::Scenario scenario = scenarioOf(941, true);
    scenario.attacks = {
        {simulate::Family::RaceDuplicates, 100}, {simulate::Family::Metronome, 30}, {simulate::Family::SlowDrip, 30}};
    const auto times = evaluate::timesToDetect(scenario, detect::defaultRules(), 2, {});
    QVERIFY(times.has_value());
    QCOMPARE(times->size(), std::size_t{6});
    for (const evaluate::Detection& one : *times) {
        QVERIFY2(one.after, one.family.c_str());
        QVERIFY(one.landed >= 1 && one.landed <= one.votes && one.after->count() >= 0);
        if (one.family == "race_duplicates")
            QVERIFY(one.landed == 1 && *one.after < domain::Micros{1'000'000});
        if (one.family == "metronome")
            QVERIFY2(one.landed >= 13 && one.landed <= 26, std::to_string(one.landed).c_str());
        if (one.family == "slow_drip")
            QVERIFY(one.landed > 20);
    }
    const auto lines = evaluate::tableOf(*times);
    QCOMPARE(lines.size(), std::size_t{3});
    QVERIFY(std::all_of(lines.begin(), lines.end(), [](const evaluate::Line& line) { return line.holds; }));
}

void TestEvaluate::whatAnEvaderBuysIsTold()
{
    simulate::Scenario scenario = scenarioOf(942, true);
    scenario.attacks = {{simulate::Family::AdaptiveEvader, 20}};
    const auto result = evaluate::evaluateSeed(scenario, detect::defaultRules(), 1, {});
    QVERIFY(result.has_value());
    QVERIFY(!result->evaderPlaces.empty());
    for (const double places : result->evaderPlaces)
        QVERIFY(places > 0 && places < 2400);
    QVERIFY(resultOf(943, true).evaderPlaces.empty());
}

QTEST_GUILESS_MAIN(TestEvaluate)
#include "tst_evaluate.moc"
