#include <map>
#include <random>

#include <QTest>

#include "../detect/scan_builder.h"
#include "rank/impact.h"

using namespace scr;
using namespace domain;

namespace {

Flag flagWith(const char* token, std::initializer_list<const char*> extra)
{
    Flag flag;
    flag.tokens.emplace_back(token);
    for (const char* key : extra)
        flag.extraVotes.emplace_back(key);
    return flag;
}

std::int64_t rankByHand(const std::map<int, double>& scores, int post)
{
    std::int64_t rank = 1;
    for (const auto& [other, score] : scores) {
        if (score > scores.at(post) || (score == scores.at(post) && other < post))
            ++rank;
    }
    return rank;
}

} // namespace

class TestImpact : public QObject {
    Q_OBJECT
private slots:
    void namesThePostThatFallsMost();
    void noExtraVotesNoImpact();
    void staysIsAnImpactToo();
    void countsWhatWasThereBefore();
    void sameKeyOfAnotherTokenIsNotMeant();
    void weighsTheTopMore();
    void planAgreesWithSorting_data();
    void planAgreesWithSorting();
    void planAddsUpDeltasAndUnknownPosts();
};

void TestImpact::namesThePostThatFallsMost()
{
    test::ScanBuilder builder;
    for (int post = 1; post <= 5; ++post) {
        for (int vote = 0; vote < 10 - post; ++vote)
            builder.vote("t" + std::to_string(vote), std::to_string(post), vote);
    }
    std::vector<Flag> flags{Flag{}};
    flags[0].tokens.emplace_back("bad");
    for (int vote = 0; vote < 8; ++vote)
        flags[0].extraVotes.emplace_back(builder.vote("bad", vote < 7 ? "5" : "4", vote));
    rank::addImpacts(flags, builder.input);
    QVERIFY(flags[0].rankImpact.has_value());
    QCOMPARE(*flags[0].rankImpact, (RankImpact{PostKey{"5"}, 1, 5, 12, 5}));
}

void TestImpact::noExtraVotesNoImpact()
{
    test::ScanBuilder builder;
    builder.vote("t", "1", 0);
    std::vector<Flag> flags{flagWith("t", {}), flagWith("t", {"v1"}), flagWith("nobody", {"v1"})};
    rank::addImpacts(flags, builder.input);
    QVERIFY(!flags[0].rankImpact);
    QVERIFY(flags[1].rankImpact);
    QVERIFY(flags[2].rankImpact); // the vote is known by another flag of its token
    std::vector<Flag> unknown{flagWith("t", {"v99"})};
    rank::addImpacts(unknown, builder.input);
    QVERIFY(!unknown[0].rankImpact);
}

void TestImpact::staysIsAnImpactToo()
{
    test::ScanBuilder builder;
    builder.vote("t", "1", 0, 5);
    builder.vote("t", "1", 1, 5);
    builder.vote("u", "2", 1, 1);
    std::vector<Flag> flags{flagWith("t", {"v2"})};
    rank::addImpacts(flags, builder.input);
    QCOMPARE(flags[0].rankImpact->rankWith, std::int64_t{1});
    QCOMPARE(flags[0].rankImpact->rankWithout, std::int64_t{1});
    QCOMPARE(flags[0].rankImpact->scoreWithout, 5.0);
}

/// Only a week was read: the ranks are those of all time all the same.
void TestImpact::countsWhatWasThereBefore()
{
    test::ScanBuilder builder;
    builder.vote("t", "1", 0);
    builder.vote("t", "1", 1);
    builder.vote("u", "2", 1);
    VoteColumns& votes = builder.input.votes;
    votes.addEarlierScore(votes.posts.find("1"), 10);
    votes.addEarlierScore(votes.posts.find("2"), 10);
    votes.addEarlierScore(votes.posts.intern(std::string_view{"3"}), 40); // nobody votes on it any more
    builder.vote("w", "1", 2, std::numeric_limits<float>::infinity());    // counts for nothing
    std::vector<Flag> flags{flagWith("t", {"v1", "v2"})};
    rank::addImpacts(flags, builder.input);
    QCOMPARE(*flags[0].rankImpact, (RankImpact{PostKey{"1"}, 2, 3, 12, 10}));
}

