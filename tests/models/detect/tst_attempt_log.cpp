#include <functional>

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
constexpr qint64 kHour = 3600 * kSecond;
constexpr qint64 kStart = 1'773'000'000'000'007;

/// Two days of a site that logs each attempt: 200 tokens, 40 posts, every tenth attempt a second vote that was refused.
struct LoggedSite {
    test::ScanBuilder builder;

    /// `isLogged` by the number and the time of a vote.
    explicit LoggedSite(const std::function<bool(int, qint64)>& isLogged = [](int, qint64) { return true; })
    {
        for (int vote = 0; vote < 6000; ++vote) {
            const qint64 at = vote * 28 * kSecond;
            cast(vote % 200, static_cast<int>(detect::spread(std::uint64_t(vote)) % 40), at, isLogged(vote, at));
        }
    }
    void cast(int token, int post, qint64 at, bool isLogged)
    {
        const std::string who = std::to_string(token);
        const std::string where = std::to_string(post);
        const std::string key = builder.vote(who, where, kStart + at);
        if (isLogged)
            builder.attempt(who, where, kStart + at, 2000, AttemptOutcome::Accepted, key, "10.0.0.1");
        if (builder.input.votes.size() % 10 == 0)
            builder.attempt(who, where, kStart + at + 2 * kSecond, 2000, AttemptOutcome::Duplicate, {}, "10.0.0.1");
    }
    void refused(const std::string& token, int post, qint64 at, AttemptOutcome outcome, const char* origin = "10.0.0.7")
    {
        builder.attempt(token, std::to_string(post), kStart + at, 2000, outcome, {}, origin);
    }
    [[nodiscard]] std::vector<Flag> flags(DetectorId detector) const { return flagsOf(builder.input, detector); }
};

} // namespace

/// What the log of attempts says beside the votes.
class TestAttemptLog : public QObject {
    Q_OBJECT
private slots:
    void votesPastTheLogAreNamed();
    void aFewLostEntriesAccuseNobody();
    void anHourWithoutLogAccusesNobody();
    void aLogOfAFewAttemptsSaysSo();
    void manyVotesPastTheLogAreNamed();
    void aLogThatBeganLaterAccusesNobody();
    void votesWithTextKeysAreFound();
    void enumerationIsToldInOrder();
    void tokensThatNobodyHasAreToldByTheirAddress();
    void oldTokensBehindABusyLineAreNothing();
    void oneFloodHidesNobody();
    void refusalsThatEverybodyMeetsAreNothing();
    void theRateLimitAloneIsLow();
};

void TestAttemptLog::votesPastTheLogAreNamed()
{
    LoggedSite site;
    for (int vote = 0; vote < 12; ++vote)
        site.cast(300 + vote, 7, 20 * kHour + vote * kSecond, false);
    const auto flags = site.flags(DetectorId::UnloggedVotes);
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.kind, SubjectKind::Post);
    QCOMPARE(flag.subject.key, std::string{"7"});
    QCOMPARE(flag.severity, Severity::High);
    QCOMPARE(flag.votes.size(), std::size_t{12});
    QCOMPARE(flag.votes.front().text, std::string{"v6001"});
    QVERIFY(flag.extraVotes == flag.votes);
    QVERIFY2(says(flag.explanation, "12 counted votes on this post, cast within 11 s, are in no attempt of the log"),
             flag.explanation.c_str());
    QVERIFY(!flag.belowReviewLine && flag.falseShare && *flag.falseShare < 1e-3);
    QVERIFY(!flag.clearsIf.empty() && !flag.counterEvidence.empty());
    QCOMPARE(std::get<AttemptWaterfall>(flag.evidence).bars.size(), std::size_t{12});
}

void TestAttemptLog::aFewLostEntriesAccuseNobody()
{
    LoggedSite site;
    for (int vote = 0; vote < 50; ++vote) // one in a hundred and twenty, here and there
        site.cast(300 + vote, vote % 40, vote * kHour - 1, false);
    QVERIFY(site.flags(DetectorId::UnloggedVotes).empty());
}

/// The post that is busy just then loses the most.
void TestAttemptLog::anHourWithoutLogAccusesNobody()
{
    LoggedSite site{[](int, qint64 at) { return at < 20 * kHour || at >= 20 * kHour + kHour / 3; }};
    for (int vote = 0; vote < 24; ++vote)
        site.cast(300 + vote, 7, 20 * kHour + vote * 45 * kSecond, false);
    site.cast(350, 7, 12 * kHour, false); // and one long before
    QVERIFY(site.flags(DetectorId::UnloggedVotes).empty());
}

void TestAttemptLog::aLogOfAFewAttemptsSaysSo()
{
    LoggedSite site{[](int vote, qint64) { return vote % 50 == 0; }};
    for (int vote = 0; vote < 200; ++vote)
        site.cast(300 + vote, 7, 20 * kHour + vote * kSecond, false);
    detect::ScanOptions options;
    options.detectors = {DetectorId::UnloggedVotes};
    const auto report = detect::scan(site.builder.input, detect::defaultRules(), options, {});
    QVERIFY(report && report->flags.empty());
    QCOMPARE(report->skipped.size(), std::size_t{1});
    QVERIFY2(says(report->skipped.front().reason, "for 1.9"), report->skipped.front().reason.c_str());
}

