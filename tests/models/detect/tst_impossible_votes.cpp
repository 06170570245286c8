#include <numeric>

#include <QTest>

#include "detect/bounded_table.h"
#include "scan_asks.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;
using test::flagsOf;
using test::says;

namespace {

constexpr qint64 kSecond = 1'000'000;
constexpr qint64 kMinute = 60 * kSecond;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kStart = 1'773'000'000'000'000;

/// Two days, 40 posts that open an hour apart, 100 votes on each within its first six hours.
struct DatedSite {
    test::ScanBuilder builder;

    explicit DatedSite(qint64 tooEarly = 0)
    {
        for (int post = 0; post < 40; ++post) {
            builder.times(std::to_string(post), opened(post) + tooEarly);
            for (int vote = 0; vote < 100; ++vote)
                cast(vote, post,
                     opened(post) + static_cast<qint64>(detect::spread(std::uint64_t(post * 100 + vote)) % (6 * kHour)));
        }
        builder.input.readAt = kStart + 48 * kHour;
    }
    static qint64 opened(int post) { return kStart + post * kHour; }
    /// Gives the votes so far keys in the order of time, as a site does.
    void numberByTime()
    {
        std::vector<std::uint32_t> rows(builder.input.votes.size());
        std::iota(rows.begin(), rows.end(), 0U);
        const auto& times = builder.input.votes.castAt;
        std::stable_sort(rows.begin(), rows.end(),
                         [&](std::uint32_t one, std::uint32_t other) { return times[one] < times[other]; });
        keys.resize(rows.size());
        for (std::size_t place = 0; place < rows.size(); ++place)
            keys[rows[place]] = static_cast<std::int64_t>(place) + 1;
        renumber();
    }
    /// Votes after those that have keys get the next ones.
    void renumber()
    {
        while (keys.size() < builder.input.votes.size())
            keys.push_back(static_cast<std::int64_t>(keys.size()) + 1);
        builder.input.votes.voteKeys = {};
        for (const std::int64_t key : keys)
            builder.input.votes.voteKeys.push(key);
    }
    std::vector<std::int64_t> keys;
    void cast(int token, int post, qint64 at, float value = 1)
    {
        builder.vote(std::to_string(token), std::to_string(post), at, value);
    }
    [[nodiscard]] std::vector<Flag> flags() const { return flagsOf(builder.input, DetectorId::ImpossibleVotes); }
    [[nodiscard]] std::string obstacle() const
    {
        detect::ScanOptions options;
        options.detectors = {DetectorId::ImpossibleVotes};
        const auto report = detect::scan(builder.input, detect::defaultRules(), options, {});
        return !report || report->skipped.empty() ? std::string{} : report->skipped.front().reason;
    }
};

} // namespace

/// What no row that came through the site's entry can say.
class TestImpossibleVotes : public QObject {
    Q_OBJECT
private slots:
    void votesOlderThanTheirPostAreNamed();
    void votesAfterTheEndAreNamed();
    void votesOfTomorrowAreNamed();
    void aWeightThatNobodyElseHasIsNamed();
    void votesWrittenLongAfterTheirTimeAreNamed();
    void aQueueThatWasEmptiedLateIsNot();
    void keysThatAreNotAClockSayNothing();
    void clocksMayDiffer();
    void aSiteWhoseDatesMeanSomethingElseSaysSo();
    void aPostThatWasDatedAnewIsLow();
    void aScaleOfManyValuesHasNoImpossibleOne();
    void manyOddWeightsHideNone();
    void anOrderlySiteHasNone();
};

void TestImpossibleVotes::votesOlderThanTheirPostAreNamed()
{
    DatedSite site;
    for (int vote = 0; vote < 6; ++vote)
        site.cast(300 + vote, 20, DatedSite::opened(20) - 3 * kHour - vote * kMinute);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.kind, SubjectKind::Post);
    QCOMPARE(flag.subject.key, std::string{"20"});
    QCOMPARE(flag.severity, Severity::High);
    QCOMPARE(flag.summary, std::string{"6 votes before it opened"});
    QVERIFY(flag.extraVotes.size() == 6 && flag.votes == flag.extraVotes);
    QCOMPARE(flag.falseShare, std::optional{0.0});
    QVERIFY2(says(flag.explanation, "Of the 106 counted votes on this post 6 were cast before it opened"),
             flag.explanation.c_str());
    const auto& histogram = std::get<TimeHistogram>(flag.evidence);
    QCOMPARE(std::accumulate(histogram.hits.begin(), histogram.hits.end(), std::int64_t{0}), std::int64_t{6});
    QCOMPARE(std::accumulate(histogram.others.begin(), histogram.others.end(), std::int64_t{0}), std::int64_t{100});
    QCOMPARE(histogram.marks.size(), std::size_t{1});
}

