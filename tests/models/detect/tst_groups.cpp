#include <cmath>

#include <QTest>

#include "detect/bounded_table.h"
#include "detect/groups.h"
#include "detect/suite.h"
#include "detect/tails.h"

using namespace scr;
using detect::TokenPair;

class TestGroups : public QObject {
    Q_OBJECT
private slots:
    void tailsBoundWhatHappens();
    void smallTailsDoNotUnderflow();
    void distanceOfSamples();
    void trussKeepsCliques();
    void componentsAreWhatHangsTogether();
    void boundedTableForgetsTheOldest();
    void boundedTableForgetsInTheOrderOfTouch();
    void boundedTableHoldsWhatFits();
    void pairsCountOnceAnEpoch();
    void pairsMetLongAgoAreForgottenFirst();
    void suiteStaysWithinItsMemory();
};

void TestGroups::tailsBoundWhatHappens()
{
    // P(Poisson(2) >= 5) = 0.05265, P(Binomial(20, 0.3) >= 12) = 0.005138: bounds are above and not far
    const double poisson = std::pow(10, detect::log10PoissonTail(5, 2));
    QVERIFY(poisson >= 0.05265 && poisson < 0.06);
    const double binomial = std::pow(10, detect::log10BinomialTail(12, 20, 0.3));
    QVERIFY(binomial >= 0.005138 && binomial < 0.0065);
    QCOMPARE(detect::log10PoissonTail(2, 3), 0.0);
    QCOMPARE(detect::log10PoissonTail(0, 0), 0.0);
    QVERIFY(std::abs(detect::logFactorial(20) - 42.335616) < 1e-5);
    QVERIFY(std::abs(detect::log10Choose(10, 3) - std::log10(120.0)) < 1e-9);
}

void TestGroups::smallTailsDoNotUnderflow()
{
    QVERIFY(detect::log10PoissonTail(400, 0.01) < -1000);
    QVERIFY(detect::log10BinomialTail(1000, 1000, 1e-4) < -3000);
    QVERIFY(std::isfinite(detect::log10PoissonTail(1'000'000, 1)));
}

void TestGroups::distanceOfSamples()
{
    const std::vector<std::int64_t> low{1, 2, 3, 4};
    const std::vector<std::int64_t> high{5, 6, 7, 8};
    QCOMPARE(detect::smirnovDistance(low, high), 1.0);
    QCOMPARE(detect::smirnovDistance(low, low), 0.0);
}

void TestGroups::trussKeepsCliques()
{
    std::vector<TokenPair> edges;
    for (domain::Index first = 0; first < 5; ++first) {
        for (domain::Index second = first + 1; second < 5; ++second)
            edges.push_back({first, second});
    }
    const std::size_t clique = edges.size();
    edges.push_back({4, 10}); // a chain that hangs on it
    edges.push_back({10, 11});
    edges.push_back({20, 21}); // a triangle of its own
    edges.push_back({20, 22});
    edges.push_back({21, 22});
    const auto kept = detect::trussOf(edges, 2);
    QCOMPARE(kept.size(), clique);
    QCOMPARE(detect::trussOf(edges, 1).size(), clique + 3);
    QCOMPARE(detect::trussOf(edges, 4).size(), std::size_t{0});
}

void TestGroups::componentsAreWhatHangsTogether()
{
    const auto groups = detect::componentsOf({{1, 2}, {2, 9}, {4, 5}});
    QCOMPARE(groups.size(), std::size_t{2});
    QCOMPARE(groups[0].members, (std::vector<domain::Index>{1, 2, 9}));
    QCOMPARE(groups[1].members, (std::vector<domain::Index>{4, 5}));
    QCOMPARE(groups[0].edges.size(), std::size_t{2});
}

