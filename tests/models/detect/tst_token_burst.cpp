#include <random>

#include <QTest>

#include "scan_asks.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;
using test::flagsOf;
using test::says;

namespace {

constexpr qint64 kMs = 1000;
constexpr qint64 kSecond = 1'000'000;
constexpr qint64 kStart = 1'773'000'000'000'007; // not a multiple of anything

/// People who vote every ten seconds or so, three sessions each.
void addPeople(test::ScanBuilder& builder, int people, std::int64_t grain = 1)
{
    std::mt19937_64 random{5};
    std::lognormal_distribution<double> gap{std::log(9.0), 1.0};
    for (int person = 0; person < people; ++person) {
        std::int64_t at = kStart + person * kSecond;
        for (int vote = 0; vote < 12; ++vote) {
            at += static_cast<std::int64_t>(gap(random) * 1e6) + (vote % 4 == 0 ? 7200 * kSecond : 0);
            builder.vote("person" + std::to_string(person), std::to_string((person * 31 + vote * 7) % 1000), at / grain * grain);
        }
    }
}

void addBurst(test::ScanBuilder& builder, const std::string& token, int votes, std::int64_t gap, std::int64_t from = kStart)
{
    for (int vote = 0; vote < votes; ++vote)
        builder.vote(token, "b" + std::to_string(vote * 17 % 101), from + vote * gap + (vote % 3) * gap / 10);
}

} // namespace

class TestTokenBurst : public QObject {
    Q_OBJECT
private slots:
    void burst_data();
    void burst();
    void burstIsToldOnceAsAWhole();
    void ownRhythmExplainsAFastVoter();
    void twoBurstsDoNotExcuseEachOther();
    void secondsMakeNoBurstOfTies();
    void batchIsLow();
    void orderOfRowsDoesNotMatter();
};

void TestTokenBurst::burst_data()
{
    QTest::addColumn<int>("votes");
    QTest::addColumn<qint64>("gap");
    QTest::addColumn<int>("severity");
    QTest::newRow("seven are too few") << 7 << 100 * kMs << -1;
    QTest::newRow("ten in a second") << 10 << 100 * kMs << int(Severity::Low);
    QTest::newRow("fifteen") << 15 << 300 * kMs << int(Severity::Medium);
    QTest::newRow("twenty-five") << 25 << 500 * kMs << int(Severity::High);
    QTest::newRow("forty") << 40 << 570 * kMs << int(Severity::Critical);
    QTest::newRow("a hundred") << 100 << 600 * kMs << int(Severity::Critical);
    QTest::newRow("as people vote") << 40 << 9 * kSecond << -1;
    QTest::newRow("twice as fast as people") << 20 << 4500 * kMs << -1;
}

void TestTokenBurst::burst()
{
    QFETCH(int, votes);
    QFETCH(qint64, gap);
    QFETCH(int, severity);
    test::ScanBuilder builder;
    addPeople(builder, 400);
    addBurst(builder, "fast", votes, gap);
    const auto flags = flagsOf(builder.input, DetectorId::TokenBurst);
    QCOMPARE(flags.size(), severity < 0 ? std::size_t{0} : std::size_t{1});
    if (severity < 0)
        return;
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.key, std::string{"fast"});
    QCOMPARE(int(flag.severity), severity);
    QVERIFY(flag.score >= 9);
    QCOMPARE(flag.votes.size(), std::size_t(votes));
    QCOMPARE(flag.extraVotes, flag.votes);
    const auto& strip = std::get<GapStrip>(flag.evidence);
    QVERIFY(strip.siteLowSeconds > 1 && strip.siteLowSeconds < 5);
    QVERIFY(strip.siteHighSeconds > 20 && strip.siteHighSeconds < 50);
    QVERIFY(strip.fasterThanSeconds > 2 && strip.fasterThanSeconds < 5);
    QVERIFY(says(flag.counterEvidence, "own rhythm is not known"));
}

