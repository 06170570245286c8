#include <QTest>

#include "detect/live_scan.h"
#include "detect/progress.h"
#include "detect/screen.h"
#include "detect/site_facts.h"
#include "detect/told.h"
#include "scan_builder.h"

using namespace scr;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kStart = 1'773'000'000'000'000;

domain::Flag groupFlag(const std::string& key, std::int64_t from, std::int64_t to, std::size_t votes)
{
    domain::Flag flag;
    flag.key = domain::FlagKey{key};
    flag.detector = domain::DetectorId::Lockstep;
    flag.subject = {domain::SubjectKind::Group, "t1", {}};
    flag.severity = domain::Severity::High;
    flag.from = domain::timeOf(from);
    flag.to = domain::timeOf(to);
    for (std::size_t vote = 0; vote < votes; ++vote)
        flag.votes.emplace_back(std::to_string(vote));
    return flag;
}

} // namespace

class TestLiveScan : public QObject {
    Q_OBJECT
private slots:
    void factsAreCountedAnew();
    void theSameFlagIsToldOnce();
    void whatGoesOnKeepsItsKey();
    void whatBecameSurerIsToldAgain();
    void whatIsGivenTwiceCountsOnce();
    void suspectsBeyondTheListAreCounted();
};

void TestLiveScan::factsAreCountedAnew()
{
    test::ScanBuilder builder;
    for (int vote = 0; vote < 10; ++vote) {
        builder.vote("t" + std::to_string(vote), "p", kStart + vote * kSecond, 1, "10.0.0.1");
        builder.author("p", "a");
    }
    const domain::ScanInput input = builder.input;
    const domain::KeepGoing keepGoing;
    detect::Progress progress{keepGoing, 0};
    detect::SiteFacts facts;
    QVERIFY(detect::countFacts(input.votes, facts, progress));
    QVERIFY(detect::countFacts(input.votes, facts, progress));
    QCOMPARE(facts.votesWithAuthor, 10.0);
    QCOMPARE(facts.votesWithNetwork, 10.0);
    QCOMPARE(facts.activePosts, std::size_t{1});
}

void TestLiveScan::theSameFlagIsToldOnce()
{
    domain::ToldFlags told;
    QCOMPARE(detect::untold({groupFlag("a", kStart, kStart + kSecond, 8)}, told).size(), std::size_t{1});
    QCOMPARE(detect::untold({groupFlag("a", kStart, kStart + kSecond, 9)}, told).size(), std::size_t{0});
    QCOMPARE(detect::untold({groupFlag("a", kStart, kStart + kSecond, 11)}, told).size(), std::size_t{1});
}

/// The window has moved past the first votes: another key, the same finding. One of another time is another finding.
void TestLiveScan::whatGoesOnKeepsItsKey()
{
    domain::ToldFlags told;
    QCOMPARE(detect::untold({groupFlag("a", kStart, kStart + 100 * kSecond, 8)}, told).size(), std::size_t{1});
    QCOMPARE(detect::untold({groupFlag("b", kStart + 50 * kSecond, kStart + 150 * kSecond, 8)}, told).size(), std::size_t{0});
    const auto grown = detect::untold({groupFlag("c", kStart + 120 * kSecond, kStart + 300 * kSecond, 20)}, told);
    QCOMPARE(grown.size(), std::size_t{1});
    QCOMPARE(grown[0].key.text, std::string{"a"});
    const auto later = detect::untold({groupFlag("d", kStart + 400 * kSecond, kStart + 500 * kSecond, 8)}, told);
    QCOMPARE(later.size(), std::size_t{1});
    QCOMPARE(later[0].key.text, std::string{"d"});
}

void TestLiveScan::whatBecameSurerIsToldAgain()
{
    domain::ToldFlags told;
    domain::Flag flag = groupFlag("a", kStart, kStart + kSecond, 8);
    flag.belowReviewLine = true;
    QCOMPARE(detect::untold({flag}, told).size(), std::size_t{1});
    flag.belowReviewLine = false;
    QCOMPARE(detect::untold({flag}, told).size(), std::size_t{1});
    QCOMPARE(detect::untold({flag}, told).size(), std::size_t{0});
}

void TestLiveScan::whatIsGivenTwiceCountsOnce()
{
    detect::LiveScan live{{}, detect::defaultRules()};
    test::ScanBuilder builder;
    builder.vote("t", "p", kStart);
    builder.vote("t", "q", kStart + kSecond);
    const domain::ScanInput batch = builder.input;
    QVERIFY(live.take(batch).empty());
    QVERIFY(live.take(batch).empty()); // else the vote would stand twice on its post
    QCOMPARE(live.window().votes.size(), std::size_t{2});
}

void TestLiveScan::suspectsBeyondTheListAreCounted()
{
    detect::Suspects<int> suspects{4};
    for (int suspect = 0; suspect < 7; ++suspect) {
        suspects.add(suspect);
        suspects.add(suspect); // the same one again takes no room
    }
    QCOMPARE(suspects.take(), (std::vector<int>{0, 1, 2, 3}));
    QCOMPARE(suspects.dropped(), std::uint64_t{3});
}

QTEST_GUILESS_MAIN(TestLiveScan)
#include "tst_live_scan.moc"
