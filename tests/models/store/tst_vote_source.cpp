#include <csignal>

#include <QTest>

#include <QElapsedTimer>

#include <set>

#include "models/store/store_test.h"
#include "store/sql_vote_source.h"

using namespace scr;

namespace {

constexpr auto kHostile = "a'b\"c\\d{e,f}$1 ?:x <img src=\"/dev/zero\"> \xE2\x80\xAE%s\n;DROP TABLE imported.vote;--";

query::Query filtered(std::initializer_list<query::Term> terms)
{
    query::Query query;
    query.filter.terms = terms;
    return query;
}

query::Term term(query::Field field, const std::string& value)
{
    return {field, query::Op::Equal, value};
}

std::string quoted(std::string text)
{
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2)
        text.insert(at, 1, '\'');
    return '\'' + text + '\'';
}

} // namespace

class TestVoteSource : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void pagesMeetAcrossEqualTimes_data();
    void pagesMeetAcrossEqualTimes();
    void keepsTheRangeHalfOpen();
    void showsHostileTextAsItIs();
    void filtersByHostileText();
    void refusesATextThatPostgresCannotHold();
    void readsEveryKindOfKey_data();
    void readsEveryKindOfKey();
    void infiniteTimesArePaged();
    void namesComeAlong();
    void countsExactly();
    void givesVotesOfKeysOldestFirst();
    void zeroVotes();
    void asksWithoutBlocking();
    void aCancelledPageEndsOnTheServer();
    void aLaterPageDoesNotWaitForACancelledOne();
    void askingDoesNotWaitForACancel();
    void destroyingEndsWhatRuns();
    void statementTimeoutIsTold();
    void terminatedWhileReading();
    void terminatedWhileIdleIsNotNoticed();
    void readOnlyIsASeatBelt();

private:
    [[nodiscard]] domain::ConnectionTarget reader(const std::string& database = "votes") const
    {
        return m_server->target(database, "reader");
    }

    std::unique_ptr<test::TestServer> m_server;
};

void TestVoteSource::initTestCase()
{
    m_server = std::make_unique<test::TestServer>();
    m_server->createSource("votes", "imported");
    // 1,000 votes in 10 moments: a hundred share each.
    m_server->execute("votes",
                      "INSERT INTO imported.post (post_key, title) SELECT 'p' || g, 'Post ' || g FROM generate_series(0, 6) g;"
                      "INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at, origin) "
                      "SELECT 'v' || g, 't' || g % 13, 'p' || g % 7, 1, timestamptz '2026-03-01Z' + g / 100 * interval '1 hour', "
                      "'10.1.0.7' FROM generate_series(0, 999) g; ANALYZE");
    m_server->createSource("empty", "imported");
}

void TestVoteSource::pagesMeetAcrossEqualTimes_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("one") << 1;
    QTest::newRow("inside a moment") << 37;
    QTest::newRow("exactly a moment") << 100;
    QTest::newRow("all") << 1000;
    QTest::newRow("more than there are") << 5000;
}

void TestVoteSource::pagesMeetAcrossEqualTimes()
{
    QFETCH(int, limit);
    store::SqlVoteSource source{reader()};
    std::set<std::string> seen;
    std::optional<ports::VoteCursor> cursor;
    std::pair<domain::UtcTime, std::string> last{domain::UtcTime::max(), {}};
    do {
        const ports::VotePage page = test::valueOf(source.votesAfter({}, cursor, limit));
        QVERIFY(page.rows.size() <= static_cast<std::size_t>(limit));
        for (const domain::Vote& vote : page.rows) {
            QVERIFY((std::pair{vote.castAt, vote.key.text}) < last);
            last = {vote.castAt, vote.key.text};
            QVERIFY(seen.insert(vote.key.text).second);
        }
        cursor = page.next;
    } while (cursor && seen.size() < 5000);
    QCOMPARE(seen.size(), std::size_t{1000});
}

void TestVoteSource::keepsTheRangeHalfOpen()
{
    store::SqlVoteSource source{reader()};
    query::Query query;
    query.range = {*domain::parseTime("2026-03-01T01:00:00Z"), *domain::parseTime("2026-03-01T03:00:00Z")};
    const ports::VotePage page = test::valueOf(source.votesAfter(query, std::nullopt, 500));
    QCOMPARE(page.rows.size(), std::size_t{200});
    QCOMPARE(page.rows.back().castAt, *query.range.from);
    QVERIFY(!page.next);
}

