#include <QTest>

#include "detect/flag_diff.h"

using namespace scr;
using domain::DetectorId;
using domain::Flag;
using domain::Severity;

namespace {

Flag flagOf(const char* key, DetectorId detector, Severity severity, std::initializer_list<const char*> votes)
{
    Flag flag;
    flag.key = domain::FlagKey{key};
    flag.detector = detector;
    flag.severity = severity;
    for (const char* vote : votes)
        flag.extraVotes.emplace_back(vote);
    return flag;
}

} // namespace

class TestFlagDiff : public QObject {
    Q_OBJECT
private slots:
    void theSameFlagsDoNotDiffer();
    void gainedLostAndChanged();
    void votesAreCountedOnceHoweverManyFlagsNameThem();
    void otherVotesOfOneFlagAreADifference();
    void theOrderOfVotesIsNone();
    void aSiteRuleHasItsTotals();
};

void TestFlagDiff::theSameFlagsDoNotDiffer()
{
    const std::vector<Flag> flags{flagOf("F-1", DetectorId::TokenBurst, Severity::High, {"1", "2"})};
    const detect::FlagDiff diff = detect::differenceOf(flags, flags);
    QVERIFY(diff.isEmpty());
    QCOMPARE(diff.votesGained + diff.votesLost, std::uint64_t{0});
    QVERIFY(diff.totals == (std::vector<detect::DetectorTotals>{{DetectorId::TokenBurst, 1, 1, 0, 0, 0, 0}}));
    QVERIFY(detect::differenceOf({}, {}).totals.empty());
}

void TestFlagDiff::gainedLostAndChanged()
{
    const std::vector<Flag> before{flagOf("F-1", DetectorId::TokenBurst, Severity::High, {"1"}),
                                   flagOf("F-2", DetectorId::Lockstep, Severity::Medium, {"2"}),
                                   flagOf("F-3", DetectorId::Lockstep, Severity::Medium, {"3"})};
    const std::vector<Flag> after{flagOf("F-3", DetectorId::Lockstep, Severity::Critical, {"3"}),
                                  flagOf("F-2", DetectorId::Lockstep, Severity::Medium, {"2"}),
                                  flagOf("F-4", DetectorId::PostSurge, Severity::Low, {"4", "5"})};
    const detect::FlagDiff diff = detect::differenceOf(before, after);
    QVERIFY(!diff.isEmpty());
    QVERIFY(diff.gained == std::vector<const Flag*>{&after[2]});
    QVERIFY(diff.lost == std::vector<const Flag*>{&before[0]});
    QCOMPARE(diff.severity.size(), std::size_t{1});
    QCOMPARE(diff.severity.front().before, &before[2]);
    QCOMPARE(diff.severity.front().after, &after[0]);
    QVERIFY(diff.otherVotes.empty());
    QCOMPARE(diff.votesGained, std::uint64_t{2});
    QCOMPARE(diff.votesLost, std::uint64_t{1});
    QVERIFY(diff.totals == (std::vector<detect::DetectorTotals>{{DetectorId::TokenBurst, 1, 0, 0, 1, 0, 0},
                                                                {DetectorId::Lockstep, 2, 2, 0, 0, 1, 0},
                                                                {DetectorId::PostSurge, 0, 1, 1, 0, 0, 0}}));
}

void TestFlagDiff::votesAreCountedOnceHoweverManyFlagsNameThem()
{
    const std::vector<Flag> before{flagOf("F-1", DetectorId::TokenBurst, Severity::High, {"1", "2"})};
    const std::vector<Flag> after{flagOf("F-2", DetectorId::Metronome, Severity::High, {"2", "3"}),
                                  flagOf("F-3", DetectorId::Lockstep, Severity::High, {"3", "2"})};
    const detect::FlagDiff diff = detect::differenceOf(before, after);
    QCOMPARE(diff.votesGained, std::uint64_t{1});
    QCOMPARE(diff.votesLost, std::uint64_t{1});
}

void TestFlagDiff::otherVotesOfOneFlagAreADifference()
{
    const std::vector<Flag> before{flagOf("F-1", DetectorId::TokenBurst, Severity::High, {"1", "2"})};
    const std::vector<Flag> after{flagOf("F-1", DetectorId::TokenBurst, Severity::High, {"1", "3"})};
    const detect::FlagDiff diff = detect::differenceOf(before, after);
    QVERIFY(!diff.isEmpty());
    QCOMPARE(diff.otherVotes.size(), std::size_t{1});
    QCOMPARE(diff.totals.front().otherVotes, std::uint64_t{1});
}

void TestFlagDiff::theOrderOfVotesIsNone()
{
    const std::vector<Flag> before{flagOf("F-1", DetectorId::TokenBurst, Severity::High, {"1", "2"})};
    const std::vector<Flag> after{flagOf("F-1", DetectorId::TokenBurst, Severity::High, {"2", "1"})};
    QVERIFY(detect::differenceOf(before, after).isEmpty());
    QVERIFY(detect::differenceOf(after, before).isEmpty());
}

void TestFlagDiff::aSiteRuleHasItsTotals()
{
    const std::vector<Flag> after{flagOf("F-1", DetectorId::SiteRule, Severity::High, {"1"})};
    QCOMPARE(detect::differenceOf({}, after).totals.front().detector, DetectorId::SiteRule);
}

QTEST_APPLESS_MAIN(TestFlagDiff)
#include "tst_flag_diff.moc"
