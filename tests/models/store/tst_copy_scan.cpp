#include <QTest>

#include <QElapsedTimer>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <set>
#include <thread>

#include "models/store/store_test.h"
#include "store/copy_scan_source.h"

using namespace scr;

namespace {

using Row = std::array<std::string, 5>;

std::multiset<Row> rowsOf(const domain::VoteColumns& votes)
{
    std::multiset<Row> rows;
    for (std::size_t row = 0; row < votes.size(); ++row)
        rows.insert({votes.voteKeys.at(row), votes.tokens.key(votes.token[row]), votes.posts.key(votes.post[row]),
                     std::to_string(static_cast<int>(votes.value[row])), std::to_string(votes.castAt[row])});
    return rows;
}

std::multiset<Row> rowsOf(const std::vector<std::vector<std::string>>& read)
{
    std::multiset<Row> rows;
    for (const std::vector<std::string>& row : read)
        rows.insert({row[0], row[1], row[2], row[3], row[4]});
    return rows;
}

domain::ScanInput scanned(const domain::ConnectionTarget& target, const store::CopyScanOptions& options = {},
                          const domain::TimeRange& range = {})
{
    domain::Result<domain::ScanInput> input = store::CopyScanSource{target, options}.read(range, {});
    if (!input)
        throw std::runtime_error{domain::sentenceOf(input.error())};
    return std::move(*input);
}

store::CopyScanOptions over(unsigned connections)
{
    store::CopyScanOptions options;
    options.connections = connections;
    return options;
}

} // namespace

class TestCopyScan : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void readsWhatIsThere_data();
    void readsWhatIsThere();
    void readsTheRangeAskedFor_data();
    void readsTheRangeAskedFor();
    void leavesOutWhatIsNotCounted();
    void readsKeysOfAnyLength();
    void leavesOutVoidedVotes();
    void leavesOutVoidedVotesOfWholeNumbers();
    void readsAttempts();
    void leavesOutTextBeyondTheLimit();
    void readsCounters();
    void readsWhenPostsOpenedAndClosed();
    void readsWhatBecameOfVotes();
    void zeroVotes();
    void partsSeeOneSnapshot();
    void infiniteTimesAgreeWithThePages();
    void nullKeysAreToldAsCorrupt();
    void stopsWhenAskedTo();
    void terminatedWhileReading();
    void wrongSchemaIsNamed();
    void reportsProgress();
    void isTheSameHoweverItIsRead();

private:
    [[nodiscard]] domain::ConnectionTarget reader(const std::string& database) const
    {
        return m_server->target(database, "reader");
    }
    [[nodiscard]] std::multiset<Row> expected(const std::string& database, const std::string& where = "true") const;

    std::unique_ptr<test::TestServer> m_server;
};

std::multiset<Row> TestCopyScan::expected(const std::string& database, const std::string& where) const
{
    return rowsOf(m_server->queryRows(
        database, "SELECT vote_key, token_key, post_key, value::int, (extract(epoch from cast_at) * 1000000)::int8 "
                  "FROM scrutineer.vote WHERE state = 'counted' AND " +
                      where));
}

void TestCopyScan::initTestCase()
{
    m_server = std::make_unique<test::TestServer>();
    m_server->createSource("site", "unprotected");
    m_server->execute(
        "site", "INSERT INTO unprotected.post (post_key, title, score) SELECT g, 'p', g FROM generate_series(1, 50) g;"
                "INSERT INTO unprotected.vote (vote_key, token_key, post_key, value, cast_at) SELECT g, (g * 7919) % 900 - 3, "
                "1 + g % 50, CASE WHEN g % 9 = 0 THEN -1 ELSE 1 END, timestamptz '2026-03-01Z' + g * interval '13.000001 s' "
                "FROM generate_series(1, 20000) g; ANALYZE");
}

void TestCopyScan::readsWhatIsThere_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("rowLocation");
    QTest::addColumn<unsigned>("connections");
    for (const unsigned connections : {1U, 2U, 3U}) {
        for (const bool location : {true, false}) {
            const auto row = [&](const char* type, const char* key) {
                QTest::addRow("%s, %u connections, %s", type, connections, location ? "by row location" : "by time")
                    << type << key << location << connections;
            };
            row("bigint", "g * 5000000000");
            row("integer", "-g");
            row("smallint", "g");
            row("uuid", "md5(g::text)::uuid");
            row("text", "CASE WHEN g % 3 = 0 THEN g::text ELSE 'k ' || g END");
        }
    }
}

