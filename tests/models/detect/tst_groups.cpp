#include <cmath>
#include <span>
#include <string>
#include <tuple>
#include <vector>

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
    void cutsMakeNoDifference();
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

namespace {

template <std::size_t kBytes>
struct Sized {
    std::uint8_t bytes[kBytes];
};

/// Of one bucket: every second key is touched again, so that the others are the first to go.
template <class Entry>
void checkOrder(std::size_t ways)
{
    detect::BoundedTable<Entry> table{ways};
    QCOMPARE(table.kWays, ways);
    QCOMPARE(table.capacity(), ways);
    for (std::uint64_t key = 0; key < ways; ++key)
        QVERIFY(table.touch(key).isNew);
    std::vector<std::uint64_t> goes;
    for (std::uint64_t key = 1; key < ways; key += 2)
        goes.push_back(key);
    for (std::uint64_t key = (ways - 1) / 2 * 2 + 2; key >= 2; key -= 2) {
        QVERIFY(!table.touch(key - 2).isNew);
        goes.push_back(key - 2);
    }
    QCOMPARE(goes.size(), ways);
    std::uint64_t added = 100;
    for (const std::uint64_t gone : goes) {
        QVERIFY(table.find(gone) != nullptr);
        QVERIFY(table.touch(added++).isNew);
        QVERIFY(table.find(gone) == nullptr);
    }
    QCOMPARE(table.size(), ways);
    QCOMPARE(table.evicted(), std::uint64_t{ways});
}

} // namespace

void TestGroups::boundedTableForgetsInTheOrderOfTouch()
{
    checkOrder<Sized<4>>(7);
    checkOrder<Sized<6>>(6);
    checkOrder<Sized<8>>(5);
    checkOrder<Sized<200>>(7); // more than a line, whatever its number
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

/// Screens look ahead within what they are handed: however short that is, they see the same.
void TestGroups::cutsMakeNoDifference()
{
    std::vector<detect::VoteEvent> votes;
    for (std::uint32_t at = 0; at < 3000; ++at) {
        const std::uint64_t dice = detect::spread(at);
        detect::VoteEvent vote;
        vote.at = 1'773'000'000'000'000 + at * std::int64_t{20'000'000};
        vote.token = at % 3 == 0 ? at / 3 % 6 : static_cast<domain::Index>(10 + dice % 500); // six that meet again and again
        vote.post = at / 30;
        vote.author = vote.post % 2 == 0 ? vote.post / 2 % 6 : 600 + vote.post;   // they vote for each other
        vote.networkCode = at % 3 == 0 && vote.post == 40 ? 7 : 100 + dice % 400; // a crowd on one post
        vote.network = static_cast<domain::Index>(vote.networkCode);
        vote.value = 1;
        votes.push_back(vote);
    }
    const auto seen = [&](std::size_t cut) {
        detect::Suite suite{detect::defaultRules(), 1, {}};
        for (detect::Screen* screen : suite.screens()) {
            for (std::size_t begin = 0; begin < votes.size(); begin += cut)
                screen->see(std::span{votes}.subspan(begin, std::min(cut, votes.size() - begin)));
        }
        return std::tuple{suite.lockstep->pairs(), suite.subnets->networks(), suite.rings->mutual(), suite.rhythm->serialVoters(),
                          suite.rhythm->metronomes()};
    };
    const auto whole = seen(votes.size());
    QVERIFY(!std::get<0>(whole).empty());
    QVERIFY(!std::get<1>(whole).empty());
    QVERIFY(!std::get<2>(whole).empty());
    for (const std::size_t cut : {1U, 7U, 8U, 9U, 15U, 16U, 17U, 1000U})
        QVERIFY2(seen(cut) == whole, std::to_string(cut).c_str());
}

QTEST_GUILESS_MAIN(TestGroups)
#include "tst_groups.moc"
