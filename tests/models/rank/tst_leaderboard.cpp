#include <algorithm>
#include <numeric>
#include <random>

#include <QTest>

#include "rank/impact.h"
#include "rank/leaderboard.h"

using namespace scr;
using namespace domain;

namespace {

ScoreHistory randomHistory(unsigned seed, std::uint32_t posts, std::uint32_t bins, std::uint32_t cells)
{
    std::mt19937_64 random{seed};
    ScoreHistory history;
    history.from = timeOf(1'773'000'000'000'000);
    history.binWidth = std::chrono::hours{1};
    history.bins = bins;
    for (std::uint32_t post = 0; post < posts; ++post)
        history.posts.push_back({PostKey{std::to_string((post * 7919U) % posts)}, "title " + std::to_string(post),
                                 static_cast<double>(random() % 4), static_cast<double>(random() % 2)});
    for (std::uint32_t cell = 0; cell < cells; ++cell) {
        const auto votes = static_cast<std::int64_t>(random() % 5);
        const std::int64_t flagged = random() % 4 == 0 ? votes / 2 : 0;
        history.cells.push_back({static_cast<std::uint32_t>(random() % posts), static_cast<std::uint32_t>(random() % bins),
                                 static_cast<double>(votes), static_cast<double>(flagged), static_cast<double>(random() % 3),
                                 votes, flagged});
    }
    return history;
}

std::vector<double> scoresByHand(const ScoreHistory& history, std::uint32_t bin, bool flagged, bool voided)
{
    std::vector<double> scores;
    for (const auto& line : history.posts)
        scores.push_back(line.scoreBefore - (flagged ? 0 : line.flaggedBefore));
    for (const auto& cell : history.cells) {
        if (cell.bin <= bin)
            scores[cell.post] += cell.counted - (flagged ? 0 : cell.flagged) + (voided ? cell.voided : 0);
    }
    return scores;
}

std::vector<std::int64_t> ranksByHand(const ScoreHistory& history, const std::vector<double>& scores)
{
    std::vector<std::int64_t> ranks;
    for (std::size_t post = 0; post < scores.size(); ++post) {
        std::int64_t rank = 1;
        for (std::size_t other = 0; other < scores.size(); ++other) {
            if (scores[other] > scores[post] || (scores[other] == scores[post] && std::stoi(history.posts[other].post.text) <
                                                                                      std::stoi(history.posts[post].post.text)))
                ++rank;
        }
        ranks.push_back(rank);
    }
    return ranks;
}

} // namespace

class TestLeaderboard : public QObject {
    Q_OBJECT
private slots:
    void bumpAgreesWithSorting_data();
    void bumpAgreesWithSorting();
    void linesEnterAndLeave();
    void tiesGoByKey();
    void voidsWithinTheBins();
    void emptyHistories();
    void strayCellsAndNaNAreHarmless();
    void postSeriesAgrees();
    void whatIfAgrees();
    void manyPostsAreQuick();
};

void TestLeaderboard::bumpAgreesWithSorting_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<bool>("flagged");
    QTest::addColumn<bool>("voided");
    for (unsigned seed = 1; seed <= 3; ++seed) {
        QTest::addRow("%u with flagged", seed) << seed << true << false;
        QTest::addRow("%u without", seed) << seed << false << false;
        QTest::addRow("%u with voided", seed) << seed << true << true;
    }
}

void TestLeaderboard::bumpAgreesWithSorting()
{
    QFETCH(unsigned, seed);
    QFETCH(bool, flagged);
    QFETCH(bool, voided);
    const ScoreHistory history = randomHistory(seed, 60, 25, 800);
    const rank::BumpSeries series = rank::bumpSeries(history, {.top = 10, .withFlagged = flagged, .withVoided = voided});
    QCOMPARE(series.posts, std::size_t{60});
    for (std::uint32_t bin = 0; bin < history.bins; ++bin) {
        const auto scores = scoresByHand(history, bin, flagged, voided);
        const auto ranks = ranksByHand(history, scores);
        std::size_t shown = 0;
        for (const rank::BumpLine& line : series.lines) {
            QCOMPARE(line.score[bin], scores[line.index]);
            QCOMPARE(std::int64_t{line.rank[bin]}, ranks[line.index] <= 10 ? ranks[line.index] : 0);
            shown += line.rank[bin] != 0 ? 1U : 0U;
        }
        QCOMPARE(shown, std::size_t{10});
    }
}

