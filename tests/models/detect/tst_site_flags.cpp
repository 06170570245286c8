#include <QTest>

#include "detect/site_flags.h"

using namespace scr;
using domain::DetectorId;
using domain::Flag;

namespace {

domain::SiteRule ruleOf(const char* name)
{
    domain::SiteRule rule;
    rule.file = std::string{name} + ".sql";
    rule.name = name;
    rule.severity = domain::Severity::High;
    rule.clearsIf = "never";
    rule.version = "sql-1";
    return rule;
}

domain::SiteFinding findingOn(const char* subject, double score, std::initializer_list<const char*> votes)
{
    domain::SiteFinding finding{subject, {}, score, "because"};
    for (const char* vote : votes)
        finding.votes.push_back({domain::VoteKey{vote}, domain::TokenKey{"t"}, domain::PostKey{vote},
                                 domain::timeOf(1'773'324'000'000'000 + std::stoll(vote) * 1'000'000)});
    return finding;
}

} // namespace

class TestSiteFlags : public QObject {
    Q_OBJECT
private slots:
    void aFindingIsAWholeFlag();
    void rulesWithOtherNamesHaveOtherKeys();
    void theWorstAreKept();
    void ownFlagsStayInTheirOrder();
    void skippedRulesAreListed();
};

void TestSiteFlags::aFindingIsAWholeFlag()
{
    detect::ScanReport report;
    domain::SiteRule rule = ruleOf("night_votes");
    rule.title = "Votes of the night";
    detect::addSiteFlags(report, {{{rule, {findingOn("crowd", 2.5, {"3", "5"})}}}, {}}, detect::defaultRules());
    QCOMPARE(report.flags.size(), std::size_t{1});
    const Flag& flag = report.flags.front();
    QCOMPARE(flag.detector, DetectorId::SiteRule);
    QCOMPARE(flag.siteRule, std::string{"night_votes"});
    QCOMPARE(flag.ruleVersion, std::string{"sql-1"});
    QCOMPARE(flag.headline, std::string{"Votes of the night (site rule night_votes)"});
    QCOMPARE(flag.summary, std::string{"2 votes of 1 token in 2 s"});
    QCOMPARE(flag.explanation, std::string{"because"});
    QCOMPARE(flag.clearsIf, std::string{"never"});
    QCOMPARE(flag.subject.kind, domain::SubjectKind::Group);
    QCOMPARE(flag.subject.key, std::string{"crowd"});
    QCOMPARE(flag.to - flag.from, domain::Micros{2'000'000});
    QVERIFY(flag.extraVotes == flag.votes);
    QVERIFY(flag.votes == (std::vector{domain::VoteKey{"3"}, domain::VoteKey{"5"}}));
    QVERIFY(flag.tokens == std::vector{domain::TokenKey{"t"}});
    QVERIFY(flag.posts == (std::vector{domain::PostKey{"3"}, domain::PostKey{"5"}}));
}

void TestSiteFlags::rulesWithOtherNamesHaveOtherKeys()
{
    detect::ScanReport report;
    const auto finding = findingOn("crowd", 1, {"3"});
    detect::addSiteFlags(report, {{{ruleOf("one"), {finding}}, {ruleOf("two"), {finding}}}, {}}, detect::defaultRules());
    QCOMPARE(report.flags.size(), std::size_t{2});
    QVERIFY(report.flags[0].key != report.flags[1].key);
}

void TestSiteFlags::theWorstAreKept()
{
    detect::Rules rules = detect::defaultRules();
    rules.flagsPerDetector = 2;
    detect::ScanReport report;
    detect::addSiteFlags(
        report, {{{ruleOf("one"), {findingOn("a", 1, {"1"}), findingOn("b", 3, {"2"}), findingOn("c", 2, {"3"})}}}, {}}, rules);
    QCOMPARE(report.flags.size(), std::size_t{2});
    QCOMPARE(report.flags[0].subject.key, std::string{"b"});
    QCOMPARE(report.flags[1].subject.key, std::string{"c"});
    QVERIFY(report.leftOut == (std::vector<detect::LeftOutFlags>{{DetectorId::SiteRule, 1, "one"}}));
}

void TestSiteFlags::ownFlagsStayInTheirOrder()
{
    detect::ScanReport report;
    for (const domain::Severity severity : {domain::Severity::Critical, domain::Severity::Medium}) {
        Flag flag;
        flag.severity = severity;
        report.flags.push_back(flag);
    }
    detect::addSiteFlags(report, {{{ruleOf("one"), {findingOn("a", 1, {"1"})}}}, {}}, detect::defaultRules());
    QCOMPARE(report.flags.size(), std::size_t{3});
    QCOMPARE(report.flags[1].siteRule, std::string{"one"});
    QCOMPARE(report.flags[2].severity, domain::Severity::Medium);
}

void TestSiteFlags::skippedRulesAreListed()
{
    detect::ScanReport report;
    detect::addSiteFlags(report, {{}, {{"one", "It took too long"}}}, detect::defaultRules());
    QVERIFY(report.skipped == (std::vector<detect::SkippedDetector>{{DetectorId::SiteRule, "It took too long", "one"}}));
}

QTEST_APPLESS_MAIN(TestSiteFlags)
#include "tst_site_flags.moc"