void TestVoteSource::showsHostileTextAsItIs()
{
    m_server->createSource("hostile", "imported");
    m_server->execute("hostile", "INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at) VALUES (" +
                                     quoted(kHostile) + ", " + quoted(kHostile) + ", " + quoted(kHostile) +
                                     ", 0.1, '2026-03-01 10:00:00.123457Z')");
    store::SqlVoteSource source{reader("hostile")};
    const ports::VotePage page = test::valueOf(source.votesAfter({}, std::nullopt, 10));
    QCOMPARE(page.rows.size(), std::size_t{1});
    QCOMPARE(page.rows[0].key.text, std::string{kHostile});
    QCOMPARE(page.rows[0].post.text, std::string{kHostile});
    QCOMPARE(domain::isoText(page.rows[0].castAt), std::string{"2026-03-01T10:00:00.123457Z"});
    QCOMPARE(static_cast<float>(page.rows[0].value), 0.1F);
}

void TestVoteSource::filtersByHostileText()
{
    store::SqlVoteSource source{reader("hostile")};
    const query::Query query = filtered({term(query::Field::Token, kHostile), term(query::Field::Post, kHostile)});
    const ports::VotePage page =
        test::valueOf(source.votesAfter(query, ports::VoteCursor{domain::UtcTime::max() - domain::Micros{1}, {}}, 10));
    QVERIFY(page.rows.size() <= 1);
    QCOMPARE(test::valueOf(source.countVotes(query)), std::int64_t{1});
    QCOMPARE(test::valueOf(source.votesOf({domain::VoteKey{kHostile}, domain::VoteKey{"not there"}})).size(), std::size_t{1});
}

void TestVoteSource::refusesATextThatPostgresCannotHold()
{
    store::SqlVoteSource source{reader()};
    for (const std::string& text : {std::string{"a\0b", 3}, std::string{"\xFF\xFE"}}) {
        const domain::Error error = test::errorOf(source.countVotes(filtered({term(query::Field::Token, text)})));
        QCOMPARE(error.fault, domain::Fault::Invalid);
    }
    QCOMPARE(test::valueOf(source.countVotes({})), std::int64_t{1000});
}

void TestVoteSource::readsEveryKindOfKey_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("key");
    QTest::newRow("bigint") << "bigint" << "g";
    QTest::newRow("integer") << "integer" << "g";
    QTest::newRow("uuid") << "uuid" << "md5(g::text)::uuid";
    QTest::newRow("text") << "text" << "'k' || g";
}

void TestVoteSource::readsEveryKindOfKey()
{
    QFETCH(QString, type);
    QFETCH(QString, key);
    const std::string name = "keyed_" + type.toStdString();
    test::createKeyedSource(*m_server, name, type.toStdString(), false);
    m_server->execute(name, "INSERT INTO site.vote SELECT " + key.toStdString() + ", " + key.toStdString() + ", " +
                                key.toStdString() + ", 1, '2026-03-01Z' FROM generate_series(1, 25) g");
    store::SqlVoteSource source{reader(name)};
    std::set<std::string> seen;
    std::optional<ports::VoteCursor> cursor{{domain::UtcTime::max() - domain::Micros{1}, {}}}; // as a jump in time begins
    do {
        const ports::VotePage page = test::valueOf(source.votesAfter({}, cursor, 10));
        for (const domain::Vote& vote : page.rows)
            seen.insert(vote.key.text);
        cursor = page.next;
    } while (cursor);
    QCOMPARE(seen.size(), std::size_t{25});
    const std::vector<domain::Vote> found = test::valueOf(source.votesOf({domain::VoteKey{*seen.begin()}}));
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found[0].token.text, *seen.begin());
    if (type == "text")
        return;
    const domain::Error error = test::errorOf(source.countVotes(filtered({term(query::Field::Vote, "no such form")})));
    QCOMPARE(error.fault, domain::Fault::Invalid);
    QVERIFY(!error.remedy.empty());
}

void TestVoteSource::infiniteTimesArePaged()
{
    m_server->createSource("infinite", "imported");
    m_server->execute("infinite",
                      "INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at) VALUES "
                      "('a', 't', 'p', 1, 'infinity'), ('b', 't', 'p', 1, '2026-03-01Z'), ('c', 't', 'p', 1, '-infinity')");
    store::SqlVoteSource source{reader("infinite")};
    const ports::VotePage page = test::valueOf(source.votesAfter({}, std::nullopt, 1));
    QCOMPARE(page.rows.front().key.text, std::string{"a"});
    const ports::VotePage rest = test::valueOf(source.votesAfter({}, page.next, 10));
    QCOMPARE(rest.rows.size(), std::size_t{2});
    QCOMPARE(rest.rows.back().key.text, std::string{"c"});
}

