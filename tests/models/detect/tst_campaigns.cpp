#include <algorithm>
#include <random>
#include <set>

#include <QTest>

#include "scan_asks.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;
using test::flagsOf;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kStart = 1'773'000'000'000'007;

/// A site of people: 600 of them, 12 votes each over three days on 300 posts of 100 authors, from networks of their own.
class People {
public:
    explicit People(test::ScanBuilder& builder) : m_builder{builder}
    {
        std::lognormal_distribution<double> gap{std::log(9.0), 1.0};
        for (int person = 0; person < 600; ++person) {
            std::int64_t at = 0;
            for (int vote = 0; vote < 12; ++vote) {
                at = vote % 4 == 0 ? kStart + std::int64_t(m_random() % (72 * 3600)) * kSecond
                                   : at + std::int64_t(gap(m_random) * 1e6);
                // posts appear evenly and are voted on mostly while they are young
                const double born = double(at - kStart) / double(kHour) - m_age(m_random);
                const int post = std::clamp(int(born * 300 / 72), 0, 299);
                cast("person" + std::to_string(person), "post" + std::to_string(post), at, m_random() % 7 != 0 ? 1.0F : -1.0F,
                     "10." + std::to_string(person % 200) + "." + std::to_string(person / 200) + ".7");
            }
        }
    }

    void cast(const std::string& token, const std::string& post, std::int64_t at, float value = 1, std::string_view origin = {})
    {
        if (!m_pairs.insert(token + '/' + post).second)
            return;
        m_builder.vote(token, post, at, value, origin);
        if (post.starts_with("post"))
            m_builder.author(post, "author" + std::to_string(std::stoi(post.substr(4)) % 100));
    }
    [[nodiscard]] std::int64_t time(std::int64_t within) { return kStart + std::int64_t(m_random() % std::uint64_t(within)); }
    [[nodiscard]] std::mt19937_64& random() { return m_random; }

private:
    test::ScanBuilder& m_builder;
    std::mt19937_64 m_random{11};
    std::exponential_distribution<double> m_age{1.0 / 5};
    std::set<std::string> m_pairs;
};

} // namespace

class TestCampaigns : public QObject {
    Q_OBJECT
private slots:
    void peopleAreLeftAlone();
    void serialVoting_data();
    void serialVoting();
    void aFanIsNoSerialVoter();
    void metronome_data();
    void metronome();
    void ring();
    void fansAreNoRing();
    void subnet();
    void aHouseholdIsNoCrowd_data();
    void aHouseholdIsNoCrowd();
    void campusIsNoCrowd();
    void lockstep();
    void friendsAtTheirOwnTimesAreNoGroup();
    void followersMeetWhenTheirAuthorPublishes_data();
    void followersMeetWhenTheirAuthorPublishes();
    void drip();
    void viralPostIsLeftAlone();
    void withoutAuthorsAndOriginsTheyAreOff();
    void impatientClicksAreNoRace();
};

void TestCampaigns::peopleAreLeftAlone()
{
    test::ScanBuilder builder;
    People people{builder};
    const auto report = detect::scan(builder.input, detect::defaultRules(), {}, {});
    QVERIFY(report.has_value());
    for (const Flag& flag : report->flags)
        QFAIL(flag.explanation.c_str());
}

/// The three cases that Stack Overflow's users documented as missed, and one that is nothing.
void TestCampaigns::serialVoting_data()
{
    QTest::addColumn<int>("votes");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<bool>("found");
    QTest::newRow("11 votes in 2 minutes") << 11 << 2 << true;
    QTest::newRow("12 votes in 5 minutes") << 12 << 5 << true;
    QTest::newRow("11 votes in 10 minutes") << 11 << 10 << true;
    QTest::newRow("5 votes in a minute") << 5 << 1 << true;
    QTest::newRow("3 votes in a minute") << 3 << 1 << false;
    QTest::newRow("12 votes in 12 hours") << 12 << 720 << false;
}