void TestCopyScan::readsWhatIsThere()
{
    QFETCH(QString, type);
    QFETCH(QString, key);
    QFETCH(bool, rowLocation);
    QFETCH(unsigned, connections);
    const std::string name = type.toStdString() + (rowLocation ? "_location" : "_time");
    if (connections == 1) {
        test::createKeyedSource(*m_server, name, type.toStdString(), rowLocation);
        const auto keyOf = [&](const std::string& x) {
            return "(SELECT " + key.toStdString() + " FROM (SELECT " + x + " AS g) y)";
        };
        m_server->execute(
            name, "INSERT INTO site.vote SELECT " + keyOf("n") + ", " + keyOf("n % 37") + ", " + keyOf("n % 11") +
                      ", n % 5 - 2, timestamptz '2026-03-01Z' + n * interval '7 s' FROM generate_series(1, 3000) n; ANALYZE");
    }
    const domain::ScanInput input = scanned(reader(name), over(connections));
    QCOMPARE(input.votes.size(), std::size_t{3000});
    QCOMPARE(input.votes.tokens.size(), std::size_t{37});
    QCOMPARE(input.votes.posts.size(), std::size_t{11});
    QVERIFY(rowsOf(input.votes) == expected(name));
}

void TestCopyScan::readsTheRangeAskedFor_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::newRow("most of it: by row location") << "2026-03-01T01:00:00Z" << "2026-03-03T12:00:00Z";
    QTest::newRow("a little: by the index on the time") << "2026-03-01T01:00:00Z" << "2026-03-01T01:30:00Z";
    QTest::newRow("open end") << "2026-03-02T01:00:00Z" << "";
    QTest::newRow("open begin") << "" << "2026-03-02T01:00:00Z";
    QTest::newRow("before all") << "2020-01-01T00:00:00Z" << "2020-02-01T00:00:00Z";
}

void TestCopyScan::readsTheRangeAskedFor()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    domain::TimeRange range;
    std::string where = "true";
    const std::string earlier = from.isEmpty() ? "false" : "cast_at < '" + from.toStdString() + "'";
    if (!from.isEmpty()) {
        range.from = *domain::parseTime(from.toStdString());
        where += " AND cast_at >= '" + from.toStdString() + "'";
    }
    if (!to.isEmpty()) {
        range.to = *domain::parseTime(to.toStdString());
        where += " AND cast_at < '" + to.toStdString() + "'";
    }
    for (const unsigned connections : {1U, 2U}) {
        const domain::ScanInput input = scanned(reader("site"), over(connections), range);
        QVERIFY(rowsOf(input.votes) == expected("site", where));
        QVERIFY(!input.hasCounters);
        QCOMPARE(input.range, range);
        QVERIFY(input.votes.earlierScore.empty() == (!range.from || expected("site", earlier).empty()));
        for (const auto& row : m_server->queryRows("site", "SELECT post_key, coalesce(sum(value) FILTER (WHERE " + earlier +
                                                               "), 0)::int FROM scrutineer.vote WHERE state = 'counted' "
                                                               "GROUP BY 1"))
            QCOMPARE(input.votes.earlierScoreOf(input.votes.posts.find(row[0])), std::stod(row[1]));
    }
}

void TestCopyScan::leavesOutWhatIsNotCounted()
{
    m_server->execute("site",
                      "INSERT INTO scrutineer.vote_void (token_key, vote_key, round, request_id) SELECT token_key, vote_key, 1, "
                      "gen_random_uuid() FROM unprotected.vote WHERE vote_key % 100 = 0");
    const domain::ScanInput input = scanned(reader("site"), over(2));
    QCOMPARE(input.votes.size(), std::size_t{19800});
    QVERIFY(rowsOf(input.votes) == expected("site"));
}