void TestImpact::sameKeyOfAnotherTokenIsNotMeant()
{
    test::ScanBuilder builder;
    builder.vote("t", "1", 0);
    builder.vote("u", "2", 0);
    std::vector<Flag> flags{flagWith("t", {"v2"})};
    rank::addImpacts(flags, builder.input);
    QVERIFY(!flags[0].rankImpact);
}

void TestImpact::weighsTheTopMore()
{
    QCOMPARE(rank::weightOfMove(4, 4), 0.0);
    QCOMPARE(rank::weightOfMove(1, 2), rank::weightOfMove(2, 1));
    QVERIFY(rank::weightOfMove(1, 2) > rank::weightOfMove(100, 1000));
    QVERIFY(rank::weightOfMove(1, 1'000'000) < 1);
}

void TestImpact::planAgreesWithSorting_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 10; ++seed)
        QTest::addRow("%u", seed) << seed;
}

void TestImpact::planAgreesWithSorting()
{
    QFETCH(unsigned, seed);
    std::mt19937_64 random{seed};
    std::vector<rank::PostTotal> totals;
    std::map<int, double> before;
    for (int post = 0; post < 80; ++post) {
        before[post] = static_cast<double>(random() % 30);
        totals.push_back({PostKey{std::to_string(post)}, "t", before[post]});
    }
    std::map<int, double> after = before;
    std::vector<rank::ScoreDelta> deltas;
    for (int change = 0; change < 12; ++change) {
        const int post = static_cast<int>(random() % 80);
        const double delta = -static_cast<double>(random() % 20);
        after[post] += delta;
        deltas.push_back({PostKey{std::to_string(post)}, delta, 1});
    }
    const rank::PlanImpact impact = rank::planImpact(totals, deltas, 10);
    for (const ScoreChange& change : impact.changes) {
        const int post = std::stoi(change.post.text);
        QCOMPARE(change.scoreBefore, before[post]);
        QCOMPARE(change.scoreAfter, after[post]);
        QCOMPARE(change.rankBefore, rankByHand(before, post));
        QCOMPARE(change.rankAfter, rankByHand(after, post));
    }
    std::map<int, ScoreChange> head;
    for (const ScoreChange& change : impact.leaders)
        head[std::stoi(change.post.text)] = change;
    for (int post = 0; post < 80; ++post) {
        const bool belongs = rankByHand(before, post) <= 10 || rankByHand(after, post) <= 10;
        QCOMPARE(head.contains(post), belongs);
        if (belongs)
            QCOMPARE(head[post].rankAfter, rankByHand(after, post));
    }
    double net = 0;
    for (const auto& delta : deltas)
        net += delta.delta;
    QCOMPARE(impact.netScore, net);
}

void TestImpact::planAddsUpDeltasAndUnknownPosts()
{
    const std::vector<rank::PostTotal> totals{{PostKey{"1"}, "one", 5}, {PostKey{"2"}, "two", 4}};
    const std::vector<rank::ScoreDelta> deltas{{PostKey{"1"}, -1, 1}, {PostKey{"1"}, -2, 2}, {PostKey{"3"}, 6, 3}};
    const auto impact = rank::planImpact(totals, deltas, 5);
    QCOMPARE(impact.changes.size(), std::size_t{2});
    QCOMPARE(impact.leaders.size(), std::size_t{3});
    QCOMPARE(impact.leaders[0], (ScoreChange{PostKey{"1"}, "one", 5, 2, 1, 3, 3}));
    QCOMPARE(impact.leaders[2], (ScoreChange{PostKey{"3"}, "", 0, 6, 3, 1, 3}));
    QCOMPARE(impact.netScore, 3.0);
    QVERIFY(rank::planImpact({}, {}, 5).leaders.empty());
}

QTEST_APPLESS_MAIN(TestImpact)
#include "tst_impact.moc"
