#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <string>

#include "history/scan_files.h"

using namespace scr;

namespace {

std::string put(const QTemporaryDir& folder, const char* name, const QByteArray& text)
{
    const QString path = folder.filePath(QString::fromLatin1(name));
    QFile file{path};
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        throw std::runtime_error{"the test cannot write its files"};
    return path.toStdString();
}

} // namespace

class TestScanFiles : public QObject {
    Q_OBJECT

private slots:
    void fillsTheColumns();
    void numbersVotesWithoutKeys();
    void keepsToTheRange();
    void takesFilesOfOthers();
    void badLinesEndItUnlessAskedFor();
    void canBeStopped();
    void realHistory();
};

void TestScanFiles::fillsTheColumns()
{
    const QTemporaryDir folder;
    const std::string votes =
        put(folder, "v.csv", "vote_key,token,post,value,cast_at\nv1,t1,p1,1,100\nv2,t2,p1,-1,101\n7,t1,p2,0.5,102\n");
    const std::string attempts =
        put(folder, "a.csv",
            "token,post,attempted_at,finished_at,outcome,vote_key,request_key\nt2,p1,100.5,101,accepted,v2,r-1\n"
            ",p3,103,,invalid_token,,\n");
    const std::string posts = put(folder, "p.csv", "post,counter\np1,3\np9,\n");
    const auto input = history::loadScanInput({votes, attempts, posts, {}});
    QVERIFY2(input.has_value(), input ? "" : input.error().detail.c_str());
    QCOMPARE(input->votes.size(), 3U);
    QCOMPARE(input->votes.voteKeys.at(1), std::string{"v2"});
    QCOMPARE(input->votes.voteKeys.at(2), std::string{"7"});
    QCOMPARE(input->votes.tokens.key(input->votes.token[2]), std::string{"t1"});
    QCOMPARE(input->votes.castAt[1], 101'000'000);
    QCOMPARE(input->votes.value[2], 0.5F);
    QVERIFY(input->hasAttempts);
    QCOMPARE(input->attempts.size(), 2U);
    QCOMPARE(input->attempts.token[0], input->votes.token[1]);
    QCOMPARE(input->attempts.token[1], domain::kNoIndex);
    QCOMPARE(input->attempts.finishedAt[0], 101'000'000);
    QCOMPARE(input->attempts.finishedAt[1], 103'000'000);
    QCOMPARE(input->attempts.votes.at(0), std::string{"v2"});
    QVERIFY(input->attempts.sqlstate.empty());
    QVERIFY(input->attempts.request[0] != 0);
    QCOMPARE(input->attempts.request[1], std::uint64_t{0});
    QVERIFY(input->hasCounters);
    QCOMPARE(input->posts.counter[0], 3.0);
    QVERIFY(std::isnan(input->posts.counter[1]));
}

void TestScanFiles::numbersVotesWithoutKeys()
{
    const QTemporaryDir folder;
    const auto input = history::loadScanInput({put(folder, "v.csv", "token,post,cast_at\n1,1,100\n1,2,101\n"), "", "", {}});
    QVERIFY(input.has_value());
    QCOMPARE(input->votes.voteKeys.at(0), std::string{"1"});
    QCOMPARE(input->votes.voteKeys.at(1), std::string{"2"});
    QVERIFY(!input->hasAttempts);
    QVERIFY(!input->hasCounters);
}