void TestCampaigns::serialVoting()
{
    QFETCH(int, votes);
    QFETCH(int, minutes);
    QFETCH(bool, found);
    test::ScanBuilder builder;
    People people{builder};
    for (int vote = 0; vote < votes; ++vote) {
        const std::string post = "theirs" + std::to_string(vote);
        builder.author(post, "victim");
        people.cast("reader" + std::to_string(vote), post, kStart + vote * kHour);
        people.cast("angry", post, kStart + 30 * kHour + vote * minutes * kMinute / votes, -1);
    }
    const auto flags = flagsOf(builder.input, DetectorId::SerialVoter);
    QCOMPARE(flags.size(), std::size_t(found));
    if (!found)
        return;
    QCOMPARE(flags[0].subject.key, std::string{"angry"});
    QCOMPARE(flags[0].extraVotes.size(), std::size_t(votes));
    QVERIFY(std::holds_alternative<VoteMatrix>(flags[0].evidence));
    QVERIFY(!flags[0].counterEvidence.empty());
}

void TestCampaigns::aFanIsNoSerialVoter()
{
    test::ScanBuilder builder;
    People people{builder};
    for (int vote = 0; vote < 30; ++vote) {
        const std::string post = "star" + std::to_string(vote);
        builder.author(post, "star");
        people.cast("fan", post, kStart + (vote / 3) * 7 * kHour + vote % 3 * kMinute);
    }
    QVERIFY(flagsOf(builder.input, DetectorId::SerialVoter).empty());
}

void TestCampaigns::metronome_data()
{
    QTest::addColumn<double>("jitter");
    QTest::addColumn<int>("votes");
    QTest::addColumn<bool>("found");
    QTest::newRow("like a clock") << 0.01 << 60 << true;
    QTest::newRow("a little uneven") << 0.035 << 60 << true;
    QTest::newRow("too few to tell") << 0.01 << 15 << false;
    QTest::newRow("like a person") << 0.6 << 60 << false;
}

void TestCampaigns::metronome()
{
    QFETCH(double, jitter);
    QFETCH(int, votes);
    QFETCH(bool, found);
    test::ScanBuilder builder;
    People people{builder};
    std::normal_distribution<double> noise{0, jitter};
    std::int64_t at = kStart;
    for (int vote = 0; vote < votes; ++vote) {
        people.cast("clock", "post" + std::to_string(vote), at);
        at += std::int64_t(61.0 * 1e6 * std::max(0.05, 1 + noise(people.random())));
    }
    const auto flags = flagsOf(builder.input, DetectorId::Metronome);
    QCOMPARE(flags.size(), std::size_t(found));
    if (found)
        QVERIFY(flags[0].extraVotes.size() >= std::size_t(votes) * 9 / 10);
}

void TestCampaigns::ring()
{
    test::ScanBuilder builder;
    People people{builder};
    std::size_t cast = 0;
    for (int author = 0; author < 5; ++author) {
        for (int post = 0; post < 4; ++post) {
            const std::string key = "ring" + std::to_string(author * 10 + post);
            builder.author(key, "member" + std::to_string(author));
            for (int voter = 0; voter < 5; ++voter) {
                if (voter == author)
                    continue;
                people.cast("member" + std::to_string(voter), key, people.time(60 * kHour));
                ++cast;
            }
        }
    }
    const auto flags = flagsOf(builder.input, DetectorId::VoteRing);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags[0].tokens.size(), std::size_t{5});
    QCOMPARE(flags[0].extraVotes.size(), cast);
    QVERIFY(flags[0].subject.kind == SubjectKind::Group);
}

/// Fans vote for a star who does not vote back.
void TestCampaigns::fansAreNoRing()
{
    test::ScanBuilder builder;
    People people{builder};
    for (int post = 0; post < 10; ++post) {
        builder.author("star" + std::to_string(post), "star");
        for (int fan = 0; fan < 30; ++fan)
            people.cast("fan" + std::to_string(fan), "star" + std::to_string(post), people.time(60 * kHour));
    }
    QVERIFY(flagsOf(builder.input, DetectorId::VoteRing).empty());
}

