#include <QTest>

#include <set>

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
constexpr qint64 kStart = 1'772'928'000'000'000;
constexpr const char* kHome = "10.9.8.7";

/// Three days, 600 people at home with some 20 votes each on 900 posts.
struct Site {
    test::ScanBuilder builder;

    Site()
    {
        for (int vote = 0; vote < 12'000; ++vote) {
            const std::uint64_t dice = detect::spread(std::uint64_t(vote));
            const std::uint64_t person = dice % 600;
            cast("person" + std::to_string(person), static_cast<int>(dice / 600 % 900), vote * 21 * kSecond, 1,
                 "172.16." + std::to_string(person % 250) + "." + std::to_string(person / 250 + 1));
        }
    }
    void cast(const std::string& token, int post, qint64 at, float value = 1, const std::string& origin = kHome)
    {
        builder.vote(token, std::to_string(post), kStart + at, value, origin);
    }
    /// Each token on each post, a few seconds apart.
    void hop(int tokens, int posts, qint64 from = 20 * kHour)
    {
        for (int post = 0; post < posts; ++post) {
            for (int token = 0; token < tokens; ++token)
                cast("alt" + std::to_string(token), 100 + 7 * post, from + post * 3 * kMinute + token * 20 * kSecond,
                     post % 5 == 0 ? -1 : 1);
        }
    }
    [[nodiscard]] std::vector<Flag> flags() const { return flagsOf(builder.input, DetectorId::TokenHopping); }
};

} // namespace

/// One person with several tokens.
class TestTokenHopping : public QObject {
    Q_OBJECT
private slots:
    void threeTokensByTurnsAreNamed();
    void theFirstVoteOfAPostStays();
    void twoThatDoNothingElseAreMedium();
    void twoThatAlsoVoteApartAreLow();
    void aHouseholdThatReadsAtOneTimeIsNot();
    void aSharedLineIsNot();
    void aFewPostsAreNot();
};

void TestTokenHopping::threeTokensByTurnsAreNamed()
{
    Site site;
    site.hop(3, 12);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.kind, SubjectKind::Group);
    QCOMPARE(flag.tokens.size(), std::size_t{3});
    QCOMPARE(flag.votes.size(), std::size_t{36});
    QCOMPARE(flag.severity, Severity::Medium);
    QCOMPARE(flag.summary, std::string{"3 tokens by turns on 12 posts"});
    QVERIFY2(says(flag.explanation, "one address of 10.9.8.0/24"), flag.explanation.c_str());
    QCOMPARE(std::get<LockstepMatrix>(flag.evidence).posts.size(), std::size_t{12});
}

void TestTokenHopping::theFirstVoteOfAPostStays()
{
    Site site;
    site.hop(3, 12);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().extraVotes.size(), std::size_t{24});
    const std::set<VoteKey> out{flags.front().extraVotes.begin(), flags.front().extraVotes.end()};
    for (std::size_t vote = 0; vote < flags.front().votes.size(); ++vote)
        QCOMPARE(out.contains(flags.front().votes[vote]), vote % 3 != 0);
}

void TestTokenHopping::twoThatDoNothingElseAreMedium()
{
    Site site;
    site.hop(2, 12);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Medium);
    QVERIFY(says(flags.front().counterEvidence, "one household"));
}

void TestTokenHopping::twoThatAlsoVoteApartAreLow()
{
    Site site;
    site.hop(2, 12);
    for (int vote = 0; vote < 12; ++vote)
        site.cast(vote % 2 == 0 ? "alt0" : "alt1", 500 + vote, vote * 5 * kHour);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags.front().severity, Severity::Low);
    QVERIFY(says(flags.front().counterEvidence, "at other times as well"));
}

/// They sit down together each evening, and each votes on what it likes.
void TestTokenHopping::aHouseholdThatReadsAtOneTimeIsNot()
{
    Site site;
    for (int vote = 0; vote < 80; ++vote)
        site.cast("alt" + std::to_string(vote % 2), static_cast<int>(detect::spread(std::uint64_t(vote)) % 900),
                  20 * kHour + vote * kMinute);
    QVERIFY(site.flags().empty());
}

/// Two hundred people behind one address who all vote on what is new.
void TestTokenHopping::aSharedLineIsNot()
{
    Site site;
    for (int vote = 0; vote < 6000; ++vote) {
        const std::uint64_t dice = detect::spread(std::uint64_t(vote) + 77);
        site.cast("carrier" + std::to_string(dice % 200), static_cast<int>(vote / 100 * 15 + int(dice / 200 % 12)),
                  vote * 42 * kSecond);
    }
    QVERIFY(site.flags().empty());
}

void TestTokenHopping::aFewPostsAreNot()
{
    Site site;
    site.hop(2, 5);
    QVERIFY(site.flags().empty());
}

QTEST_GUILESS_MAIN(TestTokenHopping)
#include "tst_token_hopping.moc"
