#include <map>
#include <random>
#include <set>

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTest>

#include "detect/gap_law.h"
#include "detect/scan.h"
#include "detect/token_rows.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kStart = 1'773'000'000'000'007;

detect::ScanReport scanned(const ScanInput& input, const detect::ScanOptions& options = {})
{
    auto report = detect::scan(input, detect::defaultRules(), options, {});
    return report ? *report : detect::ScanReport{};
}

/// Sessions, repeats, races, bursts and attempts at random.
ScanInput randomInput(unsigned seed, int votes, int tokens, int posts)
{
    std::mt19937_64 random{seed};
    test::ScanBuilder builder;
    for (int vote = 0; vote < votes; ++vote) {
        const std::string token = "t" + std::to_string(random() % static_cast<unsigned>(tokens));
        const std::string post = std::to_string(random() % static_cast<unsigned>(posts));
        const std::int64_t at = kStart + static_cast<std::int64_t>(random() % 5'000) * 40'000;
        const std::string key = builder.vote(token, post, at, random() % 3 == 0 ? -1.0F : 1.0F);
        if (random() % 2 == 0)
            builder.attempt(token, post, at, static_cast<std::int64_t>(random() % 50'000), AttemptOutcome::Accepted, key);
        if (random() % 2 == 0)
            builder.attempt(token, post, at + static_cast<std::int64_t>(random() % 300'000), 1000, AttemptOutcome::Duplicate);
    }
    for (int post = 0; post < posts; ++post)
        builder.counter(std::to_string(post), static_cast<double>(random() % 30));
    return std::move(builder.input);
}

/// The pairs with two votes or more, and the most votes of each within the window, by looking at every two of them.
std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> repeatsByHand(const ScanInput& input,
                                                                                                 std::int64_t window)
{
    std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> times;
    for (std::size_t row = 0; row < input.votes.size(); ++row)
        times[{input.votes.tokens.key(input.votes.token[row]), input.votes.posts.key(input.votes.post[row])}].push_back(
            input.votes.castAt[row]);
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> repeats;
    for (const auto& [pair, cast] : times) {
        if (cast.size() < 2)
            continue;
        std::size_t most = 0;
        for (const std::int64_t from : cast)
            most = std::max(most, static_cast<std::size_t>(std::count_if(cast.begin(), cast.end(), [&](std::int64_t at) {
                                return at >= from && at - from <= window;
                            })));
        repeats[pair] = {cast.size(), most};
    }
    return repeats;
}

ScanInput readCsv(const QByteArray& text)
{
    ScanInput input;
    std::int64_t key = 0;
    const QList<QByteArray> lines = text.split('\n');
    const QList<QByteArray> header = lines.first().trimmed().split(',');
    for (qsizetype line = 1; line < lines.size(); ++line) {
        const QList<QByteArray> cells = lines[line].trimmed().split(',');
        if (cells.size() < header.size())
            continue;
        input.votes.token.push_back(input.votes.tokens.intern(cells[header.indexOf("token")].toStdString()));
        input.votes.post.push_back(input.votes.posts.intern(cells[header.indexOf("post")].toStdString()));
        input.votes.value.push_back(cells[header.indexOf("value")].toFloat());
        input.votes.castAt.push_back(microsOf(parseTime(cells[header.indexOf("cast_at")].toStdString()).value()));
        input.votes.voteKeys.push(++key);
    }
    return input;
}

QByteArray realData(const QString& name)
{
    const QString path = QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/data/") + name;
    if (!QFile::exists(path))
        return {};
    if (!name.endsWith(QStringLiteral(".gz"))) {
        QFile file{path};
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
    }
    QProcess unpack;
    unpack.start(QStringLiteral("gzip"), {QStringLiteral("-dc"), path});
    return unpack.waitForFinished() ? unpack.readAllStandardOutput() : QByteArray{};
}

} // namespace

class TestScan : public QObject {
    Q_OBJECT
private slots:
    void agreesWithBruteForce_data();
    void agreesWithBruteForce();
    void sameFlagsForAnyNumberOfThreads();
    void worstFirst();
    void stops();
    void progressReachesTheEnd();
    void emptyInput();
    void unevenColumnsAreRefused();
    void keepsTheWorstWithinTheLimit();
    void quietSitesGetNoBurstFlags();
    void gapBinsHoldTheirGaps();
    void spanTailIsAnUpperBound();
    void grains();
    void higgsIsInnocent();
    void pollHasNoRace();
};

void TestScan::agreesWithBruteForce_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 8; ++seed)
        QTest::addRow("%u", seed) << seed;
}

void TestScan::agreesWithBruteForce()
{
    QFETCH(unsigned, seed);
    const ScanInput input = randomInput(seed, 3000, 60, 40);
    const auto expected = repeatsByHand(input, 250'000);
    std::size_t seen = 0;
    for (const Flag& flag : scanned(input, {{DetectorId::DuplicateVotes}, 1}).flags) {
        const auto repeat = expected.find({flag.subject.key, flag.subject.post.text});
        QVERIFY(repeat != expected.end());
        QCOMPARE(flag.votes.size(), repeat->second.first);
        const Severity severity = repeat->second.second >= 3   ? Severity::Critical
                                  : repeat->second.second == 2 ? Severity::High
                                                               : Severity::Medium;
        QCOMPARE(flag.severity, severity);
        ++seen;
    }
    QCOMPARE(seen, expected.size());
}

void TestScan::sameFlagsForAnyNumberOfThreads()
{
    // Enough votes that the threads are really used.
    const ScanInput input = randomInput(3, 420'000, 20'000, 40'000);
    detect::ScanOptions options;
    const detect::ScanReport one = scanned(input, options);
    QVERIFY(one.flags.size() > 100);
    for (const unsigned threads : {2U, 3U}) {
        options.threads = threads;
        QVERIFY(scanned(input, options) == one);
    }
}

void TestScan::worstFirst()
{
    const auto flags = scanned(randomInput(4, 3000, 60, 40)).flags;
    QVERIFY(flags.size() > 10);
    std::set<std::string> keys;
    for (std::size_t at = 0; at < flags.size(); ++at) {
        keys.insert(flags[at].key.text);
        if (at > 0)
            QVERIFY(flags[at - 1].severity > flags[at].severity ||
                    (flags[at - 1].severity == flags[at].severity && flags[at - 1].score >= flags[at].score));
    }
    QCOMPARE(keys.size(), flags.size());
}

void TestScan::stops()
{
    const ScanInput input = randomInput(5, 200'000, 3000, 9000);
    int looks = 0;
    const auto all = detect::scan(input, detect::defaultRules(), {}, [&](std::uint64_t, std::uint64_t) { return ++looks > 0; });
    QVERIFY(all.has_value());
    QVERIFY(looks > 10);
    for (int stopAt = 1; stopAt <= looks; stopAt += 3) {
        int asked = 0;
        const auto report =
            detect::scan(input, detect::defaultRules(), {{}, 2}, [&](std::uint64_t, std::uint64_t) { return ++asked < stopAt; });
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().fault, Fault::Cancelled);
        QCOMPARE(asked, stopAt);
    }
}

void TestScan::progressReachesTheEnd()
{
    const ScanInput input = randomInput(6, 200'000, 3000, 9000);
    std::uint64_t last = 0;
    std::uint64_t whole = 0;
    const auto report = detect::scan(input, detect::defaultRules(), {}, [&](std::uint64_t done, std::uint64_t total) {
        const bool grows = done >= last && done <= total;
        last = done;
        whole = total;
        return grows;
    });
    QVERIFY(report.has_value());
    QCOMPARE(last, whole);
}

void TestScan::emptyInput()
{
    ScanInput input;
    input.hasAttempts = true;
    input.hasCounters = true;
    const auto report = detect::scan(input, detect::defaultRules(), {{}, 4}, {});
    QVERIFY(report.has_value());
    QVERIFY(report->flags.empty());
    QCOMPARE(report->skipped.size(), std::size_t{5});
    for (const detect::SkippedDetector& skipped : report->skipped) // there is neither an author nor an address
        QVERIFY(skipped.detector == DetectorId::SerialVoter || skipped.detector == DetectorId::VoteRing ||
                skipped.detector == DetectorId::SubnetSocks || skipped.detector == DetectorId::TokenMint ||
                skipped.detector == DetectorId::TokenHopping);
}

void TestScan::unevenColumnsAreRefused()
{
    ScanInput input = randomInput(7, 10, 3, 3);
    input.votes.castAt.pop_back();
    const auto report = detect::scan(input, detect::defaultRules(), {}, {});
    QVERIFY(!report.has_value());
    QCOMPARE(report.error().fault, Fault::Corrupt);
}

void TestScan::keepsTheWorstWithinTheLimit()
{
    const ScanInput input = randomInput(8, 3000, 60, 40);
    const detect::ScanOptions options{{DetectorId::DuplicateVotes}, 1};
    const auto all = scanned(input, options);
    detect::Rules rules = detect::defaultRules();
    rules.flagsPerDetector = 5;
    const auto few = detect::scan(input, rules, options, {});
    QVERIFY(few.has_value());
    QCOMPARE(few->flags.size(), std::size_t{5});
    QCOMPARE(few->leftOut.size(), std::size_t{1});
    QCOMPARE(few->leftOut.front().flags, std::uint64_t(all.flags.size() - 5));
    for (const Flag& flag : few->flags)
        QVERIFY(std::find(all.flags.begin(), all.flags.end(), flag) != all.flags.end());
    QCOMPARE(few->flags.front().severity, all.flags.front().severity);
}

void TestScan::quietSitesGetNoBurstFlags()
{
    for (unsigned seed = 1; seed <= 2; ++seed) {
        std::mt19937_64 random{seed};
        std::lognormal_distribution<double> pace{std::log(9.0), 0.4};
        std::lognormal_distribution<double> gap{0, 1.0};
        test::ScanBuilder builder;
        for (int token = 0; token < 2000; ++token) {
            std::int64_t at = kStart;
            const double own = pace(random);
            for (int vote = 0; vote < 60; ++vote) {
                at += random() % 5 == 0 ? 3600 * kSecond : static_cast<std::int64_t>(own * gap(random) * 1e6);
                builder.vote("t" + std::to_string(token), std::to_string(vote * 2003 + token), at);
            }
        }
        QCOMPARE(scanned(builder.input, {{DetectorId::TokenBurst}, 1}).flags.size(), std::size_t{0});
    }
}

void TestScan::gapBinsHoldTheirGaps()
{
    for (std::int64_t gap = 0; gap < 40'000'000'000; gap = gap * 21 / 20 + 1) {
        const std::size_t bin = detect::GapCounts::binOf(gap);
        QVERIFY(detect::GapCounts::lowerEdge(bin) <= gap);
        if (bin + 1 < detect::GapCounts::kBins)
            QVERIFY(gap < detect::GapCounts::lowerEdge(bin + 1));
    }
}

void TestScan::spanTailIsAnUpperBound()
{
    std::mt19937_64 random{1};
    std::lognormal_distribution<double> gap{std::log(9e6), 1.0};
    detect::GapCounts law;
    std::vector<std::int64_t> seen;
    for (int draw = 0; draw < 20'000; ++draw) {
        seen.push_back(static_cast<std::int64_t>(gap(random)));
        law.add(seen.back());
    }
    const detect::SpanTail tail{law, 1.0};
    constexpr int kTries = 20'000;
    std::vector<double> spans;
    for (int attempt = 0; attempt < kTries; ++attempt) {
        double span = 0;
        for (int at = 0; at < 7; ++at)
            span += static_cast<double>(seen[random() % seen.size()]);
        spans.push_back(span);
    }
    std::sort(spans.begin(), spans.end());
    for (const double share : {0.001, 0.01, 0.1}) {
        const double span = spans[static_cast<std::size_t>(share * kTries)];
        QVERIFY(tail.log10Probability(7, span) >= std::log10(share));
        const double longest = tail.longestSpan(7, tail.log10Probability(7, span));
        QVERIFY(std::abs(longest - span) < 1e-6 * span);
    }
}

void TestScan::grains()
{
    QCOMPARE(detect::timeGrainOf({}), std::int64_t{1});
    QCOMPARE(detect::timeGrainOf({1'773'000'000'000'007}), std::int64_t{1});
    QCOMPARE(detect::timeGrainOf({1'773'000'001'002'000}), std::int64_t{1000});
    QCOMPARE(detect::timeGrainOf({1'773'000'001'000'000, -5'000'000}), kSecond);
    QCOMPARE(detect::timeGrainOf({1'773'273'600'000'000}), 86'400 * kSecond);
    std::vector<std::int64_t> mostly(1000, 1'773'000'001'000'000);
    mostly[500] += 1;
    QCOMPARE(detect::timeGrainOf(mostly), kSecond);
}

void TestScan::higgsIsInnocent()
{
    const QByteArray text = realData(QStringLiteral("higgs-retweets.csv.gz"));
    if (text.isEmpty())
        QSKIP("the real data do not lie beside this checkout");
    const ScanInput input = readCsv(text);
    QCOMPARE(input.votes.size(), std::size_t{354'930});
    const auto report = scanned(input);
    for (const Flag& flag : report.flags) {
        QVERIFY(flag.detector != DetectorId::TokenBurst || flag.severity == Severity::Low);
        QVERIFY2(flag.detector != DetectorId::PostSurge && flag.detector != DetectorId::Metronome, flag.explanation.c_str());
        // 95 accounts shared the posts of the same ten accounts over five days, each time most of them within ten minutes and
        // hardly anybody else: that is what the detector is for
        QVERIFY(flag.severity <= Severity::Medium || flag.detector == DetectorId::Lockstep);
    }
    QCOMPARE(std::count_if(report.flags.begin(), report.flags.end(),
                           [](const Flag& flag) { return flag.severity > Severity::Medium; }),
             1);
    QCOMPARE(report.flags.size() > 10'000, true); // the repeated pairs
}

void TestScan::pollHasNoRace()
{
    const QByteArray text = realData(QStringLiteral("openprespoll.csv"));
    if (text.isEmpty())
        QSKIP("the real data do not lie beside this checkout");
    const ScanInput input = readCsv(text);
    std::size_t repeats = 0;
    for (const Flag& flag : scanned(input).flags) {
        if (flag.detector != DetectorId::DuplicateVotes)
            continue;
        QCOMPARE(flag.severity, Severity::Medium);
        ++repeats;
    }
    QCOMPARE(repeats, repeatsByHand(input, 0).size());
}

QTEST_APPLESS_MAIN(TestScan)
#include "tst_scan.moc"