void TestLeaderboard::linesEnterAndLeave()
{
    ScoreHistory history;
    history.binWidth = std::chrono::hours{1};
    history.bins = 3;
    history.posts = {{PostKey{"a"}, "A", 5, 0}, {PostKey{"b"}, "B", 4, 0}, {PostKey{"c"}, "C", 1, 0}};
    history.cells = {{2, 1, 9, 9, 0, 9, 9}, {2, 2, -8, 0, 0, 8, 0}};
    const auto lines = rank::bumpSeries(history, {.top = 2}).lines;
    QCOMPARE(lines.size(), std::size_t{3});
    QCOMPARE(lines[0].title, std::string{"A"});
    QCOMPARE(lines[0].rank, (std::vector<std::int32_t>{1, 2, 1}));
    QVERIFY(!lines[0].enters && !lines[0].leaves && !lines[0].flaggedFrom);
    QCOMPARE(lines[1].rank, (std::vector<std::int32_t>{2, 0, 2}));
    QCOMPARE(lines[2].rank, (std::vector<std::int32_t>{0, 1, 0}));
    QVERIFY(lines[2].enters && lines[2].leaves);
    QCOMPARE(lines[2].flaggedFrom, std::optional<std::uint32_t>{1});
    QCOMPARE(lines[2].bestRank, 1);
    QCOMPARE(lines[2].finalRank, 0);
}

void TestLeaderboard::tiesGoByKey()
{
    ScoreHistory history;
    history.bins = 1;
    for (const char* key : {"b", "10", "9", "-3", "-20", "a", "007"})
        history.posts.push_back({PostKey{key}, key, 1, 0});
    std::vector<std::string> order;
    for (const rank::BumpLine& line : rank::bumpSeries(history, {}).lines)
        order.push_back(line.post.text);
    QCOMPARE(order, (std::vector<std::string>{"-20", "-3", "9", "10", "007", "a", "b"}));
}

void TestLeaderboard::voidsWithinTheBins()
{
    ScoreHistory history = randomHistory(1, 3, 2, 5);
    const auto hour = std::chrono::hours{1};
    history.voids = {{history.from + hour, 2, 5, false},
                     {history.from - Micros{1}, 1, 5, false},
                     {history.from, 3, 5, true},
                     {history.from + 2 * hour, 4, 5, false}};
    const auto voids = rank::bumpSeries(history, {}).voids;
    QCOMPARE(voids.size(), std::size_t{2});
    QCOMPARE(voids[0].number, std::int64_t{3});
    QCOMPARE(voids[1].number, std::int64_t{2});
}

void TestLeaderboard::emptyHistories()
{
    QVERIFY(rank::bumpSeries({}, {}).lines.empty());
    QVERIFY(rank::whatIf({}, 5).moved.empty());
    ScoreHistory bins;
    bins.bins = 4;
    QVERIFY(rank::bumpSeries(bins, {}).lines.empty());
    QVERIFY(rank::bumpSeries(randomHistory(1, 3, 2, 5), {.top = 0}).lines.empty());
    QVERIFY(!rank::postSeries(randomHistory(1, 3, 2, 5), PostKey{"absent"}).has_value());
    const ScoreHistory noBins = [] {
        ScoreHistory history = randomHistory(1, 3, 2, 5);
        history.bins = 0;
        return history;
    }();
    QCOMPARE(rank::whatIf(noBins, 0, 2).with.size(), std::size_t{2});
    QVERIFY(rank::postSeries(noBins, noBins.posts[0].post)->scoreWith.empty());
}

