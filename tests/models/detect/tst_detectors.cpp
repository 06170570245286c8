#include <QTest>

#include "scan_asks.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;
using test::flagsOf;
using test::says;
using Keys = std::vector<VoteKey>;

namespace {

constexpr qint64 kMs = 1000;
constexpr qint64 kSecond = 1'000'000;
constexpr qint64 kStart = 1'773'000'000'000'007; // not a multiple of anything

Keys keys(std::initializer_list<const char*> texts)
{
    Keys list;
    for (const char* text : texts)
        list.emplace_back(text);
    return list;
}

} // namespace

class TestDetectors : public QObject {
    Q_OBJECT
private slots:
    void duplicates_data();
    void duplicates();
    void duplicateFlagTellsItsVotes();
    void coarseTimesShowNoRace();
    void drift_data();
    void drift();
    void driftKnowsInnocentReadings();
    void driftNeedsAllTime();
    void attempts_data();
    void attempts();
    void anAttemptThatBeginsWhenOthersEndDoesNotOverlapThem();
    void raceTellsTheExtraVotes();
    void earlierVoteMakesAllOfThemExtra();
    void retriesOfOneVoteAreNoRace();
    void voidedRaceIsNotCritical();
};

void TestDetectors::duplicates_data()
{
    QTest::addColumn<QList<qint64>>("times");
    QTest::addColumn<int>("severity"); // -1: no flag
    QTest::newRow("one vote") << QList<qint64>{0} << -1;
    QTest::newRow("two within the window") << QList<qint64>{0, 41 * kMs} << int(Severity::High);
    QTest::newRow("two at its edge") << QList<qint64>{0, 250 * kMs} << int(Severity::High);
    QTest::newRow("two just beyond") << QList<qint64>{0, 250 * kMs + 1} << int(Severity::Medium);
    QTest::newRow("three within the window, rows out of order")
        << QList<qint64>{200 * kMs, 0, 100 * kMs} << int(Severity::Critical);
    QTest::newRow("two pairs apart") << QList<qint64>{0, 1, 9 * kSecond, 9 * kSecond + 1} << int(Severity::High);
    QTest::newRow("days apart") << QList<qint64>{0, 86'400 * kSecond, 2 * 86'400 * kSecond} << int(Severity::Medium);
    QList<qint64> many;
    for (int vote = 0; vote < 50; ++vote)
        many << vote * 3600 * kSecond;
    QTest::newRow("fifty of them") << many << int(Severity::High);
}

void TestDetectors::duplicates()
{
    QFETCH(QList<qint64>, times);
    QFETCH(int, severity);
    test::ScanBuilder builder;
    builder.vote("other", "p", kStart);
    for (const qint64 time : times)
        builder.vote("t", "p", kStart + time);
    builder.vote("t", "q", kStart + 5);
    const auto flags = flagsOf(builder.input, DetectorId::DuplicateVotes);
    QCOMPARE(flags.size(), severity < 0 ? std::size_t{0} : std::size_t{1});
    if (severity >= 0) {
        QCOMPARE(int(flags.front().severity), severity);
        QCOMPARE(flags.front().votes.size(), std::size_t(times.size()));
    }
}

void TestDetectors::duplicateFlagTellsItsVotes()
{
    test::ScanBuilder builder;
    builder.vote("7", "70", kStart + 20 * kMs, -1);
    builder.vote("7", "70", kStart, 1);
    builder.vote("7", "70", kStart + 41 * kMs, 1);
    const auto flags = flagsOf(builder.input, DetectorId::DuplicateVotes);
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.votes, keys({"v2", "v1", "v3"}));
    QCOMPARE(flag.extraVotes, keys({"v1", "v3"}));
    QCOMPARE(flag.subject.key, std::string{"7"});
    QCOMPARE(flag.subject.post, PostKey{"70"});
    QCOMPARE(flag.to - flag.from, Micros{41 * kMs});
    QCOMPARE(flag.score, 2.0);
    QCOMPARE(flag.headline, std::string{"One token was counted 3 times on one post"});
    QCOMPARE(flag.summary, std::string{"3 votes within 41 ms"});
    QCOMPARE(flag.ruleVersion, detect::defaultRules().version);
    QVERIFY(says(flag.counterEvidence, "change of mind"));
    QVERIFY(!flag.clearsIf.empty());
    QCOMPARE(flag.rule.front(), (RuleParameter{"race_window", "250", "ms"}));
    const auto& bars = std::get<AttemptWaterfall>(flag.evidence);
    QVERIFY(bars.fromVotes);
    QCOMPARE(bars.bars.size(), std::size_t{3});
    QVERIFY(!bars.bars[0].extraVote && bars.bars[1].extraVote);
}