void TestCopyScan::readsKeysOfAnyLength()
{
    test::createKeyedSource(*m_server, "longkeys", "text", true);
    m_server->execute(
        "longkeys",
        "ALTER TABLE site.vote DROP CONSTRAINT vote_pkey; INSERT INTO site.vote SELECT repeat('k', n) || n, repeat('t', n), 'p', "
        "1, "
        "'2026-03-01Z' FROM unnest(ARRAY[1, 65000, 65450, 65451, 65452, 65500, 65536, 70000, 131072, 400000, 2, 3]) n");
    for (int rest = 0; rest < 80; ++rest) // one of them ends exactly where the buffer does
        m_server->execute("longkeys", "INSERT INTO site.vote VALUES (repeat('x', 65536 - " + std::to_string(rest) +
                                          "), 't', 'p', 1, '2026-03-01Z')");
    const domain::ScanInput input = scanned(reader("longkeys"), over(1));
    QVERIFY(rowsOf(input.votes) == expected("longkeys"));
}

/// Whether the server joins the voids or the stream leaves them out, the counted votes arrive.
void TestCopyScan::leavesOutVoidedVotes()
{
    m_server->createSource("withvoids", "imported");
    m_server->execute("withvoids",
                      "INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at) SELECT CASE WHEN g % 3 = 0 THEN "
                      "g::text ELSE 'k' || g END, 't' || g % 70, 'p' || g % 9, 1, timestamptz '2026-03-01Z' + g * interval '1 s' "
                      "FROM generate_series(1, 5000) g;"
                      "INSERT INTO scrutineer.voided SELECT token_key, vote_key, 1, gen_random_uuid() FROM imported.vote "
                      "WHERE cast_at < '2026-03-01 00:10:00Z' OR vote_key IN ('k5000', '4998'); ANALYZE");
    for (const bool aside : {true, false}) {
        if (!aside)
            m_server->execute("withvoids", "REVOKE SELECT ON scrutineer.stored_vote FROM scrutineer_reader");
        const domain::ScanInput input = scanned(reader("withvoids"), over(2));
        QCOMPARE(input.votes.size(), std::size_t{5000 - 599 - 2});
        QVERIFY(rowsOf(input.votes) == expected("withvoids"));
    }
}

/// They take the path of rows of one shape; what is left out must not shift a column against the others.
void TestCopyScan::leavesOutVoidedVotesOfWholeNumbers()
{
    m_server->createSource("numbers", "unprotected");
    m_server->execute("numbers",
                      "INSERT INTO unprotected.post (post_key, title, score) SELECT g, 'p', g FROM generate_series(1, 9) g;"
                      "INSERT INTO unprotected.vote (vote_key, token_key, post_key, value, cast_at, origin) SELECT g, g % 70, "
                      "1 + g % 9, 1, timestamptz '2026-03-01Z' + g * interval '1 s', ('10.0.0.' || g % 250)::inet "
                      "FROM generate_series(1, 5000) g;"
                      "INSERT INTO scrutineer.voided SELECT token_key, vote_key, 1, gen_random_uuid() FROM unprotected.vote "
                      "WHERE vote_key % 7 = 3 OR vote_key > 4990; ANALYZE");
    for (const unsigned connections : {1U, 2U}) {
        const domain::VoteColumns votes = scanned(reader("numbers"), over(connections)).votes;
        QVERIFY(rowsOf(votes) == expected("numbers"));
        QCOMPARE(votes.host.size(), votes.size());
        QCOMPARE(votes.network.size(), votes.size());
        for (std::size_t row = 0; row < votes.size(); ++row)
            QCOMPARE(int{votes.host[row]}, static_cast<int>(votes.voteKeys.number(row) % 250));
    }
}

