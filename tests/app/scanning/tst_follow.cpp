#include <QElapsedTimer>
#include <QTest>

#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "models/store/store_test.h"
#include "scanning/scanning.h"
#include "support/site.h"

using namespace scr;
using domain::DetectorId;

namespace {

/// A follower in a thread of its own, and what it told.
class Follower {
public:
    Follower(const domain::ConnectionTarget& reader, domain::ToldFlags told = {}) : m_told{std::move(told)}
    {
        m_options.thorough = std::chrono::seconds{1};
        m_options.pause = std::chrono::milliseconds{100};
        m_thread = std::thread{[this, reader] {
            m_end = scanning::followSource(reader, detect::defaultRules(), m_options, m_told,
                                           {[this](const auto& flags) { return take(flags); },
                                            [this](const jobs::FollowState& state) {
                                                const std::lock_guard lock{m_mutex};
                                                m_state = state;
                                                ++m_looks;
                                                m_troubled = m_troubled || !state.trouble.detail.empty();
                                            }},
                                           m_stop);
        }};
    }
    ~Follower()
    {
        if (m_thread.joinable())
            static_cast<void>(stop());
    }

    domain::ToldFlags stop()
    {
        m_stop = true;
        m_thread.join();
        return m_told;
    }

    [[nodiscard]] int looks() const
    {
        const std::lock_guard lock{m_mutex};
        return m_looks;
    }
    [[nodiscard]] jobs::FollowState state() const
    {
        const std::lock_guard lock{m_mutex};
        return m_state;
    }
    [[nodiscard]] bool wasTroubled() const { return m_troubled; }
    [[nodiscard]] std::size_t told(DetectorId detector, const std::string& token) const
    {
        const std::lock_guard lock{m_mutex};
        std::size_t count = 0;
        for (const domain::Flag& flag : m_flags)
            count += flag.detector == detector && flag.subject.key == token ? 1U : 0U;
        return count;
    }
    [[nodiscard]] std::optional<domain::RankImpact> impact(DetectorId detector, const std::string& token) const
    {
        const std::lock_guard lock{m_mutex};
        for (const domain::Flag& flag : m_flags) {
            if (flag.detector == detector && flag.subject.key == token)
                return flag.rankImpact;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::set<std::string> keys() const
    {
        const std::lock_guard lock{m_mutex};
        std::set<std::string> keys;
        for (const domain::Flag& flag : m_flags)
            keys.insert(flag.key.text);
        return keys;
    }
    void refuseFlags(bool refuse) { m_refuses = refuse; }

private:
    domain::Status take(const std::vector<domain::Flag>& flags)
    {
        if (m_refuses)
            return domain::failure(domain::Fault::Unavailable, "no room");
        const std::lock_guard lock{m_mutex};
        m_flags.insert(m_flags.end(), flags.begin(), flags.end());
        return domain::Nothing{};
    }

    domain::ToldFlags m_told;
    jobs::FollowOptions m_options;
    mutable std::mutex m_mutex;
    std::vector<domain::Flag> m_flags;
    jobs::FollowState m_state;
    int m_looks = 0;
    std::atomic<bool> m_troubled{false};
    std::atomic<bool> m_refuses{false};
    std::atomic<bool> m_stop{false};
    domain::Status m_end;
    std::thread m_thread;
};

} // namespace

class TestFollow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void raceAndBurstAreToldSoon();
    void ranksAreThoseOfAllTime();
    void whatIsKnownIsNotToldAgain();
    void slowTransactionIsNotSkipped_data();
    void slowTransactionIsNotSkipped();
    void restartTellsWhatAnUninterruptedRunTells();
    void lostConnectionIsTakenUpAgain();
    void whatCouldNotBeTakenIsOfferedAgain();
    void oldViewsSayWhatToDo();

private:
    /// 300 people, 12 votes each in the last two days, at a person's pace.
    void fill(const std::string& database);
    void vote(const std::string& database, int token, int post, const std::string& at = "clock_timestamp()");