void TestCampaigns::subnet()
{
    test::ScanBuilder builder;
    People people{builder};
    for (int sock = 0; sock < 20; ++sock)
        people.cast("sock" + std::to_string(sock), "post7", people.time(2 * kHour), 1, "172.16.5." + std::to_string(sock + 1));
    const auto flags = flagsOf(builder.input, DetectorId::SubnetSocks);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags[0].subject.key, std::string{"172.16.5.0/24"});
    QCOMPARE(flags[0].extraVotes.size(), std::size_t{20});
    const auto* share = std::get_if<SubnetShare>(&flags[0].evidence);
    QVERIFY(share != nullptr && share->rows.size() == 1 && share->rows[0].tokens == 20);
}

void TestCampaigns::aHouseholdIsNoCrowd_data()
{
    QTest::addColumn<QString>("origin"); // %1: number of the token
    QTest::addColumn<int>("tokens");
    QTest::addColumn<bool>("isCrowd");
    QTest::newRow("four behind one address") << "172.16.5.9" << 4 << false;
    QTest::newRow("four on one IPv6 line") << "2001:db8:5:9::%1" << 4 << false;
    QTest::newRow("three addresses") << "172.16.5.%1" << 3 << false;
    QTest::newRow("four addresses") << "172.16.5.%1" << 4 << true;
    QTest::newRow("four IPv6 lines of one site") << "2001:db8:5:%1::7" << 4 << true;
    QTest::newRow("five behind one address") << "172.16.5.9" << 5 << true;
}

/// Beside a site of people, on a post that nobody else voted on.
void TestCampaigns::aHouseholdIsNoCrowd()
{
    QFETCH(const QString, origin);
    QFETCH(const int, tokens);
    QFETCH(const bool, isCrowd);
    test::ScanBuilder builder;
    People people{builder};
    for (int token = 0; token < tokens; ++token)
        people.cast("member" + std::to_string(token), "elsewhere", people.time(2 * kHour) + 70 * kHour, 1,
                    (origin.contains(QLatin1Char{'%'}) ? origin.arg(token + 1) : origin).toStdString());
    QCOMPARE(flagsOf(builder.input, DetectorId::SubnetSocks).size(), std::size_t{isCrowd ? 1U : 0U});
}

/// Many people behind one address who vote on everything.
void TestCampaigns::campusIsNoCrowd()
{
    test::ScanBuilder builder;
    People people{builder};
    for (int student = 0; student < 60; ++student) {
        for (int vote = 0; vote < 20; ++vote)
            people.cast("student" + std::to_string(student), "post" + std::to_string(people.random()() % 300),
                        people.time(72 * kHour), 1, "192.168.3.7");
    }
    QVERIFY(flagsOf(builder.input, DetectorId::SubnetSocks).empty());
}

void TestCampaigns::lockstep()
{
    test::ScanBuilder builder;
    People people{builder};
    std::size_t cast = 0;
    for (int post = 0; post < 8; ++post) {
        const std::int64_t at = kStart + (post * 8 + 3) * kHour;
        for (int bot = 0; bot < 12; ++bot) {
            if (people.random()() % 5 == 0)
                continue;
            people.cast("bot" + std::to_string(bot), "post" + std::to_string(post * 31),
                        at + std::int64_t(people.random()() % 120) * kSecond);
            ++cast;
        }
    }
    const auto flags = flagsOf(builder.input, DetectorId::Lockstep);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags[0].tokens.size(), std::size_t{12});
    QVERIFY(flags[0].extraVotes.size() >= cast * 95 / 100);
    const auto* matrix = std::get_if<LockstepMatrix>(&flags[0].evidence);
    QVERIFY(matrix != nullptr && matrix->tokens.size() == 12 && matrix->posts.size() == 8);
}

void TestCampaigns::friendsAtTheirOwnTimesAreNoGroup()
{
    test::ScanBuilder builder;
    People people{builder};
    for (int post = 0; post < 8; ++post) {
        for (int one = 0; one < 12; ++one)
            people.cast("friend" + std::to_string(one), "post" + std::to_string(post * 31),
                        kStart + post * 8 * kHour + std::int64_t(people.random()() % (8 * 3600)) * kSecond);
    }
    QVERIFY(flagsOf(builder.input, DetectorId::Lockstep).empty());
}

/// Four tokens meet on five posts of one author; forty others follow the author.
void TestCampaigns::followersMeetWhenTheirAuthorPublishes_data()
{
    QTest::addColumn<int>("minutes"); ///< in which followers come after something is published
    QTest::addColumn<bool>("found");
    QTest::newRow("others come at the same time") << 90 << false;
    QTest::newRow("others come whenever they like") << 2400 << true;
}

