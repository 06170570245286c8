#include <algorithm>
#include <set>

#include <QtTest>

#include "lab/race_lab.h"
#include "support/test_server.h"

using namespace scr;
using namespace scr::race;

namespace {

/// The text of reference.attend() from `from` up to `to`, and what a mutant has in its place.
struct Mutation {
    std::string from;
    std::string to;
    std::string instead;
};

/// The statement that locks the token, takes from its bucket and says whether it may vote.
const std::string kLock = "UPDATE reference.token t";
const std::string kAfterLock = "IF NOT FOUND";
const std::string kReadWithoutLock =
    "SELECT t.token_key, CASE WHEN t.revoked_at IS NOT NULL OR t.expires_at <= v_at THEN 'invalid_token' "
    "WHEN t.full_at > v_at + v_rule.token_slack THEN 'rate_limited' END INTO v_token, v_outcome "
    "FROM reference.token t, reference.hash_key k "
    "WHERE t.secret_hash = reference.hash_of(p_secret, k.inner_pad, k.outer_pad); ";
const std::string kWriteWhatWasRead = "UPDATE reference.token SET full_at = greatest(full_at, v_at) + v_rule.token_period "
                                      "WHERE token_key = v_token AND v_outcome IS NULL; IF v_token IS NULL ";

const std::string kUnique = "ON CONFLICT (token_key, post_key) DO NOTHING";
const std::string kAfterUnique = " RETURNING";

} // namespace

/// The lab against systems of which it is known what is wrong with them.
class TestRaceLab : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void referenceHolds();
    void unprotectedIsCaught();
    void withoutItsLock();
    void withoutItsUniqueKey();
    void checksAndLocksInOneStatement();
    void countsAfterItsPostWasClosed();
    void refusingEverythingProvesNothing();
    void anotherFunctionInItsPlace();
    void productionIsRefused();
    void twoPersonsAreNeededForVoids();
    void roomIsAskedForFirst();

private:
    lab::RaceReport race(const std::string& database, const std::vector<Pattern>& patterns, std::uint32_t rounds,
                         const std::string& target = "cast_vote");
    domain::Error refusal(const std::string& database, lab::RaceOptions options);
    void mutate(const std::string& database, const std::vector<Mutation>& mutations);

    test::TestServer m_server;
};

void TestRaceLab::initTestCase()
{
    m_server.createSource("reference", "reference");
    m_server.createSource("unprotected", "unprotected");
}

lab::RaceReport TestRaceLab::race(const std::string& database, const std::vector<Pattern>& patterns, std::uint32_t rounds,
                                  const std::string& target)
{
    const std::atomic<bool> stop = false;
    lab::RaceOptions options;
    options.target = target;
    options.patterns = patterns;
    options.connections = 32;
    options.rounds = rounds;
    const auto report = lab::raceAll(
        m_server.target(database), options,
        {[](Pattern, std::uint64_t, std::uint64_t) {}, [](const Journal&) { return domain::Status{domain::Nothing{}}; }}, stop);
    if (!report)
        throw std::runtime_error{sentenceOf(report.error())};
    return *report;
}

domain::Error TestRaceLab::refusal(const std::string& database, lab::RaceOptions options)
{
    const std::atomic<bool> stop = false;
    options.patterns = {Pattern::SamePost};
    const auto report = lab::raceAll(
        m_server.target(database), options,
        {[](Pattern, std::uint64_t, std::uint64_t) {}, [](const Journal&) { return domain::Status{domain::Nothing{}}; }}, stop);
    return report ? domain::Error{} : report.error();
}

/// A source of its own in which attend() is not what it should be.
void TestRaceLab::mutate(const std::string& database, const std::vector<Mutation>& mutations)
{
    m_server.createSource(database, "reference");
    std::string body = m_server.queryText(database, "SELECT pg_get_functiondef('reference.attend'::regproc)");
    for (const Mutation& mutation : mutations) {
        const auto from = body.find(mutation.from);
        const auto to = body.find(mutation.to, from);
        if (from == std::string::npos || to == std::string::npos)
            throw std::runtime_error{"attend() has no more the part to be mutated: " + mutation.from};
        body.replace(from, to - from, mutation.instead);
    }
    m_server.execute(database, body);
}