    test::TestServer m_server;
};

void TestFollow::initTestCase()
{
    m_server.createSource("live", "unprotected");
    fill("live");
}

void TestFollow::fill(const std::string& database)
{
    m_server.execute(database,
                     "INSERT INTO unprotected.post (post_key, title) SELECT g, 'Post ' || g FROM generate_series(1, 400) g;"
                     "INSERT INTO unprotected.token (token_key, label) SELECT g, 't' || g FROM generate_series(1, 400) g;"
                     "SELECT setseed(0.5);"
                     "INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) "
                     "SELECT t, (t * 37 + v * 11) % 400 + 1, 1, now() - interval '2 days' + t * interval '9 min' * random() "
                     "+ v * interval '20 s' * (0.5 + random()) FROM generate_series(1, 300) t, generate_series(1, 12) v");
}

void TestFollow::vote(const std::string& database, int token, int post, const std::string& at)
{
    m_server.execute(database,
                     fmt::format("INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) VALUES ({}, {}, 1, {})",
                                 token, post, at));
}

/// From the commit to the flag; the times are told, not tested.
void TestFollow::raceAndBurstAreToldSoon()
{
    const Follower follower{m_server.target("live", "reader")};
    QTRY_VERIFY_WITH_TIMEOUT(follower.looks() > 3, 20'000);
    QCOMPARE(follower.state().votes, std::uint64_t{3600});
    m_server.execute("live",
                     "INSERT INTO unprotected.vote (token_key, post_key, value) SELECT 350, 7, 1 FROM generate_series(1, 5)");
    QElapsedTimer since;
    since.start();
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::DuplicateVotes, "350") == 1, 20'000);
    qInfo("race: told %lld ms after its commit", since.elapsed());
    m_server.execute("live", "INSERT INTO unprotected.attempt (token_key, post_key, attempted_at, finished_at, outcome) "
                             "SELECT 351, 8, now() + g * interval '5 ms', now() + g * interval '5 ms' + interval '40 ms', "
                             "CASE WHEN g = 1 THEN 'accepted' ELSE 'duplicate' END FROM generate_series(1, 12) g");
    since.restart();
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::ConcurrentAttempts, "351") == 1, 20'000);
    qInfo("attempts: told %lld ms after their commit", since.elapsed());
    for (int post = 1; post <= 24 && follower.told(DetectorId::TokenBurst, "352") == 0; ++post) {
        vote("live", 352, post);
        if (post == 10)
            since.restart();
        QTest::qWait(150);
    }
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::TokenBurst, "352") > 0, 20'000);
    qInfo("burst: told %lld ms after its tenth vote", since.elapsed());
}

/// Following reads a week of votes; the leaderboard is older.
void TestFollow::ranksAreThoseOfAllTime()
{
    m_server.createSource("ranks", "unprotected");
    fill("ranks");
    m_server.execute("ranks", "INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) SELECT g, p, 1, now() - "
                              "interval '30 days' FROM generate_series(1, 300) g, (VALUES (7), (8), (9)) v (p) "
                              "WHERE g <= 300 - 10 * p");
    const Follower follower{m_server.target("ranks", "reader")};
    QTRY_VERIFY_WITH_TIMEOUT(follower.looks() > 3, 20'000);
    m_server.execute("ranks",
                     "INSERT INTO unprotected.vote (token_key, post_key, value) SELECT 350, 9, 1 FROM generate_series(1, 40)");
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::DuplicateVotes, "350") == 1, 20'000);
    const auto impact = follower.impact(DetectorId::DuplicateVotes, "350");
    QVERIFY(impact);
    // 210 and the week's nine before, 40 now, one of which may stay; posts 7 and 8 have 230 and 220 and nine each
    QCOMPARE(*impact, (domain::RankImpact{domain::PostKey{"9"}, 1, 3, 259, 220}));
}

void TestFollow::whatIsKnownIsNotToldAgain()
{
    Follower follower{m_server.target("live", "reader")};
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::DuplicateVotes, "350") == 1, 20'000);
    const int looks = follower.looks();
    vote("live", 350, 300); // one more vote of the token changes nothing about the flag
    QTRY_VERIFY_WITH_TIMEOUT(follower.looks() > looks + 20, 20'000);
    QCOMPARE(follower.told(DetectorId::DuplicateVotes, "350"), std::size_t{1});
    m_server.execute("live",
                     "INSERT INTO unprotected.vote (token_key, post_key, value) SELECT 350, 7, 1 FROM generate_series(1, 5)");
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::DuplicateVotes, "350") == 2, 20'000); // twice as many votes are news
    const domain::ToldFlags told = follower.stop();
    QVERIFY(!told.empty());
    const Follower again{m_server.target("live", "reader"), told};
    QTRY_VERIFY_WITH_TIMEOUT(again.looks() > 20, 20'000);
    QVERIFY(again.keys().empty());
}

void TestFollow::slowTransactionIsNotSkipped_data()
{
    QTest::addColumn<QString>("begin");
    QTest::addColumn<int>("token");
    QTest::newRow("plain") << QString{} << 360;
    // the row carries the xid of the subtransaction, which no snapshot lists
    QTest::newRow("in a subtransaction") << QStringLiteral("SELECT txid_current(); SAVEPOINT inner_one;") << 362;
}