void TestVoteSource::namesComeAlong()
{
    m_server->createSource("named", "imported");
    m_server->execute("named", "INSERT INTO imported.post (post_key, title) VALUES ('p', 'A title with, \"quotes\"');"
                               "INSERT INTO imported.token (token_key, label) VALUES ('t', 'amber-heron');"
                               "INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at) VALUES "
                               "('a', 't', 'p', 1, '2026-03-02Z'), ('b', 'nobody', 'untitled', 1, '2026-03-01Z')");
    store::SqlVoteSource source{reader("named")};
    const ports::VotePage page = test::valueOf(source.votesAfter({}, std::nullopt, 10));
    QCOMPARE(page.rows[0].postTitle, std::string{"A title with, \"quotes\""});
    QCOMPARE(page.rows[0].tokenLabel, std::string{"amber-heron"});
    QVERIFY(page.rows[1].postTitle.empty() && page.rows[1].tokenLabel.empty());
    QCOMPARE(test::valueOf(source.votesOf({domain::VoteKey{"a"}})).front().postTitle, page.rows[0].postTitle);
}

void TestVoteSource::countsExactly()
{
    store::SqlVoteSource source{reader()};
    QCOMPARE(test::valueOf(source.countVotes({})), std::int64_t{1000});
    QCOMPARE(test::valueOf(source.countVotes(filtered({term(query::Field::Post, "p3")}))), std::int64_t{143});
    QCOMPARE(test::valueOf(source.countVotes(filtered({term(query::Field::Origin, "10.1.0.0/16")}))), std::int64_t{1000});
    QCOMPARE(test::valueOf(source.votesAfter({}, std::nullopt, 1)).rows.front().origin, std::string{"10.1.0.7"});
}

void TestVoteSource::givesVotesOfKeysOldestFirst()
{
    store::SqlVoteSource source{reader()};
    const std::vector<domain::Vote> votes = test::valueOf(
        source.votesOf({domain::VoteKey{"v900"}, domain::VoteKey{"v5"}, domain::VoteKey{"gone"}, domain::VoteKey{"v450"}}));
    QCOMPARE(votes.size(), std::size_t{3});
    QCOMPARE(votes.front().key.text, std::string{"v5"});
    QCOMPARE(votes.back().key.text, std::string{"v900"});
    QVERIFY(test::valueOf(source.votesOf({})).empty());
}

void TestVoteSource::zeroVotes()
{
    store::SqlVoteSource source{reader("empty")};
    const ports::VotePage page = test::valueOf(source.votesAfter({}, std::nullopt, 100));
    QVERIFY(page.rows.empty());
    QVERIFY(!page.next);
    QCOMPARE(test::valueOf(source.countVotes({})), std::int64_t{0});
}

void TestVoteSource::asksWithoutBlocking()
{
    const test::HeldSession lock{*m_server, "votes", "LOCK TABLE imported.vote IN ACCESS EXCLUSIVE MODE"};
    QElapsedTimer timer;
    timer.start();
    store::SqlVoteSource source{reader()};
    QFuture<domain::Result<ports::VotePage>> page = source.votesAfter({}, std::nullopt, 100);
    QFuture<domain::Result<std::int64_t>> count = source.countVotes({});
    QVERIFY(timer.elapsed() < 50);
    QVERIFY(!page.isFinished());
    page.cancel();
    count.cancel();
}

void TestVoteSource::aCancelledPageEndsOnTheServer()
{
    store::SqlVoteSource source{reader()};
    const test::HeldSession lock{*m_server, "votes", "LOCK TABLE imported.vote IN ACCESS EXCLUSIVE MODE"};
    QFuture<domain::Result<ports::VotePage>> page = source.votesAfter({}, std::nullopt, 100);
    QTRY_COMPARE(test::waiting(*m_server), std::string{"1"});
    page.cancel();
    QTRY_COMPARE(test::waiting(*m_server), std::string{"0"});
}

void TestVoteSource::aLaterPageDoesNotWaitForACancelledOne()
{
    store::SqlVoteSource source{reader()};
    auto lock = std::make_unique<test::HeldSession>(*m_server, "votes", "LOCK TABLE imported.vote IN ACCESS EXCLUSIVE MODE");
    for (int round = 0; round < 20; ++round) {
        QFuture<domain::Result<ports::VotePage>> page = source.votesAfter({}, std::nullopt, 100);
        if (round % 2 == 0)
            QTRY_COMPARE(test::waiting(*m_server), std::string{"1"});
        page.cancel();
    }
    QFuture<domain::Result<ports::VotePage>> last = source.votesAfter({}, std::nullopt, 100);
    QTRY_COMPARE(test::waiting(*m_server), std::string{"1"});
    lock.reset();
    QCOMPARE(test::valueOf(last).rows.size(), std::size_t{100}); // a late cancel of an earlier page must not hit it
}