void TestLeaderboard::strayCellsAndNaNAreHarmless()
{
    ScoreHistory history = randomHistory(2, 20, 5, 100);
    const auto before = rank::bumpSeries(history, {}).lines;
    history.cells.push_back({99, 0, 5, 0, 0, 5, 0});
    history.cells.push_back({0, 99, 5, 0, 0, 5, 0});
    history.cells.push_back({1, 2, std::nan(""), 0, 0, 0, 0});
    QVERIFY(rank::bumpSeries(history, {}).lines == before);
    QCOMPARE(rank::whatIf(history, 4).with.size(), std::size_t{15});
}

void TestLeaderboard::postSeriesAgrees()
{
    const ScoreHistory history = randomHistory(4, 50, 20, 600);
    for (std::uint32_t post = 0; post < 50; post += 7) {
        const auto series = rank::postSeries(history, history.posts[post].post);
        QVERIFY(series.has_value());
        QCOMPARE(series->index, post);
        for (std::uint32_t bin = 0; bin < history.bins; ++bin) {
            const auto with = scoresByHand(history, bin, true, false);
            const auto without = scoresByHand(history, bin, false, false);
            QCOMPARE(series->scoreWith[bin], with[post]);
            QCOMPARE(series->scoreWithout[bin], without[post]);
            QCOMPARE(std::int64_t{series->rankWith[bin]}, ranksByHand(history, with)[post]);
            QCOMPARE(std::int64_t{series->rankWithout[bin]}, ranksByHand(history, without)[post]);
            std::int64_t votes = 0;
            std::int64_t flagged = 0;
            for (const auto& cell : history.cells) {
                votes += cell.post == post && cell.bin == bin ? cell.votes : 0;
                flagged += cell.post == post && cell.bin == bin ? cell.flaggedVotes : 0;
            }
            QCOMPARE(series->flaggedVotes[bin], flagged);
            QCOMPARE(series->otherVotes[bin], votes - flagged);
        }
    }
}

void TestLeaderboard::whatIfAgrees()
{
    const ScoreHistory history = randomHistory(5, 50, 20, 600);
    const rank::WhatIf answer = rank::whatIf(history, 11, 10);
    QCOMPARE(answer.bin, 11U);
    QCOMPARE(answer.at, history.from + std::chrono::hours{12});
    const auto with = ranksByHand(history, scoresByHand(history, 11, true, false));
    const auto without = ranksByHand(history, scoresByHand(history, 11, false, false));
    QCOMPARE(answer.with.size(), std::size_t{10});
    QCOMPARE(answer.without.size(), std::size_t{10});
    for (std::size_t at = 0; at < 10; ++at) {
        QCOMPARE(answer.with[at].rankWith, std::int64_t(at + 1));
        QCOMPARE(answer.without[at].rankWithout, std::int64_t(at + 1));
    }
    QVERIFY(!answer.moved.empty());
    double weight = 2;
    for (const rank::WhatIfRow& row : answer.moved) {
        QCOMPARE(row.rankWith, with[row.index]);
        QCOMPARE(row.rankWithout, without[row.index]);
        const double own = rank::weightOfMove(row.rankWith, row.rankWithout);
        QVERIFY(own <= weight);
        weight = own;
    }
    QCOMPARE(rank::whatIf(history, 4000, 10), rank::whatIf(history, 19, 10));
}

void TestLeaderboard::manyPostsAreQuick()
{
    const ScoreHistory history = randomHistory(6, 100'000, 400, 1'000'000);
    const rank::BumpSeries series = rank::bumpSeries(history, {});
    QVERIFY(series.lines.size() >= 15);
    // The last bin against a full sort.
    const auto scores = scoresByHand(history, 399, true, false);
    std::vector<std::size_t> best(scores.size());
    std::iota(best.begin(), best.end(), std::size_t{0});
    std::partial_sort(best.begin(), best.begin() + 15, best.end(), [&](std::size_t left, std::size_t right) {
        return scores[left] != scores[right] ? scores[left] > scores[right]
                                             : rank::keyBefore(history.posts[left].post, history.posts[right].post);
    });
    for (std::size_t at = 0; at < 15; ++at)
        QCOMPARE(std::size_t{series.lines[at].index}, best[at]);
}

QTEST_APPLESS_MAIN(TestLeaderboard)
#include "tst_leaderboard.moc"