/// Begun before others, committed after them, its times long past: what compares keys or times would never see it.
void TestFollow::slowTransactionIsNotSkipped()
{
    QFETCH(const QString, begin);
    QFETCH(const int, token);
    const Follower follower{m_server.target("live", "reader")};
    QTRY_VERIFY_WITH_TIMEOUT(follower.looks() > 3, 20'000);
    auto slow = std::make_unique<test::HeldSession>(
        m_server, "live",
        begin.toStdString() + fmt::format("INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) SELECT {}, 9, 1, "
                                          "now() - interval '5 hours' FROM generate_series(1, 4)",
                                          token));
    const std::uint64_t came = follower.state().came;
    for (int post = 1; post <= 5; ++post)
        vote("live", token + 1, post);
    QTRY_COMPARE_WITH_TIMEOUT(follower.state().came, came + 5, 20'000); // each of the others' votes once
    const int looks = follower.looks();
    QTRY_VERIFY_WITH_TIMEOUT(follower.looks() > looks + 25, 20'000); // two thorough looks at least
    QCOMPARE(follower.told(DetectorId::DuplicateVotes, std::to_string(token)), std::size_t{0});
    slow->commit();
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::DuplicateVotes, std::to_string(token)) == 1, 20'000);
}

void TestFollow::restartTellsWhatAnUninterruptedRunTells()
{
    m_server.createSource("twice", "unprotected");
    fill("twice");
    Follower whole{m_server.target("twice", "reader")};
    auto broken = std::make_unique<Follower>(m_server.target("twice", "reader"));
    QTRY_VERIFY_WITH_TIMEOUT(whole.looks() > 3 && broken->looks() > 3, 20'000);
    const auto attack = [&](int token) {
        m_server.execute("twice",
                         fmt::format("INSERT INTO unprotected.vote (token_key, post_key, value) SELECT {0}, 7, 1 FROM "
                                     "generate_series(1, 3);"
                                     "INSERT INTO unprotected.vote (token_key, post_key, value, cast_at) SELECT {0} + 1, g, 1, "
                                     "now() + g * interval '300 ms' FROM generate_series(1, 40) g",
                                     token));
    };
    attack(350);
    QTRY_VERIFY_WITH_TIMEOUT(broken->told(DetectorId::TokenBurst, "351") > 0, 20'000);
    const domain::ToldFlags told = broken->stop();
    std::set<std::string> parts = broken->keys();
    broken.reset();
    attack(370); // while it is down
    QTRY_VERIFY_WITH_TIMEOUT(whole.told(DetectorId::TokenBurst, "371") > 0, 20'000);
    Follower resumed{m_server.target("twice", "reader"), told};
    QTRY_VERIFY_WITH_TIMEOUT(resumed.told(DetectorId::TokenBurst, "371") > 0, 20'000);
    QCOMPARE(resumed.told(DetectorId::TokenBurst, "351"), std::size_t{0}); // told before the restart
    attack(390);
    QTRY_VERIFY_WITH_TIMEOUT(resumed.told(DetectorId::TokenBurst, "391") > 0, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(whole.told(DetectorId::TokenBurst, "391") > 0, 20'000);
    const int looks = whole.looks();
    QTRY_VERIFY_WITH_TIMEOUT(whole.looks() > looks + 25, 20'000);
    const domain::ToldFlags atEnd = resumed.stop();
    QVERIFY(atEnd == whole.stop());
    parts.merge(resumed.keys());
    QVERIFY(parts == whole.keys());
    QVERIFY(parts.size() >= 6);
}

void TestFollow::lostConnectionIsTakenUpAgain()
{
    const Follower follower{m_server.target("live", "reader")};
    QTRY_VERIFY_WITH_TIMEOUT(follower.looks() > 3, 20'000);
    m_server.execute("live", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'");
    QTRY_VERIFY_WITH_TIMEOUT(follower.wasTroubled(), 20'000);
    m_server.execute("live",
                     "INSERT INTO unprotected.vote (token_key, post_key, value) SELECT 380, 7, 1 FROM generate_series(1, 5)");
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::DuplicateVotes, "380") == 1, 20'000);
    QVERIFY(follower.state().trouble.detail.empty());
}

void TestFollow::whatCouldNotBeTakenIsOfferedAgain()
{
    Follower follower{m_server.target("live", "reader")};
    QTRY_VERIFY_WITH_TIMEOUT(follower.looks() > 3, 20'000);
    follower.refuseFlags(true);
    m_server.execute("live",
                     "INSERT INTO unprotected.vote (token_key, post_key, value) SELECT 385, 7, 1 FROM generate_series(1, 5)");
    QTRY_VERIFY_WITH_TIMEOUT(follower.wasTroubled(), 20'000);
    QCOMPARE(follower.told(DetectorId::DuplicateVotes, "385"), std::size_t{0});
    follower.refuseFlags(false);
    QTRY_VERIFY_WITH_TIMEOUT(follower.told(DetectorId::DuplicateVotes, "385") == 1, 30'000);
}

void TestFollow::oldViewsSayWhatToDo()
{
    m_server.createSource("old", "unprotected");
    m_server.execute("old",
                     "DROP VIEW scrutineer.vote CASCADE; CREATE VIEW scrutineer.vote AS SELECT vote_key, token_key, post_key, "
                     "NULL::text AS author_key, value, cast_at, origin, 'counted'::text AS state FROM unprotected.vote; "
                     "GRANT SELECT ON scrutineer.vote TO PUBLIC");
    domain::ToldFlags told;
    const std::atomic<bool> stop{false};
    const domain::Status ended =
        scanning::followSource(m_server.target("old", "reader"), detect::defaultRules(), {}, told, {}, stop);
    QVERIFY(!ended);
    QVERIFY(domain::sentenceOf(ended.error()).find("scrutineerctl init") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestFollow)
#include "tst_follow.moc"