namespace {

std::set<Breach> kindsOf(const lab::PatternReport& report)
{
    std::set<Breach> kinds;
    for (const Violation& violation : report.violations)
        kinds.insert(violation.breach);
    return kinds;
}

const lab::PatternReport& reportOf(const lab::RaceReport& report, Pattern pattern)
{
    return *std::ranges::find(report.patterns, pattern, &lab::PatternReport::pattern);
}

} // namespace

void TestRaceLab::referenceHolds()
{
    const lab::RaceReport report = race("reference", {kPatterns.begin(), kPatterns.end()}, 8);
    QCOMPARE(report.patterns.size(), kPatterns.size());
    for (const lab::PatternReport& one : report.patterns) {
        QVERIFY2(one.hindrance.empty(), one.hindrance.c_str());
        QVERIFY2(one.violations.empty(),
                 (std::string{nameOf(one.pattern)} + ": " + (one.violations.empty() ? "" : one.violations[0].what)).c_str());
        QCOMPARE(one.rounds, 8U);
        QVERIFY(one.accepted > 0);
    }
    QVERIFY(report.holds());
    QVERIFY(reportOf(report, Pattern::LostConnections).answered <
            reportOf(report, Pattern::LostConnections).calls); // connections did break
    QCOMPARE(m_server.queryText("reference", "SELECT count(*) FROM reference.token WHERE revoked_at IS NULL"), std::string{"0"});
}

/// In every pattern that can break it, and the lab says what broke.
void TestRaceLab::unprotectedIsCaught()
{
    const lab::RaceReport report = race("unprotected", {kPatterns.begin(), kPatterns.end()}, 10);
    QVERIFY(kindsOf(reportOf(report, Pattern::SamePost)).contains(Breach::SecondVote));
    QVERIFY(kindsOf(reportOf(report, Pattern::SamePost)).contains(Breach::WrongScore));
    QVERIFY(kindsOf(reportOf(report, Pattern::SameRequest)).contains(Breach::DifferentAnswers));
    QVERIFY(kindsOf(reportOf(report, Pattern::RateEdge)).contains(Breach::OverLimit));
    QVERIFY(kindsOf(reportOf(report, Pattern::VoidAndCast)).contains(Breach::WrongScore));
    QVERIFY(kindsOf(reportOf(report, Pattern::RevokeAndCast)).contains(Breach::AfterRevoking));
    QVERIFY(kindsOf(reportOf(report, Pattern::LostConnections)).contains(Breach::NotLogged));
    QVERIFY(!reportOf(report, Pattern::ChangeAndCast).hindrance.empty());
    QVERIFY(!reportOf(report, Pattern::CloseAndCast).hindrance.empty());
    QVERIFY(reportOf(report, Pattern::TwoVoids).violations.empty()); // voids are Scrutineer's own
    QVERIFY(!report.holds());
}

/// The token is read as it was, and its bucket written from what was read.
void TestRaceLab::withoutItsLock()
{
    mutate("lockless", {{kLock, kAfterLock, kReadWithoutLock}, {kAfterLock, "THEN", kWriteWhatWasRead}});
    const lab::RaceReport report = race("lockless", {Pattern::SamePost, Pattern::RateEdge, Pattern::RevokeAndCast}, 10);
    QVERIFY(kindsOf(reportOf(report, Pattern::RateEdge)).contains(Breach::OverLimit));
}

void TestRaceLab::withoutItsUniqueKey()
{
    mutate("keyless", {{kUnique, kAfterUnique, "ON CONFLICT DO NOTHING"}});
    m_server.execute("keyless", "ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE");
    const lab::RaceReport report = race("keyless", {Pattern::SamePost}, 2);
    QVERIFY(kindsOf(reportOf(report, Pattern::SamePost)).contains(Breach::SecondVote));
}