void TestTokenBurst::burstIsToldOnceAsAWhole()
{
    test::ScanBuilder builder;
    addPeople(builder, 400);
    builder.vote("fast", "before", kStart - 600 * kSecond);
    addBurst(builder, "fast", 90, 570 * kMs);
    builder.vote("fast", "b0", kStart + 2 * kSecond); // a repeat within the burst belongs to it
    builder.vote("fast", "after", kStart + 4000 * kSecond);
    const auto flags = flagsOf(builder.input, DetectorId::TokenBurst);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().votes.size(), std::size_t{91});
    QCOMPARE(flags.front().from, timeOf(kStart));
    QVERIFY(flags.front().explanation.find("90 votes on different posts in 50.8 s") != std::string::npos);
    QVERIFY(flags.front().explanation.find("1 of them repeat") != std::string::npos);
}

void TestTokenBurst::ownRhythmExplainsAFastVoter()
{
    test::ScanBuilder builder;
    addPeople(builder, 400);
    // Short runs at one vote a second, none of them a burst by itself, teach that this voter is quick.
    int post = 0;
    for (int session = 0; session < 30; ++session) {
        for (int vote = 0; vote < 5; ++vote)
            builder.vote("quick", "q" + std::to_string(post++), kStart + session * 86'400 * kSecond + vote * 1000 * kMs);
    }
    for (int vote = 0; vote < 16; ++vote)
        builder.vote("quick", "q" + std::to_string(post++), kStart + 40 * 86'400 * kSecond + vote * 900 * kMs);
    QVERIFY(flagsOf(builder.input, DetectorId::TokenBurst).empty());
}

void TestTokenBurst::twoBurstsDoNotExcuseEachOther()
{
    test::ScanBuilder builder;
    addPeople(builder, 400);
    for (int burst = 0; burst < 3; ++burst) {
        for (int vote = 0; vote < 40; ++vote)
            builder.vote("fast", "p" + std::to_string(burst * 40 + vote), kStart + burst * 86'400 * kSecond + vote * 400 * kMs);
    }
    QCOMPARE(flagsOf(builder.input, DetectorId::TokenBurst).size(), std::size_t{3});
}

void TestTokenBurst::secondsMakeNoBurstOfTies()
{
    test::ScanBuilder builder;
    addPeople(builder, 400, kSecond);
    for (int vote = 0; vote < 9; ++vote)
        builder.vote("reader", "r" + std::to_string(vote), (kStart / kSecond + vote * 3 / 2) * kSecond);
    const auto flags = flagsOf(builder.input, DetectorId::TokenBurst);
    QVERIFY(flags.empty());
}

void TestTokenBurst::batchIsLow()
{
    test::ScanBuilder builder;
    addPeople(builder, 400);
    for (int vote = 0; vote < 60; ++vote)
        builder.vote("import", "i" + std::to_string(vote), kStart);
    const auto flags = flagsOf(builder.input, DetectorId::TokenBurst);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Low);
    QVERIFY(says(flags.front().counterEvidence, "60 of the 60 votes carry one identical time"));
}

void TestTokenBurst::orderOfRowsDoesNotMatter()
{
    struct Row {
        std::string token;
        std::string post;
        qint64 at;
    };
    test::ScanBuilder ordered;
    addPeople(ordered, 400);
    addBurst(ordered, "fast", 40, 570 * kMs);
    std::vector<Row> rows;
    const VoteColumns& votes = ordered.input.votes;
    for (std::size_t row = 0; row < votes.size(); ++row)
        rows.push_back({votes.tokens.key(votes.token[row]), votes.posts.key(votes.post[row]), votes.castAt[row]});
    std::shuffle(rows.begin(), rows.end(), std::mt19937_64{3});
    test::ScanBuilder shuffled;
    for (const Row& row : rows)
        shuffled.vote(row.token, row.post, row.at);
    const auto expected = flagsOf(ordered.input, DetectorId::TokenBurst);
    const auto flags = flagsOf(shuffled.input, DetectorId::TokenBurst);
    QCOMPARE(expected.size(), std::size_t{1});
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().key, expected.front().key);
    QCOMPARE(flags.front().score, expected.front().score);
    QCOMPARE(flags.front().explanation, expected.front().explanation);
    QVERIFY(flags.front().evidence == expected.front().evidence);
}

QTEST_APPLESS_MAIN(TestTokenBurst)
#include "tst_token_burst.moc"