void TestDetectors::coarseTimesShowNoRace()
{
    test::ScanBuilder builder;
    for (int vote = 0; vote < 3; ++vote)
        builder.vote("few", "p", 1'773'000'000 * kSecond);
    for (int vote = 0; vote < 12; ++vote)
        builder.vote("storm", "p", 1'773'000'005 * kSecond);
    const auto flags = flagsOf(builder.input, DetectorId::DuplicateVotes);
    QCOMPARE(flags.size(), std::size_t{2});
    QCOMPARE(flags[0].subject.key, std::string{"storm"});
    QCOMPARE(flags[0].severity, Severity::Critical);
    QCOMPARE(flags[1].severity, Severity::Medium);
    QVERIFY(says(flags[1].counterEvidence, "exact to 1 s only"));
}

void TestDetectors::drift_data()
{
    QTest::addColumn<int>("votes");
    QTest::addColumn<double>("counter");
    QTest::addColumn<int>("severity");
    QTest::newRow("equal") << 20 << 20.0 << -1;
    QTest::newRow("noise") << 20 << 20.0005 << -1;
    QTest::newRow("no counter") << 20 << std::nan("") << -1;
    QTest::newRow("one point") << 20 << 21.0 << int(Severity::Medium);
    QTest::newRow("a fifth") << 20 << 16.0 << int(Severity::High);
    QTest::newRow("ten of many") << 1000 << 990.0 << int(Severity::High);
    QTest::newRow("a hundred") << 1000 << 1100.0 << int(Severity::Critical);
    QTest::newRow("half of it") << 20 << 31.0 << int(Severity::Critical);
    QTest::newRow("a score without a vote") << 0 << 7.0 << int(Severity::Critical);
    QTest::newRow("nothing at all") << 0 << 0.0 << -1;
}

void TestDetectors::drift()
{
    QFETCH(int, votes);
    QFETCH(double, counter);
    QFETCH(int, severity);
    test::ScanBuilder builder;
    for (int vote = 0; vote < votes; ++vote)
        builder.vote("t" + std::to_string(vote), "p", kStart + vote);
    builder.counter("p", counter);
    const auto flags = flagsOf(builder.input, DetectorId::CounterDrift);
    QCOMPARE(flags.size(), severity < 0 ? std::size_t{0} : std::size_t{1});
    if (severity < 0)
        return;
    QCOMPARE(int(flags.front().severity), severity);
    QVERIFY(flags.front().extraVotes.empty());
    const auto& trace = std::get<CounterTrace>(flags.front().evidence);
    QCOMPARE(trace.rowSum, double(votes));
    QCOMPARE(trace.counter, counter);
    QVERIFY(trace.rows.size() <= 401);
    QCOMPARE(trace.rows.empty() ? 0.0 : trace.rows.back().sum, double(votes));
}

void TestDetectors::driftKnowsInnocentReadings()
{
    test::ScanBuilder builder;
    builder.vote("a", "p", kStart);
    builder.vote("a", "p", kStart + kSecond);
    builder.vote("b", "p", kStart + 2 * kSecond);
    builder.counter("p", 2);
    builder.vote("a", "q", kStart, -1);
    builder.vote("b", "q", kStart, 1);
    builder.vote("c", "q", kStart, 1);
    builder.counter("q", 3);
    const auto flags = flagsOf(builder.input, DetectorId::CounterDrift);
    QCOMPARE(flags.size(), std::size_t{2});
    for (const Flag& flag : flags)
        QVERIFY(says(flag.counterEvidence, flag.subject.key == "p" ? "without repeated votes" : "number of votes (3)"));
}

void TestDetectors::driftNeedsAllTime()
{
    test::ScanBuilder builder;
    builder.vote("a", "p", kStart);
    builder.counter("p", 99);
    builder.input.range.from = timeOf(kStart);
    const auto report = detect::scan(builder.input, detect::defaultRules(), {}, {});
    QVERIFY(report.has_value());
    QVERIFY(report->flags.empty());
    QCOMPARE(report->skipped.size(), std::size_t{10}); // nor is there a log, or authors, or addresses
    QCOMPARE(report->skipped[0].detector, DetectorId::CounterDrift);
    QCOMPARE(report->skipped[1].detector, DetectorId::ConcurrentAttempts);
}

void TestDetectors::attempts_data()
{
    QTest::addColumn<int>("attempts");
    QTest::addColumn<qint64>("gap");
    QTest::addColumn<qint64>("lasts");
    QTest::addColumn<int>("severity");
    QTest::newRow("one") << 1 << qint64{0} << 5 * kMs << -1;
    QTest::newRow("double click") << 2 << 180 * kMs << 5 * kMs << -1;
    QTest::newRow("three quick ones") << 3 << 80 * kMs << 5 * kMs << -1;
    QTest::newRow("retries") << 4 << 1300 * kMs << 5 * kMs << -1;
    QTest::newRow("eight clicks in a second") << 8 << 125 * kMs << 5 * kMs << -1;
    QTest::newRow("four in the window") << 4 << 83 * kMs << 5 * kMs << int(Severity::Low);
    QTest::newRow("four just beyond it") << 4 << 84 * kMs << 5 * kMs << -1;
    QTest::newRow("three under way at once") << 3 << 100 * kMs << 300 * kMs << int(Severity::Low);
    QTest::newRow("one ends when the next begins") << 3 << 100 * kMs << 100 * kMs << -1;
    QTest::newRow("a storm") << 64 << 1 * kMs << 5 * kMs << int(Severity::Medium);
}

void TestDetectors::attempts()
{
    QFETCH(int, attempts);
    QFETCH(qint64, gap);
    QFETCH(qint64, lasts);
    QFETCH(int, severity);
    test::ScanBuilder builder;
    const std::string vote = builder.vote("t", "p", kStart);
    for (int attempt = 0; attempt < attempts; ++attempt)
        builder.attempt("t", "p", kStart + attempt * gap, lasts,
                        attempt == 0 ? AttemptOutcome::Accepted : AttemptOutcome::Duplicate, attempt == 0 ? vote : "");
    for (int other = 0; other < 20; ++other) {
        builder.attempt("u" + std::to_string(other), "p", kStart + other, 5 * kMs, AttemptOutcome::Accepted,
                        "w" + std::to_string(other));
        builder.attempt("", "p", kStart + other, 5 * kMs, AttemptOutcome::InvalidToken);
    }
    const auto flags = flagsOf(builder.input, DetectorId::ConcurrentAttempts);
    QCOMPARE(flags.size(), severity < 0 ? std::size_t{0} : std::size_t{1});
    if (severity >= 0) {
        QCOMPARE(int(flags.front().severity), severity);
        QVERIFY(flags.front().extraVotes.empty());
        QVERIFY(says(flags.front().counterEvidence, "Exactly one attempt was accepted"));
    }
}

void TestDetectors::anAttemptThatBeginsWhenOthersEndDoesNotOverlapThem()
{
    for (const qint64 early : {qint64{0}, qint64{1}}) {
        test::ScanBuilder builder;
        builder.attempt("t", "p", kStart, 100 * kMs, AttemptOutcome::Duplicate);
        builder.attempt("t", "p", kStart, 100 * kMs, AttemptOutcome::Duplicate);
        builder.attempt("t", "p", kStart + 100 * kMs - early, 100 * kMs, AttemptOutcome::Duplicate);
        QCOMPARE(flagsOf(builder.input, DetectorId::ConcurrentAttempts).size(), std::size_t(early));
    }
}

void TestDetectors::raceTellsTheExtraVotes()
{
    test::ScanBuilder builder;
    for (int attempt = 0; attempt < 5; ++attempt) {
        const bool accepted = attempt < 3;
        const std::string vote = accepted ? builder.vote("t", "p", kStart + attempt * kMs + 3 * kMs) : "";
        builder.attempt("t", "p", kStart + attempt * kMs, 12 * kMs,
                        accepted ? AttemptOutcome::Accepted : AttemptOutcome::Duplicate, vote, "10.0.0.1", attempt == 0 ? 0 : 77);
    }
    const auto flags = flagsOf(builder.input, DetectorId::ConcurrentAttempts);
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.severity, Severity::Critical);
    QCOMPARE(flag.votes, keys({"v1", "v2", "v3"}));
    QCOMPARE(flag.extraVotes, keys({"v2", "v3"}));
    QCOMPARE(flag.summary, std::string{"3 of 5 attempts accepted in 4 ms"});
    QVERIFY(flag.explanation.find("2 extra votes got through and are counted") != std::string::npos);
    QVERIFY(flag.explanation.find("All 3 accepted ones had begun before the first was answered") != std::string::npos);
    QVERIFY(says(flag.counterEvidence, "one address"));
    QVERIFY(says(flag.counterEvidence, "4 of the 5 attempts carry one request key"));
    const auto& bars = std::get<AttemptWaterfall>(flag.evidence);
    QVERIFY(!bars.fromVotes);
    QCOMPARE(bars.bars.size(), std::size_t{5});
    QVERIFY(!bars.bars[0].extraVote && bars.bars[1].extraVote && bars.bars[2].extraVote && !bars.bars[3].extraVote);
    QCOMPARE(*bars.bars[0].end - bars.bars[0].start, Micros{12 * kMs});
}

void TestDetectors::earlierVoteMakesAllOfThemExtra()
{
    test::ScanBuilder builder;
    builder.vote("t", "p", kStart - 3600 * kSecond);
    for (int attempt = 0; attempt < 2; ++attempt)
        builder.attempt("t", "p", kStart + attempt * kMs, 5 * kMs, AttemptOutcome::Accepted,
                        builder.vote("t", "p", kStart + attempt * kMs));
    const auto flags = flagsOf(builder.input, DetectorId::ConcurrentAttempts);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().extraVotes, keys({"v2", "v3"}));
}

void TestDetectors::retriesOfOneVoteAreNoRace()
{
    test::ScanBuilder builder;
    const std::string vote = builder.vote("t", "p", kStart);
    for (int attempt = 0; attempt < 3; ++attempt)
        builder.attempt("t", "p", kStart + attempt * kMs, 0, AttemptOutcome::Accepted, vote);
    QVERIFY(flagsOf(builder.input, DetectorId::ConcurrentAttempts).empty());
}

void TestDetectors::voidedRaceIsNotCritical()
{
    test::ScanBuilder builder;
    const std::string kept = builder.vote("t", "p", kStart);
    builder.attempt("t", "p", kStart, 5 * kMs, AttemptOutcome::Accepted, kept);
    builder.attempt("t", "p", kStart + kMs, 5 * kMs, AttemptOutcome::Accepted, "voided since");
    const auto flags = flagsOf(builder.input, DetectorId::ConcurrentAttempts);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Medium);
    QVERIFY(flags.front().extraVotes.empty());
}

QTEST_APPLESS_MAIN(TestDetectors)
#include "tst_detectors.moc"