/// What FOR UPDATE waits for is looked at again, and NOT EXISTS in the same statement is not.
void TestRaceLab::checksAndLocksInOneStatement()
{
    mutate("onestep", {{"RETURNING t.token_key", ",",
                        "AND NOT EXISTS (SELECT FROM reference.vote v WHERE v.token_key = t.token_key AND "
                        "v.post_key = p_post) RETURNING t.token_key"},
                       {kUnique, kAfterUnique, "ON CONFLICT DO NOTHING"}});
    m_server.execute("onestep", "ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE");
    const lab::RaceReport report = race("onestep", {Pattern::SamePost}, 10);
    QVERIFY(kindsOf(reportOf(report, Pattern::SamePost)).contains(Breach::SecondVote));
    QCOMPARE(m_server.queryText(
                 "onestep",
                 "INSERT INTO reference.post (post_key) VALUES (9999); SELECT reference.issue_token('x', 'x', 9999);"
                 "SELECT (reference.cast_vote('x', 9999, 1)).outcome; SELECT (reference.cast_vote('x', 9999, 1)).outcome"),
             std::string{"invalid_token"}); // one after the other it refuses
}

/// A vote that is on its way when its post is closed, and does not look at the fence.
void TestRaceLab::countsAfterItsPostWasClosed()
{
    mutate("fenceless", {{" WHERE NOT t.closed", ";", ""},
                         {"INSERT INTO reference.tally", "(", "PERFORM pg_sleep(0.05); INSERT INTO reference.tally AS t "}});
    const lab::RaceReport report = race("fenceless", {Pattern::CloseAndCast}, 5);
    QVERIFY(kindsOf(reportOf(report, Pattern::CloseAndCast)).contains(Breach::AfterClosing));
}

void TestRaceLab::refusingEverythingProvesNothing()
{
    mutate("refusing", {{"v_outcome  text;", "\n", "v_outcome  text := 'closed';"},
                        {"RETURN (v_outcome", ";", "RETURN ('closed', NULL)::reference.answer"}});
    const lab::RaceReport report = race("refusing", {Pattern::SameRequest}, 1);
    QVERIFY(!report.proves());
}

void TestRaceLab::anotherFunctionInItsPlace()
{
    m_server.execute("reference",
                     "CREATE SCHEMA mine; CREATE FUNCTION mine.vote(s text, p bigint, v real, o inet, k text, OUT outcome text, "
                     "OUT vote_key bigint) "
                     "LANGUAGE plpgsql AS $$ BEGIN SELECT * INTO outcome, vote_key FROM reference.cast_vote(s, p, v, o, k); "
                     "IF outcome = 'duplicate' THEN outcome := 'accepted'; END IF; END $$");
    const lab::RaceReport report = race("reference", {Pattern::SamePost}, 2, "mine.vote");
    QCOMPARE(report.target, std::string{"mine.vote"});
    QVERIFY(kindsOf(report.patterns[0]).contains(Breach::AcceptedTwice));
    QVERIFY(kindsOf(report.patterns[0]).contains(Breach::NotLogged)); // the log says duplicate
    lab::RaceOptions options;
    options.target = "mine.nothing";
    QVERIFY(refusal("reference", options).fault == domain::Fault::NotFound);
    options.target = "reference.close_post";
    QVERIFY(refusal("reference", options).fault == domain::Fault::Invalid);
}

void TestRaceLab::productionIsRefused()
{
    m_server.createSource("live", "reference");
    m_server.execute("live", "UPDATE scrutineer.setting SET environment = 'production'");
    const domain::Error error = refusal("live", {});
    QVERIFY(error.fault == domain::Fault::Rejected);
    QVERIFY2(error.detail.find("production") != std::string::npos, error.detail.c_str());
    QCOMPARE(m_server.queryText("live", "SELECT count(*) FROM reference.post"), std::string{"0"});
    m_server.createDatabase("foreign");
    QVERIFY(refusal("foreign", {}).fault == domain::Fault::Rejected);
}

void TestRaceLab::twoPersonsAreNeededForVoids()
{
    m_server.createSource("pair", "reference", true);
    const lab::RaceReport report = race("pair", {Pattern::TwoVoids}, 1);
    QVERIFY(!report.patterns[0].hindrance.empty());
    QVERIFY(report.holds());
}

void TestRaceLab::roomIsAskedForFirst()
{
    lab::RaceOptions options;
    options.connections = 500;
    const domain::Error error = refusal("reference", options);
    QVERIFY2(error.remedy.find("max_connections") != std::string::npos, error.remedy.c_str());
}

QTEST_GUILESS_MAIN(TestRaceLab)
#include "tst_race_lab.moc"
