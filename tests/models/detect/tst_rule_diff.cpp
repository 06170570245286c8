#include <QTest>

#include "detect/rule_diff.h"
#include "domain/flag.h"

using namespace scr;
using namespace std::chrono_literals;
using detect::RuleChange;

class TestRuleDiff : public QObject {
    Q_OBJECT
private slots:
    void theSameRulesDoNotDiffer();
    void anotherVersionIsNoDifference();
    void eachThresholdThatDiffersIsNamed();
    void bothLengthsOfTimeHaveOneUnit();
    void whatDiffersBeyondTheSixthDigitIsShown();
    void everyDetectorIsCompared();
};

void TestRuleDiff::theSameRulesDoNotDiffer()
{
    QVERIFY(detect::changesOf(detect::defaultRules(), detect::defaultRules()).empty());
}

void TestRuleDiff::anotherVersionIsNoDifference()
{
    detect::Rules rules = detect::defaultRules();
    rules.version = "mine";
    QVERIFY(detect::changesOf(detect::defaultRules(), rules).empty());
}

void TestRuleDiff::eachThresholdThatDiffersIsNamed()
{
    detect::Rules before = detect::defaultRules();
    before.flagsPerDetector = 100;
    before.tokenBurst.highVotes = 20;
    before.tokenBurst.batchShare = 0.07;
    detect::Rules after = before;
    after.flagsPerDetector = 50;
    after.tokenBurst.highVotes = 25;
    after.tokenBurst.batchShare = 0.5;
    const std::vector<RuleChange> expected{{"limits", "flags_per_detector", "100", "50", ""},
                                           {"token_burst", "high_votes", "20", "25", ""},
                                           {"token_burst", "batch_share", "7", "50", "%"}};
    QVERIFY(detect::changesOf(before, after) == expected);
}

void TestRuleDiff::bothLengthsOfTimeHaveOneUnit()
{
    detect::Rules before = detect::defaultRules();
    before.duplicateVotes.raceWindow = 250ms;
    detect::Rules after = before;
    after.duplicateVotes.raceWindow = 2s;
    const std::vector<RuleChange> expected{{"duplicate_votes", "race_window", "250", "2000", "ms"}};
    QVERIFY(detect::changesOf(before, after) == expected);
    before.duplicateVotes.raceWindow = 2min;
    QCOMPARE(detect::changesOf(before, after).front().unit, std::string{"s"});
}

void TestRuleDiff::whatDiffersBeyondTheSixthDigitIsShown()
{
    detect::Rules before = detect::defaultRules();
    before.metronome.maxProbability = 0.001;
    detect::Rules after = before;
    after.metronome.maxProbability = 0.00100000001;
    const std::vector<RuleChange> changes = detect::changesOf(before, after);
    QCOMPARE(changes.size(), std::size_t{1});
    QVERIFY2(changes.front().before != changes.front().after, changes.front().after.c_str());
}

void TestRuleDiff::everyDetectorIsCompared()
{
    detect::Rules after = detect::defaultRules();
    ++after.duplicateVotes.manyVotes;
    ++after.impossibleVotes.highVotes;
    after.counterDrift.highPoints += 1;
    ++after.concurrentAttempts.attempts;
    ++after.attemptFanOut.posts;
    ++after.unloggedVotes.votes;
    ++after.probing.refusals;
    ++after.tokenBurst.ownGaps;
    after.metronome.tolerance += 0.01;
    after.timetable.factor += 1;
    after.serialVoter.factor += 1;
    ++after.voteRing.members;
    ++after.subnetSocks.tokens;
    ++after.tokenMint.tokens;
    ++after.tokenHopping.posts;
    ++after.lockstep.posts;
    ++after.denseBlock.members;
    ++after.postSurge.suspects;
    std::vector<std::string> sections;
    for (const RuleChange& change : detect::changesOf(detect::defaultRules(), after))
        sections.push_back(change.section);
    std::vector<std::string> detectors;
    for (const domain::DetectorId detector : domain::kDetectors)
        detectors.emplace_back(domain::nameOf(detector));
    QVERIFY(sections == detectors);
}

QTEST_APPLESS_MAIN(TestRuleDiff)
#include "tst_rule_diff.moc"
