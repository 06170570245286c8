#include <numeric>

#include <QTest>

#include "detect/bounded_table.h"
#include "detect/start_counts.h"
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
constexpr qint64 kDay = 24 * kHour;
constexpr qint64 kStart = 1'772'928'000'000'000; // midnight

/// Ten days of 200 people who sit down when they like, for three votes each time.
struct Site {
    test::ScanBuilder builder;

    explicit Site(qint64 everybodyAt = -1)
    {
        for (int sitting = 0; sitting < 4000; ++sitting) {
            const std::uint64_t dice = detect::spread(std::uint64_t(sitting));
            qint64 at = static_cast<qint64>(dice % std::uint64_t(10 * kDay));
            if (everybodyAt >= 0 && sitting % 2 == 0)
                at += everybodyAt - detect::intoHour(at) + static_cast<qint64>(dice % std::uint64_t(10 * kSecond));
            sit(std::to_string(sitting % 200), at, dice);
        }
    }
    void sit(const std::string& token, qint64 at, std::uint64_t dice)
    {
        for (int vote = 0; vote < 3; ++vote)
            builder.vote(token, std::to_string((dice >> (8U * unsigned(vote))) % 4000), kStart + at + vote * 9 * kSecond);
    }
    [[nodiscard]] std::vector<Flag> flags() const { return flagsOf(builder.input, DetectorId::Timetable); }
};

} // namespace

/// A program that a clock wakes.
class TestTimetable : public QObject {
    Q_OBJECT
private slots:
    void oneMomentOfTheHourIsNamed();
    void roundTheFullHourToo();
    void onceADayIsNamedAfterSomeDays();
    void whoVotesOnOverTheFullHourIsNot();
    void aReminderForEverybodyIsNot();
    void aHabitIsNot();
    void momentsGoRound();
};

void TestTimetable::oneMomentOfTheHourIsNamed()
{
    Site site;
    for (int run = 0; run < 30; ++run) // at 17 minutes past, a second late at most, every third hour
        site.sit("cron", 17 * kMinute + run * 3 * kHour + static_cast<qint64>(detect::spread(std::uint64_t(run)) % kSecond),
                 std::uint64_t(run) * 77777);
    site.sit("cron", 5 * kDay + 40 * kMinute, 12345); // and once by hand
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.key, std::string{"cron"});
    QCOMPARE(flag.severity, Severity::High);
    QCOMPARE(flag.votes.size(), std::size_t{90});
    QVERIFY2(says(flag.summary, "30 of 31 sittings begin 17 min"), flag.summary.c_str());
    QVERIFY(says(flag.counterEvidence, "The token's other 3 votes follow no timetable."));
    const auto& histogram = std::get<TimeHistogram>(flag.evidence);
    QCOMPARE(histogram.hits[17], std::int64_t{30});
    QCOMPARE(histogram.others[40], std::int64_t{1});
}

void TestTimetable::roundTheFullHourToo()
{
    Site site;
    for (int run = 0; run < 24; ++run)
        site.sit("cron", (run + 1) * 2 * kHour + (run % 2 == 0 ? -3 : 3) * kSecond, std::uint64_t(run) * 77777);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QVERIFY2(says(flags.front().summary, "24 of 24 sittings"), flags.front().summary.c_str());
}

void TestTimetable::onceADayIsNamedAfterSomeDays()
{
    Site site;
    for (int day = 0; day < 10; ++day)
        site.sit("daily", day * kDay + 3 * kHour + 2 * kSecond, std::uint64_t(day) * 77777);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QVERIFY(says(flags.front().counterEvidence, "one hour of the day"));
}

/// The first vote of each hour comes soon after the full hour, every time.
void TestTimetable::whoVotesOnOverTheFullHourIsNot()
{
    Site site;
    for (int vote = 0; vote < 1200; ++vote)
        site.builder.vote("tireless", std::to_string(vote), kStart + vote * 30 * kSecond);
    QVERIFY(site.flags().empty());
}

void TestTimetable::aReminderForEverybodyIsNot()
{
    Site site{30 * kMinute};
    for (int day = 0; day < 10; ++day)
        site.sit("punctual", day * kDay + 8 * kHour + 30 * kMinute + 2 * kSecond, std::uint64_t(day) * 77777);
    QVERIFY(site.flags().empty());
}

/// At eight, give or take some minutes.
void TestTimetable::aHabitIsNot()
{
    Site site;
    for (int day = 0; day < 60; ++day)
        site.sit("regular",
                 day * kDay + 8 * kHour + static_cast<qint64>(detect::spread(std::uint64_t(day)) % std::uint64_t(8 * kMinute)),
                 std::uint64_t(day) * 77777);
    QVERIFY(site.flags().empty());
}

void TestTimetable::momentsGoRound()
{
    QCOMPARE(detect::intoHour(-1), detect::kHourMicros - 1);
    QCOMPARE(detect::apartInHour(1, detect::kHourMicros - 1), std::int64_t{2});
    detect::StartCounts counts;
    QVERIFY(counts.busiestShare(30 * kSecond) < 0.02); // nothing is known: even
    for (int i = 0; i < 100'000; ++i)
        counts.add(kStart + i * kHour + (i % 2 == 0 ? 0 : static_cast<qint64>(detect::spread(std::uint64_t(i)) % kHour)));
    QVERIFY(counts.busiestShare(30 * kSecond) > 0.49 && counts.busiestShare(30 * kSecond) < 0.53);
}

QTEST_GUILESS_MAIN(TestTimetable)
#include "tst_timetable.moc"