/// A cancel makes a connection of its own; whoever asks for the next page must not wait until a dead server answers that.
void TestVoteSource::askingDoesNotWaitForACancel()
{
    store::SqlVoteSource source{reader()};
    const test::HeldSession lock{*m_server, "votes", "LOCK TABLE imported.vote IN ACCESS EXCLUSIVE MODE"};
    QFuture<domain::Result<ports::VotePage>> page = source.votesAfter({}, std::nullopt, 100);
    QTRY_COMPARE(test::waiting(*m_server), std::string{"1"});
    const pid_t postmaster = m_server->server().pid().value();
    QCOMPARE(::kill(postmaster, SIGSTOP), 0);
    page.cancel();
    QTest::qSleep(100); // by now the cancel is on its way
    QElapsedTimer timer;
    timer.start();
    QFuture<domain::Result<ports::VotePage>> next = source.votesAfter({}, std::nullopt, 100);
    const qint64 asked = timer.elapsed();
    QCOMPARE(::kill(postmaster, SIGCONT), 0);
    QVERIFY2(asked < 50, qPrintable(QString::number(asked)));
    next.cancel();
}

void TestVoteSource::destroyingEndsWhatRuns()
{
    const test::HeldSession lock{*m_server, "votes", "LOCK TABLE imported.vote IN ACCESS EXCLUSIVE MODE"};
    auto source = std::make_unique<store::SqlVoteSource>(reader());
    QFuture<domain::Result<ports::VotePage>> running = source->votesAfter({}, std::nullopt, 100);
    QFuture<domain::Result<ports::VotePage>> queued = source->votesAfter({}, std::nullopt, 100);
    QTRY_COMPARE(test::waiting(*m_server), std::string{"1"});
    QElapsedTimer timer;
    timer.start();
    source.reset();
    QVERIFY2(timer.elapsed() < 1000, std::to_string(timer.elapsed()).c_str());
    QVERIFY(running.isFinished());
    QVERIFY(queued.isFinished());
}

void TestVoteSource::statementTimeoutIsTold()
{
    const test::HeldSession lock{*m_server, "votes", "LOCK TABLE imported.vote IN ACCESS EXCLUSIVE MODE"};
    store::SqlVoteSource source{reader(), store::ReadSettings{std::chrono::milliseconds{100}}};
    const domain::Error error = test::errorOf(source.votesAfter({}, std::nullopt, 100));
    QCOMPARE(error.fault, domain::Fault::TimedOut);
    QCOMPARE(error.sqlstate, std::string{"57014"});
    QVERIFY(!error.remedy.empty());
}

void TestVoteSource::terminatedWhileReading()
{
    store::SqlVoteSource source{reader()};
    {
        const test::HeldSession lock{*m_server, "votes", "LOCK TABLE imported.vote IN ACCESS EXCLUSIVE MODE"};
        QFuture<domain::Result<ports::VotePage>> page = source.votesAfter({}, std::nullopt, 100);
        QTRY_COMPARE(test::waiting(*m_server), std::string{"1"});
        test::terminateReaders(*m_server);
        const domain::Error error = test::errorOf(page);
        QCOMPARE(error.fault, domain::Fault::Unavailable);
        QVERIFY2(error.detail.find("lost") != std::string::npos, error.detail.c_str());
    }
    QCOMPARE(test::valueOf(source.votesAfter({}, std::nullopt, 100)).rows.size(), std::size_t{100});
}

void TestVoteSource::terminatedWhileIdleIsNotNoticed()
{
    store::SqlVoteSource source{reader()};
    QCOMPARE(test::valueOf(source.votesAfter({}, std::nullopt, 100)).rows.size(), std::size_t{100});
    test::terminateReaders(*m_server);
    QCOMPARE(test::valueOf(source.votesAfter({}, std::nullopt, 100)).rows.size(), std::size_t{100});
}

void TestVoteSource::readOnlyIsASeatBelt()
{
    store::SqlWorker worker{m_server->target("votes")}; // even for a login that could write
    const domain::Error error = test::errorOf(worker.run<domain::Nothing>(
        [](store::SqlSession& session) { return session.each("DELETE FROM imported.vote", {}, [](const store::SqlRow&) {}); }));
    QCOMPARE(error.sqlstate, std::string{"25006"});
}

QTEST_GUILESS_MAIN(TestVoteSource)
#include "tst_vote_source.moc"
