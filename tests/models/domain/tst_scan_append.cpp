#include <QTest>

#include "domain/numbering.h"
#include "domain/scan_append.h"

using namespace scr;
using domain::Index;
using domain::kNoIndex;

class TestScanAppend : public QObject {
    Q_OBJECT
private slots:
    void rowsMeanTheSame_data();
    void rowsMeanTheSame();
    void networksOfSomeOnly();
    void textsAreLeftOutWhereSomeLackThem();
};

namespace {

struct Part {
    domain::VoteColumns votes;
    domain::AttemptColumns attempts;
    domain::PostColumns posts;

    void vote(std::int64_t key, const char* token, const char* post, std::int64_t network)
    {
        votes.voteKeys.push(key);
        votes.token.push_back(votes.tokens.intern(std::string_view{token}));
        votes.post.push_back(votes.posts.intern(std::string_view{post}));
        votes.castAt.push_back(1000 * key);
        votes.value.push_back(static_cast<float>(key));
        if (network == 0)
            return;
        votes.network.push_back(votes.networks.intern(network));
        votes.host.push_back(static_cast<std::uint8_t>(key));
    }
    void attempt(std::int64_t key, const char* token, const char* post, const char* sqlstate)
    {
        attempts.keys.push(key);
        attempts.votes.push(std::string_view{});
        attempts.token.push_back(token == nullptr ? kNoIndex : votes.tokens.intern(std::string_view{token}));
        attempts.post.push_back(votes.posts.intern(std::string_view{post}));
        attempts.attemptedAt.push_back(key);
        attempts.finishedAt.push_back(key + 1);
        attempts.outcome.push_back(domain::AttemptOutcome::Error);
        if (sqlstate == nullptr)
            return;
        attempts.sqlstate.emplace_back(sqlstate);
        attempts.origin.emplace_back("192.0.2.1");
        attempts.request.push_back(static_cast<std::uint64_t>(key));
    }
    void counter(const char* post, double value)
    {
        posts.post.push_back(votes.posts.intern(std::string_view{post}));
        posts.counter.push_back(value);
        posts.openedAt.push_back(1);
        posts.closedAt.push_back(domain::kNoTime);
    }
    void take(Part&& other, unsigned threads)
    {
        domain::appendRows(votes, attempts, posts, std::move(other.votes), std::move(other.attempts), std::move(other.posts),
                           threads);
    }
};

QString told(const domain::VoteColumns& votes, std::size_t row)
{
    const Index author = votes.authorOf(votes.post[row]);
    const Index network = votes.networkOf(row);
    return QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8")
        .arg(QString::fromStdString(votes.voteKeys.at(row)), QString::fromStdString(votes.tokens.key(votes.token[row])),
             QString::fromStdString(votes.posts.key(votes.post[row])))
        .arg(votes.castAt[row])
        .arg(static_cast<double>(votes.value[row]))
        .arg(author == kNoIndex ? QStringLiteral("-") : QString::fromStdString(votes.tokens.key(author)))
        .arg(network == kNoIndex ? -1 : votes.networks.number(network))
        .arg(votes.host.empty() ? 0 : votes.host[row]);
}

} // namespace

void TestScanAppend::rowsMeanTheSame_data()
{
    QTest::addColumn<unsigned>("threads");
    QTest::newRow("one thread") << 1U;
    QTest::newRow("two threads") << 2U;
    QTest::newRow("more threads than cores") << 16U;
}

void TestScanAppend::rowsMeanTheSame()
{
    QFETCH(const unsigned, threads);
    Part all;
    all.vote(1, "zoe", "9", 0);
    all.vote(2, "10", "7", 0);
    all.counter("9", 1);
    Part other;
    other.vote(3, "abe", "7", 501);
    other.vote(4, "10", "p", 502);
    other.votes.setAuthor(other.votes.posts.find("7"), other.votes.tokens.intern(std::string_view{"zoe"}));
    other.votes.addEarlierScore(other.votes.posts.find("7"), 20);
    other.votes.addEarlierScore(other.votes.posts.intern(std::string_view{"old"}), 30);
    all.votes.addEarlierScore(all.votes.posts.find("7"), 1);
    other.attempt(5, "abe", "p", "40001");
    other.attempt(6, nullptr, "7", "23505");
    other.counter("7", 2);
    all.take(std::move(other), threads);
    domain::ScanInput input;
    input.votes = std::move(all.votes);
    input.attempts = std::move(all.attempts);
    input.posts = std::move(all.posts);
    domain::numberByKey(input, threads);
    const domain::VoteColumns& votes = input.votes;
    QCOMPARE(votes.size(), std::size_t{4});
    QCOMPARE(told(votes, 0), QStringLiteral("1 zoe 9 1000 1 - -1 0"));
    QCOMPARE(told(votes, 1), QStringLiteral("2 10 7 2000 2 zoe -1 0"));
    QCOMPARE(told(votes, 2), QStringLiteral("3 abe 7 3000 3 zoe 501 3"));
    QCOMPARE(told(votes, 3), QStringLiteral("4 10 p 4000 4 - 502 4"));
    QCOMPARE(votes.tokens.find("10"), Index{0}); // numbers come first
    QCOMPARE(votes.earlierScoreOf(votes.posts.find("7")), 21.0);
    QCOMPARE(votes.earlierScoreOf(votes.posts.find("old")), 30.0);
    QCOMPARE(votes.earlierScoreOf(votes.posts.find("9")), 0.0);
    QCOMPARE(votes.tokens.key(input.attempts.token[0]), std::string{"abe"});
    QCOMPARE(input.attempts.token[1], kNoIndex);
    QCOMPARE(votes.posts.key(input.attempts.post[0]), std::string{"p"});
    QCOMPARE(input.attempts.sqlstate, (std::vector<std::string>{"40001", "23505"}));
    QCOMPARE(input.attempts.request, (std::vector<std::uint64_t>{5, 6}));
    QCOMPARE(votes.posts.key(input.posts.post[0]), std::string{"9"});
    QCOMPARE(votes.posts.key(input.posts.post[1]), std::string{"7"});
    QCOMPARE(input.posts.counter, (std::vector<double>{1, 2}));
}

void TestScanAppend::networksOfSomeOnly()
{
    Part all;
    all.vote(1, "a", "p", 501);
    Part other;
    other.vote(2, "b", "p", 0);
    all.take(std::move(other), 2);
    QCOMPARE(all.votes.network.size(), std::size_t{2});
    QCOMPARE(all.votes.host.size(), std::size_t{2});
    QCOMPARE(told(all.votes, 0), QStringLiteral("1 a p 1000 1 - 501 1"));
    QCOMPARE(told(all.votes, 1), QStringLiteral("2 b p 2000 2 - -1 0"));
}

void TestScanAppend::textsAreLeftOutWhereSomeLackThem()
{
    Part all;
    all.attempt(1, "a", "p", "40001");
    Part other;
    other.attempt(2, "a", "p", nullptr);
    all.take(std::move(other), 2);
    QCOMPARE(all.attempts.keys.size(), std::size_t{2});
    QVERIFY(all.attempts.sqlstate.empty());
    QVERIFY(all.attempts.origin.empty());
    QVERIFY(all.attempts.request.empty());
}

QTEST_GUILESS_MAIN(TestScanAppend)
#include "tst_scan_append.moc"
