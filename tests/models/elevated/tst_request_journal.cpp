#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include "elevated/request_journal.h"

using namespace scr;
using elevated::RequestJournal;
using elevated::WriteCall;

class TestRequestJournal : public QObject {
    Q_OBJECT

private slots:
    void sentAndNotFinishedIsUnfinished();
    void survivesATornLine();
    void manyWritersLoseNothing();
    void anUnwritableJournalSaysSo();
    void hostileBytes();
    void aLongJournalKeepsOnlyWhatIsUnfinished();
    void shortenedWhileOthersWrite();
    void linesOfEarlierVersions();
};

namespace {

WriteCall call(const std::string& id)
{
    return {domain::RequestId{id}, "void_votes", {"{\"1\"}", "digest", std::nullopt}};
}

} // namespace

void TestRequestJournal::sentAndNotFinishedIsUnfinished()
{
    const QTemporaryDir dir;
    const RequestJournal journal{dir.path().toStdString() + "/new/folder"};
    QVERIFY(journal.unfinished()->empty());
    QVERIFY(journal.sending(call("a"), "here"));
    QVERIFY(journal.sending(call("b"), "there"));
    QVERIFY(journal.finished(call("a"), "elsewhere", "done"));
    QCOMPARE(journal.unfinished()->size(), std::size_t{2});
    QVERIFY(journal.finished(call("a"), "here", "done"));
    const auto open = RequestJournal{dir.path().toStdString() + "/new/folder"}.unfinished();
    QVERIFY(open.has_value());
    QCOMPARE(open->size(), std::size_t{1});
    QCOMPARE(open->front().call, call("b"));
    QCOMPARE(open->front().target, std::string{"there"});
    QCOMPARE(QFile::permissions(QString::fromStdString(journal.file().string())) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions{});
}

void TestRequestJournal::survivesATornLine()
{
    const QTemporaryDir dir;
    const RequestJournal journal{dir.path().toStdString()};
    QVERIFY(journal.sending(call("a"), "here"));
    QFile file{QString::fromStdString(journal.file().string())};
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"at\":17,\"requ");
    file.close();
    QVERIFY(journal.sending(call("b"), "here"));
    const auto open = journal.unfinished();
    QVERIFY(open.has_value());
    QCOMPARE(open->size(), std::size_t{2});
}

void TestRequestJournal::manyWritersLoseNothing()
{
    const QTemporaryDir dir;
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&dir, writer] {
            const RequestJournal journal{dir.path().toStdString()};
            for (int i = 0; i < 25; ++i)
                static_cast<void>(journal.sending(call(std::to_string(writer) + "-" + std::to_string(i)), "here"));
        });
    }
    writers.clear();
    QCOMPARE(RequestJournal{dir.path().toStdString()}.unfinished()->size(), std::size_t{100});
}

void TestRequestJournal::anUnwritableJournalSaysSo()
{
    const RequestJournal journal{"/proc/scrutineer"};
    const auto refused = journal.sending(call("a"), "here");
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, domain::Fault::Unavailable);
    QVERIFY(refused.error().remedy.find("nothing was sent") != std::string::npos);
}

void TestRequestJournal::hostileBytes()
{
    const QTemporaryDir dir;
    const RequestJournal journal{dir.path().toStdString()};
    WriteCall odd = call("a");
    odd.arguments = {std::string{"\xff\n\"\0x", 5}};
    QVERIFY(journal.sending(odd, "here"));
    const auto open = journal.unfinished();
    QVERIFY(open.has_value());
    QCOMPARE(open->size(), std::size_t{1});
}

void TestRequestJournal::aLongJournalKeepsOnlyWhatIsUnfinished()
{
    const QTemporaryDir dir;
    const RequestJournal journal{dir.path().toStdString()};
    WriteCall open = call("open");
    open.arguments.back() = "why";
    QVERIFY(journal.sending(open, "here"));
    const auto sentAt = journal.unfinished()->front().sentAt;
    WriteCall large = call("large");
    large.arguments.front() = std::string(1'100'000, 'x');
    QVERIFY(journal.sending(large, "here"));
    QVERIFY(journal.finished(large, "here", "done"));
    QVERIFY(QFile{QString::fromStdString(journal.file().string())}.size() < 1000);
    const auto left = journal.unfinished();
    QVERIFY(left.has_value());
    QCOMPARE(left->size(), std::size_t{1});
    QCOMPARE(left->front().call, open);
    QCOMPARE(left->front().sentAt, sentAt);
    QCOMPARE(QFile::permissions(QString::fromStdString(journal.file().string())) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions{});
}

/// Outcomes had no target, and recorded flags were kept.
void TestRequestJournal::linesOfEarlierVersions()
{
    const QTemporaryDir dir;
    const RequestJournal journal{dir.path().toStdString()};
    QVERIFY(journal.sending(call("a"), "here"));
    QVERIFY(journal.sending(call("b"), "here"));
    QFile file{QString::fromStdString(journal.file().string())};
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"at\":17,\"request\":\"a\",\"function\":\"void_votes\",\"outcome\":\"done\"}\n"
               "{\"at\":18,\"target\":\"here\",\"request\":\"c\",\"function\":\"record_flags\",\"arguments\":[\"[]\"]}\n");
    file.close();
    const auto open = journal.unfinished();
    QVERIFY(open.has_value());
    QCOMPARE(open->size(), std::size_t{1});
    QCOMPARE(open->front().call.request.text, std::string{"b"});
}

void TestRequestJournal::shortenedWhileOthersWrite()
{
    const QTemporaryDir dir;
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&dir, writer] {
            const RequestJournal journal{dir.path().toStdString()};
            for (int i = 0; i < 12; ++i) {
                WriteCall large = call("large " + std::to_string(writer) + "-" + std::to_string(i));
                large.arguments.front() = std::string(200'000, 'x');
                static_cast<void>(journal.sending(call(std::to_string(writer) + "-" + std::to_string(i)), "here"));
                static_cast<void>(journal.sending(large, "here"));
                static_cast<void>(journal.finished(large, "here", "done"));
            }
        });
    }
    writers.clear();
    const RequestJournal journal{dir.path().toStdString()};
    QCOMPARE(journal.unfinished()->size(), std::size_t{48});
    QVERIFY(QFile{QString::fromStdString(journal.file().string())}.size() < 2'000'000);
}

QTEST_GUILESS_MAIN(TestRequestJournal)
#include "tst_request_journal.moc"
