#include <QTest>

#include <string>

#include "history/history_reader.h"

using namespace scr;
using history::Batch;

namespace {

template <class Row>
history::HistoryReader<Row> readerOver(const std::string& text)
{
    auto reader = history::HistoryReader<Row>::over(history::bytesOf(text), "test.csv");
    if (!reader)
        throw std::runtime_error{domain::sentenceOf(reader.error())};
    return std::move(*reader);
}

template <class Row>
Batch<Row> all(const std::string& text)
{
    auto reader = readerOver<Row>(text);
    Batch<Row> batch;
    if (!reader.next(batch, 1000))
        throw std::runtime_error{"reading failed"};
    return batch;
}

template <class Row>
std::string headerError(const std::string& text)
{
    const auto reader = history::HistoryReader<Row>::over(history::bytesOf(text), "test.csv");
    return reader ? std::string{} : domain::sentenceOf(reader.error());
}

constexpr const char* kStart = "2026-01-01T00:00:00Z";
const domain::UtcTime kStartTime = domain::timeOf(1'767'225'600'000'000);

} // namespace

class TestHistoryReader : public QObject {
    Q_OBJECT

private slots:
    void columnsInAnyOrder();
    void valueDefaultsToOne();
    void timesInBothForms();
    void attempts();
    void postsAndTokens();
    void badHeaders_data();
    void badHeaders();
    void badVotes_data();
    void badVotes();
    void badAttempts_data();
    void badAttempts();
    void namesTheLineWhereTheRecordBegins();
    void batchesAreComplete();
    void rowsAreNotMixedWithEarlierOnes();
    void missingFileIsSaid();
};

void TestHistoryReader::columnsInAnyOrder()
{
    const auto batch = all<domain::HistoryVote>("cast_at,Origin, value ,post,token,author,vote_key\n"
                                                "2026-01-01T00:00:00Z,10.1.2.3,-0.5,p 1,t1,a1,v9\n"
                                                "1767225600,2001:db8::1,+2,p2,t2,,v10\n");
    QVERIFY(batch.bad.empty());
    QCOMPARE(batch.rows.size(), 2U);
    QVERIFY((batch.rows[0] == domain::HistoryVote{"t1", "p 1", -0.5, kStartTime, "v9", "a1", "10.1.2.3"}));
    QVERIFY((batch.rows[1] == domain::HistoryVote{"t2", "p2", 2, kStartTime, "v10", "", "2001:db8::1"}));
}

void TestHistoryReader::valueDefaultsToOne()
{
    QCOMPARE(all<domain::HistoryVote>("token,post,cast_at\n1,2,1767225600\n").rows.at(0).value, 1.0);
    QCOMPARE(all<domain::HistoryAttempt>("token,post,attempted_at,outcome\n1,2,1767225600,accepted\n").rows.at(0).value, 1.0);
}

void TestHistoryReader::timesInBothForms()
{
    const auto batch = all<domain::HistoryVote>(
        "token,post,cast_at\n1,2,1289241911.72836\n1,3,2010-11-08T18:45:11.728360Z\n1,4,2010-11-08 19:45:11.72836+01:00\n");
    QVERIFY(batch.bad.empty());
    for (const auto& row : batch.rows)
        QCOMPARE(domain::microsOf(row.castAt), 1'289'241'911'728'360);
}

void TestHistoryReader::attempts()
{
    const auto batch =
        all<domain::HistoryAttempt>("token,post,value,attempted_at,finished_at,outcome,sqlstate,vote_key,origin,request_key\n"
                                    "t,p,1,1767225600,1767225600.25,error,40001,,10.0.0.1,r1\n"
                                    ",p,1,1767225600,,invalid_token,,,,\n"
                                    "t,,1,1767225600,,invalid_input,,,,\n");
    QVERIFY2(batch.bad.empty(), batch.bad.empty() ? "" : batch.bad[0].reason.c_str());
    QCOMPARE(batch.rows[0].outcome, domain::AttemptOutcome::Error);
    QCOMPARE(batch.rows[0].sqlstate, std::string{"40001"});
    QVERIFY(batch.rows[0].finishedAt == kStartTime + std::chrono::milliseconds{250});
    QVERIFY(!batch.rows[1].finishedAt);
    QVERIFY(batch.rows[1].token.empty());
    QVERIFY(batch.rows[2].post.empty());
}

void TestHistoryReader::postsAndTokens()
{
    const auto posts = all<domain::HistoryPost>(
        "post,title,author,created_at,counter\n1,\"A \"\"title\"\", two\nlines\",a,1767225600,-3.5\n2,,,,\n");
    QVERIFY(posts.bad.empty());
    QVERIFY((posts.rows[0] == domain::HistoryPost{"1", "A \"title\", two\nlines", "a", kStartTime, -3.5}));
    QVERIFY((posts.rows[1] == domain::HistoryPost{"2", "", "", std::nullopt, std::nullopt}));
    const auto tokens = all<domain::HistoryToken>("token,label,created_at,state\n1,ada,1767225600,active\n2,,,\n");
    QVERIFY(tokens.bad.empty());
    QVERIFY((tokens.rows[0] == domain::HistoryToken{"1", "ada", kStartTime, "active"}));
}

void TestHistoryReader::badHeaders_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QStringList>("says");
    QTest::newRow("empty") << std::string{} << QStringList{"is empty", "token, post, cast_at are needed"};
    QTest::newRow("only empty lines") << std::string{"\n\n"} << QStringList{"is empty"};
    QTest::newRow("unknown column") << std::string{"token,post,cast_at,colour\n"}
                                    << QStringList{"'colour'", "rename or remove", "value, vote_key, author, origin"};
    QTest::newRow("missing column") << std::string{"token,post,value\n"} << QStringList{"no column 'cast_at'"};
    QTest::newRow("twice") << std::string{"token,post,cast_at,post\n"} << QStringList{"'post' twice"};
    QTest::newRow("no header") << std::string{"tok_1,17,1,2026-01-01\n"}
                               << QStringList{"'tok_1'", "The first line names the columns"};
    QTest::newRow("hostile name") << std::string{"token,post,cast_at,\x1b[2J\n"} << QStringList{"U+001B"};
    QTest::newRow("Latin-1") << std::string{"token,post,cast_at,caf\xe9\n"} << QStringList{"first line", "UTF-8"};
}

void TestHistoryReader::badHeaders()
{
    QFETCH(std::string, text);
    QFETCH(QStringList, says);
    const std::string error = headerError<domain::HistoryVote>(text);
    for (const QString& part : says)
        QVERIFY2(QString::fromStdString(error).contains(part), error.c_str());
}

void TestHistoryReader::badVotes_data()
{
    QTest::addColumn<std::string>("row");
    QTest::addColumn<QString>("says");
    const std::string at = std::string{","} + kStart;
    QTest::newRow("no token") << ",p,1" + at + ",k," << "token is empty";
    QTest::newRow("no post") << "t,,1" + at + ",k," << "post is empty";
    QTest::newRow("long key") << std::string(513, 'x') + ",p,1" + at + ",k," << "longer than 512 bytes";
    QTest::newRow("control character") << "t\tx,p,1" + at + ",k," << "control character";
    QTest::newRow("C1 control") << "t\xc2\x9dx,p,1" + at + ",k," << "control character";
    QTest::newRow("no value") << "t,p," + at + ",k," << "value '' is not a number";
    QTest::newRow("text value") << "t,p,up" + at + ",k," << "value 'up' is not a number";
    QTest::newRow("half a number") << "t,p,1x" + at + ",k," << "'1x' is not a number";
    QTest::newRow("nan") << "t,p,nan" + at + ",k," << "finite";
    QTest::newRow("infinity") << "t,p,inf" + at + ",k," << "finite";
    QTest::newRow("too large") << "t,p,1e39" + at + ",k," << "finite";
    QTest::newRow("no time") << std::string{"t,p,1,,k,"} << "cast_at '' is not a time";
    QTest::newRow("not a time") << std::string{"t,p,1,yesterday,k,"} << "cast_at 'yesterday' is not a time";
    QTest::newRow("impossible day") << std::string{"t,p,1,2026-02-30,k,"} << "is not a time";
    QTest::newRow("empty given key") << "t,p,1" + at + ",," << "vote_key is empty";
    QTest::newRow("not an address") << "t,p,1" + at + ",k,10.1.2" << "origin '10.1.2' is not";
    QTest::newRow("bad prefix") << "t,p,1" + at + ",k,10.0.0.0/33" << "origin";
    QTest::newRow("bad IPv6") << "t,p,1" + at + ",k,2001:db8:10000::1" << "origin";
    QTest::newRow("too few fields") << std::string{"t,p,1"} << "3 fields, the first line names 6";
    QTest::newRow("too many fields") << "t,p,1" + at + ",k,,," << "8 fields";
    QTest::newRow("terminal escape in the message") << "t,p,\x1b[2J" + at + ",k," << "U+001B";
}

void TestHistoryReader::badVotes()
{
    QFETCH(std::string, row);
    QFETCH(QString, says);
    const std::string fine = std::string{"t,p,1,"} + kStart + ",k,10.0.0.0/8\n";
    const auto batch = all<domain::HistoryVote>("token,post,value,cast_at,vote_key,origin\n" + fine + row + "\n" + fine);
    QCOMPARE(batch.rows.size(), 2U);
    QCOMPARE(batch.bad.size(), 1U);
    QCOMPARE(batch.bad[0].line, 3U);
    QCOMPARE(batch.bad[0].file, std::string{"test.csv"});
    QCOMPARE(batch.bad[0].raw, row);
    const std::string sentence = history::sentenceOf(batch.bad[0]);
    QVERIFY2(QString::fromStdString(sentence).contains(says), sentence.c_str());
    QVERIFY(sentence.starts_with("test.csv, line 3: "));
}

void TestHistoryReader::badAttempts_data()
{
    QTest::addColumn<std::string>("row");
    QTest::addColumn<QString>("says");
    QTest::newRow("outcome") << std::string{"t,p,1767225600,,ok,"} << "rate_limited";
    QTest::newRow("sqlstate") << std::string{"t,p,1767225600,,error,4000"} << "sqlstate";
    QTest::newRow("ends before it begins") << std::string{"t,p,1767225600,1767225599,accepted,"} << "before attempted_at";
    QTest::newRow("accepted without a token") << std::string{",p,1767225600,,accepted,"} << "token is empty";
    QTest::newRow("accepted without a post") << std::string{"t,,1767225600,,accepted,"} << "post is empty";
}

void TestHistoryReader::badAttempts()
{
    QFETCH(std::string, row);
    QFETCH(QString, says);
    const auto batch = all<domain::HistoryAttempt>("token,post,attempted_at,finished_at,outcome,sqlstate\n" + row + "\n");
    QCOMPARE(batch.bad.size(), 1U);
    QVERIFY2(QString::fromStdString(batch.bad[0].reason).contains(says), batch.bad[0].reason.c_str());
}

void TestHistoryReader::namesTheLineWhereTheRecordBegins()
{
    const auto batch = all<domain::HistoryPost>("post,title\r\n1,\"two\r\nlines\"\r\n,\"no\n\nkey\"\r\n3,x,y\r\n");
    QCOMPARE(batch.rows.size(), 1U);
    QCOMPARE(batch.bad.size(), 2U);
    QCOMPARE(batch.bad[0].line, 4U);
    QCOMPARE(batch.bad[0].raw, std::string{",\"no\n\nkey\""});
    QCOMPARE(batch.bad[1].line, 7U);
}

void TestHistoryReader::batchesAreComplete()
{
    std::string text = "token,post,cast_at\n";
    for (int i = 1; i <= 1000; ++i)
        text += std::to_string(i) + (i % 10 == 0 ? ",,1\n" : ",p,1\n");
    auto reader = readerOver<domain::HistoryVote>(text);
    Batch<domain::HistoryVote> batch;
    int expected = 0;
    std::size_t bad = 0;
    for (;;) {
        const auto more = reader.next(batch, 7);
        QVERIFY(more.has_value());
        if (!*more)
            break;
        QVERIFY(batch.rows.size() + batch.bad.size() <= 7U);
        for (const auto& row : batch.rows) {
            expected += (expected + 1) % 10 == 0 ? 2 : 1;
            QCOMPARE(row.token, std::to_string(expected));
        }
        bad += batch.bad.size();
    }
    QCOMPARE(expected, 999);
    QCOMPARE(bad, 100U);
    QVERIFY(batch.rows.empty());
    QCOMPARE(reader.bytesRead(), reader.bytesTotal());
}

void TestHistoryReader::rowsAreNotMixedWithEarlierOnes()
{
    auto reader = readerOver<domain::HistoryAttempt>("token,post,attempted_at,finished_at,outcome,sqlstate\nt,p,1767225600,"
                                                     "1767225601,error,40001\nt,p,1767225602,,accepted,\n");
    Batch<domain::HistoryAttempt> batch;
    QVERIFY(*reader.next(batch, 1));
    QVERIFY(batch.rows[0].finishedAt.has_value());
    QVERIFY(*reader.next(batch, 1));
    QVERIFY(!batch.rows[0].finishedAt);
    QVERIFY(batch.rows[0].sqlstate.empty());
}

void TestHistoryReader::missingFileIsSaid()
{
    const auto missing = history::VoteFileReader::open("/nowhere/votes.csv");
    QVERIFY(!missing);
    QCOMPARE(missing.error().fault, domain::Fault::NotFound);
    const auto folder = history::VoteFileReader::open("/tmp");
    QVERIFY(!folder);
    QVERIFY(folder.error().detail.find("is a folder") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestHistoryReader)
#include "tst_history_reader.moc"