void TestImpossibleVotes::votesAfterTheEndAreNamed()
{
    DatedSite site;
    site.builder.times("3", DatedSite::opened(3), DatedSite::opened(3) + 7 * kHour);
    site.cast(301, 3, DatedSite::opened(3) + 9 * kHour);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().summary, std::string{"1 vote after it closed"});
    QCOMPARE(flags.front().severity, Severity::Medium);
    QCOMPARE(std::get<TimeHistogram>(flags.front().evidence).marks.size(), std::size_t{2});
}

void TestImpossibleVotes::votesOfTomorrowAreNamed()
{
    DatedSite site;
    for (int vote = 0; vote < 25; ++vote)
        site.cast(300 + vote, 39, kStart + 70 * kHour);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().summary, std::string{"25 votes in the future"});
    QCOMPARE(flags.front().severity, Severity::Critical);
    QVERIFY(says(flags.front().counterEvidence, "carry one time"));
}

void TestImpossibleVotes::aWeightThatNobodyElseHasIsNamed()
{
    DatedSite site;
    site.cast(300, 7, DatedSite::opened(7) + kHour, 500);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().summary, std::string{"1 vote with a weight that no other vote has"});
}

/// Votes of yesterday that were written today, for one post.
void TestImpossibleVotes::votesWrittenLongAfterTheirTimeAreNamed()
{
    DatedSite site;
    site.numberByTime();
    for (int vote = 0; vote < 25; ++vote)
        site.cast(300 + vote, 11, DatedSite::opened(11) + kHour + vote * 7 * kMinute);
    site.renumber();
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().subject.key, std::string{"11"});
    QCOMPARE(flags.front().summary, std::string{"25 votes written long after their time"});
    QCOMPARE(flags.front().severity, Severity::Critical);
    QVERIFY(says(flags.front().counterEvidence, "entered later"));
}

/// Everybody's votes of an hour come three hours late.
void TestImpossibleVotes::aQueueThatWasEmptiedLateIsNot()
{
    DatedSite site;
    site.numberByTime();
    for (std::int64_t& key : site.keys)
        key = key >= 2000 && key < 2050 ? key + 10'000 : key;
    site.renumber();
    QVERIFY(site.flags().empty());
}

void TestImpossibleVotes::keysThatAreNotAClockSayNothing()
{
    DatedSite site;
    site.numberByTime();
    for (std::int64_t& key : site.keys)
        key = static_cast<std::int64_t>(detect::spread(static_cast<std::uint64_t>(key)) >> 1U);
    site.renumber();
    QVERIFY(site.flags().empty());
    QVERIFY(site.obstacle().empty());
}

void TestImpossibleVotes::clocksMayDiffer()
{
    DatedSite site;
    for (int vote = 0; vote < 6; ++vote)
        site.cast(300 + vote, 20, DatedSite::opened(20) - 2 * kMinute);
    site.cast(310, 39, site.builder.input.readAt + 2 * kMinute);
    QVERIFY(site.flags().empty());
}

/// As after an import that dates every post by the day it was imported.
void TestImpossibleVotes::aSiteWhoseDatesMeanSomethingElseSaysSo()
{
    const DatedSite site{3 * kHour};
    QVERIFY(site.flags().empty());
    QVERIFY2(says(site.obstacle(), "Too many votes of this source were cast before it opened"), site.obstacle().c_str());
    QVERIFY(DatedSite{}.obstacle().empty());
}

void TestImpossibleVotes::aPostThatWasDatedAnewIsLow()
{
    DatedSite site;
    site.builder.times("11", DatedSite::opened(11) + 30 * kHour);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Low);
    QVERIFY(says(flags.front().counterEvidence, "rather the date of the post was changed"));
}

void TestImpossibleVotes::aScaleOfManyValuesHasNoImpossibleOne()
{
    DatedSite site;
    for (int vote = 0; vote < 40; ++vote)
        site.cast(300 + vote, 7, DatedSite::opened(7) + kHour, 0.25F * static_cast<float>(vote));
    QVERIFY(site.flags().empty());
}

/// Twenty of them, each another one, and one that is no number.
void TestImpossibleVotes::manyOddWeightsHideNone()
{
    DatedSite site;
    for (int post = 0; post < 5; ++post) {
        for (int vote = 0; vote < 100; ++vote)
            for (int more = 0; more < 50; ++more)
                site.cast(1000 + more * 100 + vote, 10 + post, DatedSite::opened(10 + post) + kHour + vote * kSecond);
    }
    for (int vote = 0; vote < 20; ++vote)
        site.cast(300 + vote, 7, DatedSite::opened(7) + kHour, 100.0F + static_cast<float>(vote));
    site.cast(330, 7, DatedSite::opened(7) + kHour, std::numeric_limits<float>::quiet_NaN());
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().summary, std::string{"21 votes with a weight that no other vote has"});
}

void TestImpossibleVotes::anOrderlySiteHasNone()
{
    QVERIFY(DatedSite{}.flags().empty());
    QVERIFY(flagsOf({}, DetectorId::ImpossibleVotes).empty());
}

QTEST_GUILESS_MAIN(TestImpossibleVotes)
#include "tst_impossible_votes.moc"
