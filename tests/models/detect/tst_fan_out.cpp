#include <QTest>

#include "detect/bounded_table.h"
#include "scan_asks.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;
using test::flagsOf;
using test::says;

namespace {

constexpr qint64 kMilli = 1000;
constexpr qint64 kSecond = 1000 * kMilli;
constexpr qint64 kHour = 3600 * kSecond;
constexpr qint64 kStart = 1'773'000'000'000'007;

/// A day of a site that logs each attempt with its address: 200 tokens, 60 posts.
struct LoggedSite {
    test::ScanBuilder builder;

    LoggedSite()
    {
        for (int vote = 0; vote < 3000; ++vote) {
            const std::uint64_t dice = detect::spread(std::uint64_t(vote));
            accepted(std::to_string(vote % 200), static_cast<int>(dice % 60),
                     vote * 28 * kSecond + static_cast<qint64>(dice % kSecond), "10.0.0." + std::to_string(vote % 200));
        }
    }
    void accepted(const std::string& token, int post, qint64 at, const std::string& origin, qint64 late = 0)
    {
        const std::string key = builder.vote(token, std::to_string(post), kStart + at - late);
        builder.attempt(token, std::to_string(post), kStart + at, 2000, AttemptOutcome::Accepted, key, origin);
    }
    void refused(const std::string& token, int post, qint64 at, const std::string& origin)
    {
        builder.attempt(token, std::to_string(post), kStart + at, 2000, AttemptOutcome::RateLimited, {}, origin);
    }
    [[nodiscard]] std::vector<Flag> flags() const { return flagsOf(builder.input, DetectorId::AttemptFanOut); }
};

} // namespace

/// One script that sends many attempts in one moment.
class TestFanOut : public QObject {
    Q_OBJECT
private slots:
    void oneTokenOnManyPostsIsNamed();
    void oneAddressWithManyTokensIsNamed();
    void whatWasRefusedIsLow();
    void fivePostsAreNotEnough();
    void repeatsOnOnePostAreNotIt();
    void votesKeptUntilThereWasANetworkAreNothing();
    void theSitesOwnClientIsARemark();
    void timesOfWholeSecondsCannotTell();
};

void TestFanOut::oneTokenOnManyPostsIsNamed()
{
    LoggedSite site;
    for (int post = 0; post < 9; ++post)
        site.accepted("script", post, 10 * kHour + post * 10 * kMilli, "10.0.7.1");
    for (int post = 20; post < 26; ++post) // and again
        site.accepted("script", post, 11 * kHour + post * 10 * kMilli, "10.0.7.1");
    site.accepted("script", 40, 12 * kHour, "10.0.7.1"); // by hand
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.kind, SubjectKind::Token);
    QCOMPARE(flag.subject.key, std::string{"script"});
    QCOMPARE(flag.severity, Severity::High);
    QCOMPARE(flag.votes.size(), std::size_t{15});
    QVERIFY(flag.votes == flag.extraVotes);
    QCOMPARE(flag.posts.size(), std::size_t{15});
    QVERIFY2(says(flag.explanation, "This token sent 15 attempts at once, for up to 9 posts within 100 ms."),
             flag.explanation.c_str());
    QCOMPARE(std::get<AttemptWaterfall>(flag.evidence).bars.size(), std::size_t{15});
}

void TestFanOut::oneAddressWithManyTokensIsNamed()
{
    LoggedSite site;
    for (int token = 0; token < 21; ++token)
        site.accepted("puppet" + std::to_string(token), 5, 10 * kHour + token * 4 * kMilli, "203.0.113.9");
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().subject.kind, SubjectKind::Subnet);
    QCOMPARE(flags.front().subject.post.text, std::string{"5"});
    QCOMPARE(flags.front().severity, Severity::Critical);
    QCOMPARE(flags.front().tokens.size(), std::size_t{21});
    QVERIFY2(says(flags.front().explanation, "The address 203.0.113.9 sent 21 attempts on post 5"),
             flags.front().explanation.c_str());
}

void TestFanOut::whatWasRefusedIsLow()
{
    LoggedSite site;
    for (int post = 0; post < 9; ++post)
        site.refused("script", post, 10 * kHour + post * 10 * kMilli, "10.0.7.1");
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Low);
    QVERIFY(flags.front().votes.empty());
    QCOMPARE(flags.front().posts.size(), std::size_t{9});
    QVERIFY(says(flags.front().explanation, "None was counted, refused were 9 by the rate limit"));
}

void TestFanOut::fivePostsAreNotEnough()
{
    LoggedSite site;
    for (int post = 0; post < 5; ++post)
        site.accepted("quick", post, 10 * kHour + post * 10 * kMilli, "10.0.7.1");
    for (int post = 10; post < 20; ++post) // and ten within two seconds
        site.accepted("quicker", post, 10 * kHour + post * 200 * kMilli, "10.0.7.1");
    QVERIFY(site.flags().empty());
}

/// Those are a race.
void TestFanOut::repeatsOnOnePostAreNotIt()
{
    LoggedSite site;
    for (int attempt = 0; attempt < 30; ++attempt)
        site.refused("racer", 3, 10 * kHour + attempt * kMilli, "10.0.7.1");
    QVERIFY(site.flags().empty());
}

/// Once, and by another token twice, hours apart.
void TestFanOut::votesKeptUntilThereWasANetworkAreNothing()
{
    LoggedSite site;
    for (int post = 0; post < 12; ++post)
        site.accepted("traveller", post, 10 * kHour + post * 5 * kMilli, "10.0.7.1", kHour + post * 40 * kSecond);
    QVERIFY(site.flags().empty());
    for (int vote = 0; vote < 22; ++vote) {
        const qint64 sent = vote < 9 ? kHour : 9 * kHour;
        site.accepted("300", vote, sent + vote, "10.1.1.1", (20 + vote) * 60 * kSecond);
    }
    QVERIFY(site.flags().empty());
}

void TestFanOut::theSitesOwnClientIsARemark()
{
    LoggedSite site;
    for (int token = 0; token < 60; ++token) {
        for (int post = 0; post < 8; ++post)
            site.accepted(std::to_string(token), 100 + post, (token % 20) * kHour + token * kSecond + post * 5 * kMilli,
                          "10.0.0." + std::to_string(token));
    }
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{60});
    for (const Flag& flag : flags) {
        QCOMPARE(flag.severity, Severity::Low);
        QVERIFY(says(flag.counterEvidence, "60 tokens do so"));
    }
}

void TestFanOut::timesOfWholeSecondsCannotTell()
{
    LoggedSite site;
    for (int post = 0; post < 9; ++post)
        site.accepted("reader", post, 10 * kHour, "10.0.7.1");
    for (std::int64_t& at : site.builder.input.attempts.attemptedAt)
        at -= at % kSecond;
    for (const Flag& flag : site.flags())
        QCOMPARE(flag.severity, Severity::Low);
}

QTEST_GUILESS_MAIN(TestFanOut)
#include "tst_fan_out.moc"