void TestCampaigns::followersMeetWhenTheirAuthorPublishes()
{
    QFETCH(int, minutes);
    QFETCH(bool, found);
    test::ScanBuilder builder;
    People people{builder};
    for (int post = 0; post < 10; ++post) {
        const std::string key = "star" + std::to_string(post);
        builder.author(key, "star");
        const std::int64_t published = kStart + post * 6 * kHour;
        for (int follower = 0; follower < 40; ++follower) {
            if (people.random()() % 2 == 0)
                people.cast("follower" + std::to_string(follower), key,
                            published + std::int64_t(people.random()() % std::uint64_t(minutes * 60)) * kSecond);
        }
        for (int early = 0; post % 2 == 0 && early < 4; ++early)
            people.cast("early" + std::to_string(early), key, published + (20 + 2 * early) * kMinute);
    }
    QCOMPARE(flagsOf(builder.input, DetectorId::Lockstep).size(), std::size_t(found));
}

void TestCampaigns::drip()
{
    test::ScanBuilder builder;
    People people{builder};
    std::exponential_distribution<double> wait{1.0 / 3.0};
    for (int person = 0; person < 60; ++person)
        people.cast("person" + std::to_string(person), "hot", kStart + std::int64_t(wait(people.random()) * double(kHour)));
    for (int bot = 0; bot < 200; ++bot)
        people.cast("once" + std::to_string(bot), "hot",
                    kStart + kHour + bot * 5 * kMinute + std::int64_t(people.random()() % 300) * kSecond);
    const auto flags = flagsOf(builder.input, DetectorId::PostSurge);
    QCOMPARE(flags.size(), std::size_t{1});
    QCOMPARE(flags[0].subject.key, std::string{"hot"});
    QVERIFY(flags[0].extraVotes.size() >= 195 && flags[0].extraVotes.size() <= 200);
    QVERIFY(std::holds_alternative<CompositionContrast>(flags[0].evidence));
}

/// A wider public finds a post: as many newcomers, but they come and thin out as the regulars do.
void TestCampaigns::viralPostIsLeftAlone()
{
    test::ScanBuilder builder;
    People people{builder};
    std::exponential_distribution<double> wait{1.0 / 3.0};
    for (int person = 0; person < 200; ++person)
        people.cast("person" + std::to_string(person), "hot", kStart + std::int64_t(wait(people.random()) * double(kHour)));
    for (int one = 0; one < 200; ++one)
        people.cast("once" + std::to_string(one), "hot", kStart + std::int64_t(wait(people.random()) * double(kHour)));
    QVERIFY(flagsOf(builder.input, DetectorId::PostSurge).empty());
}

void TestCampaigns::withoutAuthorsAndOriginsTheyAreOff()
{
    test::ScanBuilder builder;
    builder.vote("a", "p", kStart);
    const auto report = detect::scan(builder.input, detect::defaultRules(), {}, {});
    QVERIFY(report.has_value());
    std::vector<DetectorId> off;
    for (const detect::SkippedDetector& skipped : report->skipped) {
        off.push_back(skipped.detector);
        QVERIFY(skipped.reason.ends_with('.'));
    }
    for (const DetectorId detector : {DetectorId::SerialVoter, DetectorId::VoteRing, DetectorId::SubnetSocks})
        QVERIFY(std::find(off.begin(), off.end(), detector) != off.end());
}

/// Eight clicks of one impatient user in a second.
void TestCampaigns::impatientClicksAreNoRace()
{
    test::ScanBuilder builder;
    const std::string vote = builder.vote("impatient", "p", kStart);
    for (int click = 0; click < 8; ++click)
        builder.attempt("impatient", "p", kStart + click * 125'000, 60'000,
                        click == 0 ? AttemptOutcome::Accepted : AttemptOutcome::Duplicate, click == 0 ? vote : std::string{});
    QVERIFY(flagsOf(builder.input, DetectorId::ConcurrentAttempts).empty());
}

QTEST_GUILESS_MAIN(TestCampaigns)
#include "tst_campaigns.moc"