void TestCopyScan::readsAttempts()
{
    m_server->execute(
        "site",
        "INSERT INTO unprotected.attempt (attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, "
        "vote_key, origin, request_key) VALUES (1, 5, 6, 1, '2026-03-01 00:00:01Z', '2026-03-01 00:00:01.5Z', 'accepted', NULL, "
        "9, "
        "'10.0.0.1', 'r-1'),"
        "(2, NULL, 6, 1, '2026-03-01 00:00:02Z', NULL, 'invalid_token', '28000', NULL, '2001:db8::1', 'r-1'),"
        "(3, 5, NULL, 1, '2026-03-01 00:00:03Z', NULL, 'invalid_input', NULL, NULL, NULL, NULL),"
        "(4, 6, 6, 1, '2026-03-01 00:00:04Z', NULL, 'duplicate', NULL, NULL, NULL, NULL)");
    const domain::AttemptColumns attempts = scanned(reader("site"), over(2)).attempts;
    QCOMPARE(attempts.size(), std::size_t{3}); // one without a post is about nothing
    const auto rowOf = [&](std::string_view key) {
        std::size_t row = 0;
        while (row < attempts.size() && attempts.keys.at(row) != key)
            ++row;
        return row;
    };
    const std::size_t first = rowOf("1");
    const std::size_t second = rowOf("2");
    const std::size_t last = rowOf("4");
    QVERIFY(std::max({first, second, last}) < attempts.size());
    QCOMPARE(attempts.finishedAt[first] - attempts.attemptedAt[first], std::int64_t{500'000});
    QCOMPARE(attempts.votes.at(first), std::string{"9"});
    QCOMPARE(attempts.origin[first], std::string{"10.0.0.1"});
    QCOMPARE(attempts.token[second], domain::kNoIndex);
    QCOMPARE(attempts.finishedAt[second], attempts.attemptedAt[second]);
    QCOMPARE(attempts.outcome[second], domain::AttemptOutcome::InvalidToken);
    QCOMPARE(attempts.sqlstate[second], std::string{"28000"});
    QCOMPARE(attempts.votes.at(second), std::string{});
    QCOMPARE(attempts.origin[second], std::string{"2001:db8::1"});
    QVERIFY(attempts.request[first] != 0);
    QCOMPARE(attempts.request[second], attempts.request[first]);
    QCOMPARE(attempts.request[last], std::uint64_t{0});
}

void TestCopyScan::leavesOutTextBeyondTheLimit()
{
    store::CopyScanOptions options = over(1);
    options.attemptTextLimit = 0;
    const domain::ScanInput input = scanned(reader("site"), options);
    QCOMPARE(input.attempts.size(), std::size_t{3});
    QVERIFY(input.attempts.sqlstate.empty());
    QVERIFY(input.attempts.origin.empty());
    QVERIFY(input.attempts.request.empty());
    options.attempts = false;
    QVERIFY(!scanned(reader("site"), options).hasAttempts);
}

void TestCopyScan::readsCounters()
{
    const domain::ScanInput input = scanned(reader("site"), over(2));
    QVERIFY(input.hasCounters);
    QCOMPARE(input.posts.post.size(), std::size_t{50});
    for (std::size_t row = 0; row < input.posts.post.size(); ++row)
        QCOMPARE(input.votes.posts.key(input.posts.post[row]), std::to_string(std::lround(input.posts.counter[row])));
}

void TestCopyScan::readsWhenPostsOpenedAndClosed()
{
    m_server->createSource("closing", "reference");
    m_server->execute("closing", "INSERT INTO reference.post (post_key, created_at, closed_at) VALUES "
                                 "(1, '1970-01-01 00:00:01Z', '1970-01-01 00:00:02.000003Z'), (2, '-infinity', 'infinity'), "
                                 "(3, '1970-01-01 00:00:05Z', NULL)");
    const domain::PostColumns posts = scanned(reader("closing")).posts;
    QCOMPARE(posts.openedAt, (std::vector<std::int64_t>{1'000'000, domain::kNoTime, 5'000'000}));
    QCOMPARE(posts.closedAt, (std::vector<std::int64_t>{2'000'003, domain::kNoTime, domain::kNoTime}));
}

/// The reference system keeps its votes in partitions and their changes beside them; an attempt to change a vote is not a second
/// vote.
void TestCopyScan::readsWhatBecameOfVotes()
{
    m_server->createSource("changing", "reference");
    m_server->execute(
        "changing",
        "INSERT INTO reference.post (post_key) VALUES (1), (2); UPDATE reference.rule SET token_burst = 1000;"
        "SELECT count(reference.issue_token('t', 's' || g, g)) FROM generate_series(1, 60) g;"
        "SELECT count(reference.cast_vote('s' || g, 1, 1)) FROM generate_series(1, 60) g;"
        "SELECT reference.change_vote('s7', 1, -1), reference.withdraw_vote('s8', 1), reference.withdraw_vote('s9', 1);"
        "SELECT reference.cast_vote('s9', 1, -1); ANALYZE");
    for (const unsigned connections : {1U, 3U}) {
        const domain::ScanInput input = scanned(reader("changing"), over(connections));
        QCOMPARE(input.votes.size(), std::size_t{59}); // one was withdrawn
        double sum = 0;
        for (const float value : input.votes.value)
            sum += static_cast<double>(value);
        QCOMPARE(sum, 59.0 - 4.0);
        QCOMPARE(input.attempts.size(), std::size_t{60}); // those to cast alone
        QVERIFY(input.hasCounters);
        QCOMPARE(input.posts.counter[0] + input.posts.counter[1], 55.0);
    }
}

void TestCopyScan::zeroVotes()
{
    for (const bool rowLocation : {true, false}) {
        const std::string name = rowLocation ? "none_location" : "none_time";
        test::createKeyedSource(*m_server, name, "bigint", rowLocation);
        for (const unsigned connections : {0U, 1U, 3U}) {
            const domain::ScanInput input = scanned(reader(name), over(connections));
            QVERIFY(input.votes.empty());
            QCOMPARE(input.attempts.size(), std::size_t{0});
        }
    }
}

void TestCopyScan::partsSeeOneSnapshot()
{
    test::createKeyedSource(*m_server, "moving", "bigint", true);
    m_server->execute("moving",
                      "INSERT INTO site.vote SELECT n, 1, 1, 1, '2026-03-01Z' FROM generate_series(1, 100000) n; ANALYZE");
    std::atomic<bool> done{false};
    // Each round moves every row to another page: a reader of two states would see rows twice or never.
    std::jthread writer{[&] {
        while (!done)
            m_server->execute("moving", "UPDATE site.vote SET v = v + 1");
    }};
    for (int round = 0; round < 5; ++round) {
        const domain::ScanInput input = scanned(reader("moving"), over(3));
        const auto [low, high] = std::minmax_element(input.votes.value.begin(), input.votes.value.end());
        const bool whole = input.votes.size() == 100000 && *low == *high;
        done = done || !whole || round == 4;
        QVERIFY(whole);
    }
}

void TestCopyScan::infiniteTimesAgreeWithThePages()
{
    test::createKeyedSource(*m_server, "infinite", "bigint", true);
    m_server->execute("infinite", "INSERT INTO site.vote VALUES (1, 1, 1, 1, 'infinity'), (2, 1, 1, 1, '-infinity')");
    const domain::ScanInput input = scanned(reader("infinite"));
    QCOMPARE(input.votes.castAt[0], std::int64_t{253402300799000000});
    QCOMPARE(input.votes.castAt[1], std::int64_t{-62135596800000000});
}

void TestCopyScan::nullKeysAreToldAsCorrupt()
{
    for (const std::string type : {"bigint", "text"}) {
        const std::string name = "null_" + type;
        test::createKeyedSource(*m_server, name, type, true);
        m_server->execute(name,
                          "INSERT INTO site.vote VALUES ('1', '1', '1', 1, '2026-03-01Z'), ('2', '1', NULL, 1, '2026-03-01Z')");
        const domain::Result<domain::ScanInput> input = store::CopyScanSource{reader(name), over(1)}.read({}, {});
        QVERIFY(!input);
        QCOMPARE(input.error().fault, domain::Fault::Corrupt);
        QVERIFY(!input.error().remedy.empty());
    }
}

void TestCopyScan::stopsWhenAskedTo()
{
    const test::HeldSession lock{*m_server, "moving", "LOCK TABLE site.attempt IN ACCESS EXCLUSIVE MODE"};
    QElapsedTimer timer;
    timer.start();
    const domain::Result<domain::ScanInput> input = store::CopyScanSource{reader("moving"), over(2)}.read(
        {}, [&](std::uint64_t, std::uint64_t) { return timer.elapsed() < 300; });
    QVERIFY(!input);
    QCOMPARE(input.error().fault, domain::Fault::Cancelled);
    QVERIFY2(timer.elapsed() < 2000, std::to_string(timer.elapsed()).c_str());
    QTRY_COMPARE(test::waiting(*m_server), std::string{"0"});
}

void TestCopyScan::terminatedWhileReading()
{
    store::CopyScanSource source{reader("site"), over(2)};
    {
        const test::HeldSession lock{*m_server, "site", "LOCK TABLE unprotected.attempt IN ACCESS EXCLUSIVE MODE"};
        std::jthread killer{[&] {
            while (test::waiting(*m_server) == "0")
                std::this_thread::yield();
            test::terminateReaders(*m_server);
        }};
        const domain::Result<domain::ScanInput> input = source.read({}, {});
        QVERIFY(!input);
        QCOMPARE(input.error().fault, domain::Fault::Unavailable);
        QVERIFY2(input.error().detail.find("lost") != std::string::npos, input.error().detail.c_str());
    }
    QCOMPARE(source.read({}, {})->votes.size(), std::size_t{19800});
}

void TestCopyScan::wrongSchemaIsNamed()
{
    m_server->createDatabase("bare");
    const domain::Result<domain::ScanInput> bare = store::CopyScanSource{reader("bare")}.read({}, {});
    QVERIFY(!bare);
    QCOMPARE(bare.error().fault, domain::Fault::Invalid);
    QVERIFY2(bare.error().remedy.find("scrutineerctl init") != std::string::npos, bare.error().remedy.c_str());
    const domain::Result<domain::ScanInput> missing = store::CopyScanSource{reader("not_there")}.read({}, {});
    QVERIFY(!missing);
    QCOMPARE(missing.error().fault, domain::Fault::NotFound);
}

void TestCopyScan::reportsProgress()
{
    test::createKeyedSource(*m_server, "slow", "bigint", true);
    m_server->execute(
        "slow",
        "INSERT INTO site.vote SELECT n, n, n, 1, '2026-03-01Z' FROM generate_series(1, 20000) n; ANALYZE;"
        "CREATE OR REPLACE VIEW scrutineer.attempt AS SELECT k AS attempt_key, t AS token_key, p AS post_key, 1::real AS value,"
        " at AS attempted_at, done AS finished_at, outcome || pg_sleep(5)::text AS outcome, sqlstate, vote AS vote_key, origin,"
        " NULL::text AS request_key FROM site.attempt; INSERT INTO site.attempt VALUES (1, 1, 1, '2026-03-01Z')");
    std::uint64_t calls = 0;
    std::uint64_t expectedRows = 0;
    const domain::Result<domain::ScanInput> input =
        store::CopyScanSource{reader("slow"), over(1)}.read({}, [&](std::uint64_t done, std::uint64_t total) {
            expectedRows = total;
            return ++calls < 90 && done < 20000; // the votes are through, the attempts are slow
        });
    QVERIFY(!input);
    QCOMPARE(input.error().fault, domain::Fault::Cancelled);
    QVERIFY2(expectedRows > 20000 && expectedRows < 25000, std::to_string(expectedRows).c_str());
    QVERIFY(calls < 90);
}

/// What the detectors make of rows must not rest on which connection was free first, nor on how many there were.
void TestCopyScan::isTheSameHoweverItIsRead()
{
    m_server->createSource("same", "unprotected");
    // tokens that only tried, the latest first in the table: each number of connections sees them in another order
    m_server->execute("same",
                      "INSERT INTO unprotected.vote (vote_key, token_key, post_key, value, cast_at) SELECT g, (g * 7919) % 900, "
                      "1 + g % 50, 1, timestamptz '2026-03-01Z' + g * interval '13 s' FROM generate_series(1, 20000) g;"
                      "INSERT INTO unprotected.attempt (token_key, post_key, attempted_at, finished_at, outcome) "
                      "SELECT 2000 + g % 400, 60 + g % 7, timestamptz '2026-03-02Z' - g * interval '1 s', "
                      "timestamptz '2026-03-02Z' - g * interval '1 s', 'closed' FROM generate_series(1, 2000) g; ANALYZE");
    const auto keysOf = [](const domain::KeyTable& table) {
        std::vector<std::string> keys;
        for (domain::Index index = 0; index < table.size(); ++index)
            keys.push_back(table.key(index));
        return keys;
    };
    const auto rowsInOrder = [](const domain::VoteColumns& votes) {
        std::vector<std::string> rows;
        for (std::size_t row = 0; row < votes.size(); ++row)
            rows.push_back(votes.voteKeys.at(row));
        return rows;
    };
    const domain::ScanInput first = scanned(reader("same"), over(1));
    QCOMPARE(first.votes.size(), std::size_t{20'000});
    for (int round = 0; round < 12; ++round) {
        const domain::ScanInput again = scanned(reader("same"), over(1U + static_cast<unsigned>(round) % 4U));
        QCOMPARE(keysOf(again.votes.tokens), keysOf(first.votes.tokens));
        QCOMPARE(keysOf(again.votes.posts), keysOf(first.votes.posts));
        QCOMPARE(rowsInOrder(again.votes), rowsInOrder(first.votes));
        QVERIFY(again.votes.token == first.votes.token && again.votes.post == first.votes.post);
    }
}

QTEST_APPLESS_MAIN(TestCopyScan)
#include "tst_copy_scan.moc"