/// The more there are, the less would the log be complete: without them it is.
void TestAttemptLog::manyVotesPastTheLogAreNamed()
{
    LoggedSite site;
    for (int vote = 0; vote < 600; ++vote)
        site.cast(300 + vote, 7, 20 * kHour + vote * kSecond, false);
    const auto flags = site.flags(DetectorId::UnloggedVotes);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Critical);
}

void TestAttemptLog::aLogThatBeganLaterAccusesNobody()
{
    LoggedSite site;
    for (int vote = 0; vote < 40; ++vote)
        site.cast(300 + vote, 7, -10 * kHour + vote * kSecond, false);
    QVERIFY(site.flags(DetectorId::UnloggedVotes).empty());
}

/// Numbers and texts are hashed in different ways; "v1" and the like are texts, so numbers are what is left to try.
void TestAttemptLog::votesWithTextKeysAreFound()
{
    LoggedSite site;
    VoteColumns& votes = site.builder.input.votes;
    AttemptColumns& attempts = site.builder.input.attempts;
    for (int vote = 0; vote < 8; ++vote)
        site.cast(300 + vote, 7, 20 * kHour + vote * kSecond, false);
    const auto numbered = [](const KeyList& keys) {
        KeyList numbers;
        for (std::size_t row = 0; row < keys.size(); ++row)
            numbers.push(std::string_view{keys.at(row)}.substr(std::min<std::size_t>(1, keys.at(row).size())));
        return numbers;
    };
    votes.voteKeys = numbered(votes.voteKeys);
    attempts.votes = numbered(attempts.votes);
    const auto flags = site.flags(DetectorId::UnloggedVotes);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().votes.front().text, std::string{"6001"});
    QCOMPARE(flags.front().severity, Severity::High);
}

void TestAttemptLog::enumerationIsToldInOrder()
{
    LoggedSite site;
    for (int post = 0; post < 80; ++post)
        site.refused("thief", 1000 + post, 30 * kHour + post * 3 * kSecond, AttemptOutcome::Closed);
    const auto flags = site.flags(DetectorId::Probing);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().subject.key, std::string{"thief"});
    QCOMPARE(flags.front().severity, Severity::High);
    QVERIFY(flags.front().votes.empty());
    QVERIFY(says(flags.front().explanation, "80 of 80 attempts of this token were refused within 3 min 57 s: 80 because the post "
                                            "was closed. They went to 80 different posts, 100 % of the steps to the next higher "
                                            "number: the posts are tried one by one."));
    QCOMPARE(std::get<AttemptWaterfall>(flags.front().evidence).bars.size(), std::size_t{80});
}

void TestAttemptLog::tokensThatNobodyHasAreToldByTheirAddress()
{
    LoggedSite site;
    for (int guess = 0; guess < 40; ++guess)
        site.refused({}, 3, 30 * kHour + guess * kSecond, AttemptOutcome::InvalidToken, "203.0.113.9");
    const auto flags = site.flags(DetectorId::Probing);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().subject.kind, SubjectKind::Subnet);
    QCOMPARE(flags.front().subject.key, std::string{"203.0.113.0/24"});
    QCOMPARE(flags.front().severity, Severity::Medium);
    QVERIFY(says(flags.front().headline, "tokens that nobody has"));
}

void TestAttemptLog::oldTokensBehindABusyLineAreNothing()
{
    LoggedSite site;
    for (int guess = 0; guess < 25; ++guess)
        site.refused({}, 3, 30 * kHour + guess * kSecond, AttemptOutcome::InvalidToken, "10.0.0.1");
    for (int other = 0; other < 200; ++other) // others have some as well
        site.refused({}, 3, 31 * kHour + other * kSecond, AttemptOutcome::InvalidToken,
                     ("192.0." + std::to_string(other) + ".1").c_str());
    QVERIFY(site.flags(DetectorId::Probing).empty());
}

/// A second attacker is seen as well as if the first one were not there.
void TestAttemptLog::oneFloodHidesNobody()
{
    LoggedSite site;
    for (int guess = 0; guess < 9000; ++guess)
        site.refused("flood", 3, 30 * kHour + guess * kSecond / 10, AttemptOutcome::InvalidInput);
    for (int guess = 0; guess < 25; ++guess)
        site.refused("quiet", 3, 31 * kHour + guess * kSecond, AttemptOutcome::Closed);
    QCOMPARE(site.flags(DetectorId::Probing).size(), std::size_t{2});
}

void TestAttemptLog::refusalsThatEverybodyMeetsAreNothing()
{
    LoggedSite site;
    for (int attempt = 0; attempt < 6000; ++attempt)
        site.refused(std::to_string(attempt % 200), attempt % 40, attempt * 28 * kSecond, AttemptOutcome::Closed);
    for (int attempt = 0; attempt < 30; ++attempt) // and one who meets more of them
        site.refused("5", attempt, 30 * kHour + attempt * kSecond, AttemptOutcome::Closed);
    QVERIFY(site.flags(DetectorId::Probing).empty());
}

void TestAttemptLog::theRateLimitAloneIsLow()
{
    LoggedSite site;
    for (int attempt = 0; attempt < 900; ++attempt)
        site.refused("9", 3, 30 * kHour + attempt * kSecond, AttemptOutcome::RateLimited);
    site.refused("9", 3, 31 * kHour, AttemptOutcome::Closed);
    const auto flags = site.flags(DetectorId::Probing);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Low);
}

QTEST_GUILESS_MAIN(TestAttemptLog)
#include "tst_attempt_log.moc"