void TestGroups::boundedTableForgetsTheOldest()
{
    struct Entry {
        std::uint32_t count;
    };
    detect::BoundedTable<Entry> table{60};
    QCOMPARE(table.capacity(), std::size_t{63});
    for (std::uint64_t key = 1; key <= 1000; ++key)
        ++table.touch(key).entry.count;
    QVERIFY(table.size() <= 63);
    QVERIFY(table.evicted() >= 1000 - 63);
    QVERIFY(table.find(1000) != nullptr);
    QVERIFY(table.find(1) == nullptr);
    const std::size_t before = table.bytes();
    for (std::uint64_t key = 1; key <= 100'000; ++key)
        table.touch(key);
    QCOMPARE(table.bytes(), before);
}

void TestGroups::boundedTableForgetsInTheOrderOfTouch()
{
    struct Entry {
        std::uint32_t count;
    };
    detect::BoundedTable<Entry> table{7}; // one bucket
    for (std::uint64_t key = 0; key < 7; ++key)
        QVERIFY(table.touch(key).isNew);
    for (const std::uint64_t key : {4U, 0U, 2U, 2U, 6U})
        QVERIFY(!table.touch(key).isNew);
    // the order is 1 3 5 4 0 2 6 now
    std::uint64_t added = 100;
    for (const std::uint64_t gone : {1U, 3U, 5U, 4U, 0U, 2U, 6U}) {
        QVERIFY(table.find(gone) != nullptr);
        QVERIFY(table.touch(added++).isNew);
        QVERIFY(table.find(gone) == nullptr);
    }
    QCOMPARE(table.size(), std::size_t{7});
    QCOMPARE(table.evicted(), std::uint64_t{7});
}

void TestGroups::boundedTableHoldsWhatFits()
{
    struct Entry {
        std::uint64_t value;
    };
    detect::BoundedTable<Entry> table{4096};
    QCOMPARE(table.kWays, std::size_t{5});
    QCOMPARE(table.bytes(), table.capacity() / 5 * 64); // a cache line each
    for (std::uint64_t key = 1; key <= 500; ++key)
        table.touch(key).entry.value = key * 3;
    std::size_t right = 0;
    for (std::uint64_t key = 1; key <= 500; ++key) {
        const Entry* entry = table.find(key);
        right += entry != nullptr && entry->value == key * 3 ? 1U : 0U;
    }
    QCOMPARE(right, std::size_t{500}); // an eighth full: no bucket of five runs over
}

void TestGroups::pairsCountOnceAnEpoch()
{
    detect::PairCounts counts;
    const std::uint64_t pair = detect::spread(4711);
    QVERIFY(!counts.mark(pair, 10));
    QVERIFY(!counts.mark(pair, 10)); // once more in the same half hour
    QVERIFY(counts.mark(pair, 11));
    QCOMPARE(counts.countAgain(pair, 11), 2U);
    QVERIFY(!counts.mark(pair, 11));
    QVERIFY(counts.mark(pair, 12));
    QCOMPARE(counts.countAgain(pair, 12), 3U);
    QCOMPARE(counts.countAgain(pair, 12), 3U);
    QVERIFY(!counts.mark(detect::spread(4712), 12));
}

/// Pairs of one bucket: what differs is the fingerprint, the ten bits above its number.
void TestGroups::pairsMetLongAgoAreForgottenFirst()
{
    const auto pair = [](std::uint64_t number) { return number << 20U | 77U; };
    detect::PairCounts counts;
    for (std::uint64_t number = 1; number <= 8; ++number)
        QVERIFY(!counts.mark(pair(number), 1));
    for (const std::uint64_t number : {1U, 4U, 5U, 8U}) // the oldest, both sides of the middle, the newest
        QVERIFY(counts.mark(pair(number), 2));
    for (std::uint64_t number = 11; number <= 14; ++number) // in the place of 2, 3, 6, 7
        QVERIFY(!counts.mark(pair(number), 3));
    for (const std::uint64_t number : {1U, 4U, 5U, 8U, 11U, 12U, 13U, 14U})
        QVERIFY2(counts.mark(pair(number), 4), std::to_string(number).c_str());
    QVERIFY(!counts.mark(pair(2), 4));
}

/// What the design allows for all screens together, and no more after votes of ever new tokens, posts and networks.
void TestGroups::suiteStaysWithinItsMemory()
{
    detect::Suite suite{detect::defaultRules(), 1, {}};
    const std::size_t before = suite.bytes();
    QVERIFY2(before <= std::size_t{350'000'000}, std::to_string(before).c_str());
    std::vector<detect::VoteEvent> votes(100'000);
    for (std::uint32_t at = 0; at < votes.size(); ++at)
        votes[at] = {1'773'000'000'000'000 + at * std::int64_t{1000}, at, at / 3, at / 5, at / 2, at / 2 + std::uint64_t{1}, 1};
    for (detect::Screen* screen : suite.screens())
        screen->see(votes);
    QCOMPARE(suite.bytes(), before);
}

QTEST_GUILESS_MAIN(TestGroups)
#include "tst_groups.moc"