/// With columns of their own and pseudonyms for addresses, where an import would not take either.
void TestScanFiles::takesFilesOfOthers()
{
    const QTemporaryDir folder;
    const std::string votes = put(folder, "v.csv",
                                  "user,token,post,cast_at,origin\n1,t1,p1,100,h-77aa\n1,t2,p1,101,h-77aa\n"
                                  "2,t3,p1,102,h-77ab\n2,t4,p1,103,\n2,t5,p1,104,10.1.2.3\n");
    const std::string attempts = put(folder, "a.csv", "token,post,attempted_at,outcome,origin\nt1,p1,100,accepted,h-77aa\n");
    std::vector<std::string> notices;
    const auto input =
        history::loadScanInput({votes, attempts, {}, {}}, {}, {}, [&](const std::string& notice) { notices.push_back(notice); });
    QVERIFY2(input.has_value(), input ? "" : domain::sentenceOf(input.error()).c_str());
    const domain::VoteColumns& read = input->votes;
    QCOMPARE(read.size(), std::size_t{5});
    QCOMPARE(read.network[0], read.network[1]);
    QVERIFY(read.network[1] != read.network[2]);
    QCOMPARE(read.network[3], domain::kNoIndex);
    QCOMPARE(input->attempts.origin.front(), std::string{"h-77aa"});
    QCOMPARE(notices.size(), std::size_t{2});
    QVERIFY2(notices[0].find("'user'") != std::string::npos, notices[0].c_str());
    QVERIFY2(notices[1].starts_with("3 votes"), notices[1].c_str());
    QVERIFY(!history::VoteFileReader::open(votes).has_value());
}

void TestScanFiles::keepsToTheRange()
{
    const QTemporaryDir folder;
    const std::string votes = put(folder, "v.csv", "token,post,cast_at\n1,1,100\n1,2,101\n1,3,102\n");
    const domain::TimeRange range{domain::timeOf(101'000'000), domain::timeOf(102'000'000)};
    const auto input = history::loadScanInput({votes, "", "", range});
    QVERIFY(input.has_value());
    QCOMPARE(input->votes.size(), 1U);
    QCOMPARE(input->votes.voteKeys.at(0), std::string{"2"}); // its number in the file, not among those in range
    QVERIFY(input->range == range);
}

void TestScanFiles::badLinesEndItUnlessAskedFor()
{
    const QTemporaryDir folder;
    const std::string votes = put(folder, "v.csv", "token,post,cast_at\n1,1,100\n1,2,never\n1,3,102\n");
    const auto refused = history::loadScanInput({votes, "", "", {}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, domain::Fault::Invalid);
    QVERIFY(refused.error().detail.find("line 3") != std::string::npos);
    std::vector<history::BadLine> bad;
    const auto input = history::loadScanInput({votes, "", "", {}}, {}, [&](const history::BadLine& line) {
        bad.push_back(line);
        return true;
    });
    QVERIFY(input.has_value());
    QCOMPARE(input->votes.size(), 2U);
    QCOMPARE(bad.size(), 1U);
}

void TestScanFiles::canBeStopped()
{
    const QTemporaryDir folder;
    QByteArray text = "token,post,cast_at\n";
    for (int i = 0; i < 20'000; ++i)
        text += "1,2,100\n";
    const std::string votes = put(folder, "v.csv", text);
    int calls = 0;
    const auto input = history::loadScanInput({votes, "", "", {}}, [&](std::uint64_t done, std::uint64_t total) {
        Q_ASSERT(done <= total);
        return ++calls < 2;
    });
    QVERIFY(!input);
    QCOMPARE(input.error().fault, domain::Fault::Cancelled);
    QCOMPARE(calls, 2);
}

void TestScanFiles::realHistory()
{
    const std::string data = SCRUTINEER_SOURCE_DIR "/../shared/data/";
    if (!QFile::exists(QString::fromStdString(data + "bitcoin-otc.csv")))
        QSKIP("the real histories do not lie beside the checkout");
    const auto otc = history::loadScanInput({data + "bitcoin-otc.csv", "", "", {}});
    QVERIFY2(otc.has_value(), otc ? "" : otc.error().detail.c_str());
    QCOMPARE(otc->votes.size(), 35'592U);
    const auto poll = history::loadScanInput({data + "openprespoll.csv", "", "", {}});
    QVERIFY2(poll.has_value(), poll ? "" : poll.error().detail.c_str());
    QCOMPARE(poll->votes.size(), 10'396U);
    QCOMPARE(poll->votes.posts.size(), 15U);
    const auto packed = history::loadScanInput({data + "higgs-retweets.csv.gz", "", "", {}});
    QVERIFY(!packed);
    QVERIFY(packed.error().remedy.find("gunzip") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestScanFiles)
#include "tst_scan_files.moc"
