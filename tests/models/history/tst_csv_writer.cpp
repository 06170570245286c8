#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/csv_reader.h"
#include "history/csv_writer.h"

using namespace scr;
using history::CsvStyle;

namespace {

std::string cell(std::string_view text, CsvStyle style)
{
    std::string out;
    history::appendCsvCell(out, text, style);
    return out;
}

QByteArray contentOf(const QString& path)
{
    QFile file{path};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

/// No file of this process may grow beyond so many bytes: what a full disk does, without filling one.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class TestCsvWriter : public QObject {
    Q_OBJECT

private slots:
    void exactCells_data();
    void exactCells();
    void safeCells_data();
    void safeCells();
    void hostileTextsAreNeverFormulas();
    void numbers_data();
    void numbers();
    void historyReadsBack();
    void nothingIsLeftWithoutCommit();
    void commitReplacesWhatWasThere();
    void fullDiskLeavesTheOldFile();
    void refusesOddPlaces_data();
    void refusesOddPlaces();
    void linksAndPipesStayWhatTheyAre();
    void rejectsReadBack();
};

void TestCsvWriter::exactCells_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("written");
    QTest::newRow("plain") << std::string{"abc"} << std::string{"abc"};
    QTest::newRow("empty") << std::string{} << std::string{};
    QTest::newRow("comma") << std::string{"a,b"} << std::string{"\"a,b\""};
    QTest::newRow("quote") << std::string{"a\"b"} << std::string{"\"a\"\"b\""};
    QTest::newRow("line end") << std::string{"a\r\nb"} << std::string{"\"a\r\nb\""};
    QTest::newRow("edge space") << std::string{" a"} << std::string{"\" a\""};
    QTest::newRow("formula stays what it is") << std::string{"=1+1"} << std::string{"=1+1"};
    QTest::newRow("leading zeros") << std::string{"0012"} << std::string{"0012"};
}

void TestCsvWriter::exactCells()
{
    QFETCH(std::string, text);
    QFETCH(std::string, written);
    QCOMPARE(cell(text, CsvStyle::Exact), written);
}

void TestCsvWriter::safeCells_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("written");
    QTest::newRow("plain") << std::string{"abc"} << std::string{"abc"};
    QTest::newRow("equals") << std::string{"=1+1"} << std::string{"'=1+1"};
    QTest::newRow("plus") << std::string{"+cmd"} << std::string{"'+cmd"};
    QTest::newRow("minus") << std::string{"-2+3+cmd"} << std::string{"'-2+3+cmd"};
    QTest::newRow("a negative number is a number") << std::string{"-2.5"} << std::string{"-2.5"};
    QTest::newRow("at") << std::string{"@SUM(1)"} << std::string{"'@SUM(1)"};
    QTest::newRow("tab") << std::string{"\t=1"} << std::string{"\"'\t=1\""};
    QTest::newRow("carriage return") << std::string{"\rx"} << std::string{"\"'\rx\""};
    QTest::newRow("behind spaces") << std::string{"  =1"} << std::string{"'  =1"};
    QTest::newRow("full width") << std::string{"＝1"} << std::string{"'＝1"};
    QTest::newRow("semicolon separates elsewhere") << std::string{"a;=1"} << std::string{"\"a;=1\""};
}

void TestCsvWriter::safeCells()
{
    QFETCH(std::string, text);
    QFETCH(std::string, written);
    QCOMPARE(cell(text, CsvStyle::Spreadsheet), written);
}

void TestCsvWriter::hostileTextsAreNeverFormulas()
{
    QFile file{QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/vectors/attack_strings.json")};
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the hostile texts do not lie beside the checkout");
    const QJsonArray all = QJsonDocument::fromJson(file.readAll()).array();
    QVERIFY(!all.isEmpty());
    for (const QJsonValue& one : all) {
        const std::string text = one[QStringLiteral("text")].toString().toStdString();
        if (text.empty() || text.find('\0') != std::string::npos)
            continue;
        history::CsvReader exact{history::bytesOf("x," + cell(text, CsvStyle::Exact) + "\r\n"), "exact"};
        QVERIFY(*exact.next() == history::CsvReader::Next::Record);
        QCOMPARE(std::string{exact.fields()[1]}, text);
        history::CsvReader safe{history::bytesOf("x," + cell(text, CsvStyle::Spreadsheet) + "\r\n"), "safe"};
        QVERIFY(*safe.next() == history::CsvReader::Next::Record);
        const std::string shown{safe.fields()[1]};
        const std::string start = shown.substr(0, 3);
        QVERIFY2(shown.find_first_of("=+-@\t\r\n") != 0 && start != "＋" && start != "＠", shown.c_str());
    }
}

void TestCsvWriter::numbers_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<std::string>("text");
    QTest::newRow("whole") << 12345678.0 << std::string{"12345678"};
    QTest::newRow("negative") << -3.0 << std::string{"-3"};
    QTest::newRow("negative zero") << -0.0 << std::string{"0"};
    QTest::newRow("tenth") << 0.1 << std::string{"0.1"};
    QTest::newRow("no digit lost") << 0.1 + 0.2 << std::string{"0.30000000000000004"};
    QTest::newRow("large") << 1e300 << std::string{"1e+300"};
}

void TestCsvWriter::numbers()
{
    QFETCH(double, number);
    QFETCH(std::string, text);
    QCOMPARE(history::numberText(number), text);
}

void TestCsvWriter::historyReadsBack()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("attempts.csv")).toStdString();
    const domain::UtcTime at = domain::timeOf(1'767'225'600'123'456);
    const domain::HistoryAttempt row{"t,1",   "p\"2\"", -1.5,       at, at + domain::Micros{7}, domain::AttemptOutcome::Error,
                                     "40001", "",       "10.0.0.1", "r"};
    auto writer = history::HistoryWriter<domain::HistoryAttempt>::create(path);
    QVERIFY(writer.has_value());
    for (int i = 0; i < 20'000; ++i)
        QVERIFY(writer->write(row).has_value());
    QVERIFY(writer->commit().has_value());
    auto reader = history::AttemptFileReader::open(path);
    QVERIFY(reader.has_value());
    history::Batch<domain::HistoryAttempt> batch;
    std::size_t rows = 0;
    for (auto more = reader->next(batch); more && *more; more = reader->next(batch)) {
        QVERIFY(batch.bad.empty());
        for (const auto& one : batch.rows)
            QVERIFY(one == row);
        rows += batch.rows.size();
    }
    QCOMPARE(rows, 20'000U);
}

void TestCsvWriter::nothingIsLeftWithoutCommit()
{
    const QTemporaryDir folder;
    {
        auto file = history::AtomicFile::create(folder.filePath(QStringLiteral("a.csv")).toStdString());
        QVERIFY(file.has_value());
        QVERIFY(file->write("half").has_value());
    }
    QVERIFY(QDir{folder.path()}.isEmpty());
}

void TestCsvWriter::commitReplacesWhatWasThere()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.csv"));
    QVERIFY(history::writeFile(path.toStdString(), "old").has_value());
    auto file = history::AtomicFile::create(path.toStdString());
    QVERIFY(file->write("new").has_value());
    QCOMPARE(contentOf(path), QByteArray{"old"});
    QVERIFY(file->commit().has_value());
    QCOMPARE(contentOf(path), QByteArray{"new"});
    QCOMPARE(QDir{folder.path()}.entryList(QDir::Files).size(), 1);
}

void TestCsvWriter::fullDiskLeavesTheOldFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.csv"));
    QVERIFY(history::writeFile(path.toStdString(), "old").has_value());
    domain::Status written = domain::Nothing{};
    {
        const FileSizeLimit limit{100'000};
        written = history::writeFile(path.toStdString(), std::string(300'000, 'x'));
    }
    QVERIFY(!written);
    QCOMPARE(written.error().fault, domain::Fault::Unavailable);
    QVERIFY(!written.error().remedy.empty());
    QCOMPARE(contentOf(path), QByteArray{"old"});
    QCOMPARE(QDir{folder.path()}.entryList(QDir::Files).size(), 1);
}

void TestCsvWriter::refusesOddPlaces_data()
{
    QTest::addColumn<std::string>("path");
    QTest::newRow("no name") << std::string{};
    QTest::newRow("a folder") << std::string{"/tmp"};
    QTest::newRow("no such folder") << std::string{"/nowhere/at/all.csv"};
}

void TestCsvWriter::refusesOddPlaces()
{
    QFETCH(std::string, path);
    const auto file = history::AtomicFile::create(path);
    QVERIFY(!file);
    QVERIFY(!file.error().remedy.empty());
}

void TestCsvWriter::linksAndPipesStayWhatTheyAre()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("a.csv")).toStdString();
    const std::string link = folder.filePath(QStringLiteral("link.csv")).toStdString();
    QVERIFY(history::writeFile(path, "old").has_value());
    QCOMPARE(::symlink(path.c_str(), link.c_str()), 0);
    QVERIFY(history::writeFile(link, "new").has_value());
    QCOMPARE(contentOf(QString::fromStdString(path)), QByteArray{"new"});
    QVERIFY(QFileInfo{QString::fromStdString(link)}.isSymLink());

    const std::string dangling = folder.filePath(QStringLiteral("dangling.csv")).toStdString();
    QCOMPARE(::symlink("b.csv", dangling.c_str()), 0);
    QVERIFY(history::writeFile(dangling, "far").has_value());
    QCOMPARE(contentOf(folder.filePath(QStringLiteral("b.csv"))), QByteArray{"far"});
    QVERIFY(QFileInfo{QString::fromStdString(dangling)}.isSymLink());

    // What a shell appends to stays, and is appended to.
    const int appended = ::open(path.c_str(), O_WRONLY | O_APPEND);
    QVERIFY(history::writeFile("/dev/fd/" + std::to_string(appended), " and more").has_value());
    ::close(appended);
    QCOMPARE(contentOf(QString::fromStdString(path)), QByteArray{"new and more"});

    const std::string pipe = folder.filePath(QStringLiteral("pipe")).toStdString();
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    QVERIFY(history::writeFile(pipe, "through").has_value());
    std::array<char, 16> read{};
    QCOMPARE(::read(reader, read.data(), read.size()), ssize_t{7});
    QCOMPARE(QByteArray(read.data()), QByteArray{"through"});
    ::close(reader);
    const QFileInfo facts{QString::fromStdString(pipe)};
    QVERIFY(facts.exists() && !facts.isFile());
}

void TestCsvWriter::rejectsReadBack()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("rejects.csv"));
    auto rejects = history::RejectFile::create(path.toStdString());
    QVERIFY(rejects.has_value());
    QVERIFY(rejects->add({"votes.csv", 17, "value 'x' is not a number", "a,\"b\nc\",x"}).has_value());
    QVERIFY(rejects->commit().has_value());
    QCOMPARE(contentOf(path), QByteArray{"file,line,reason,raw\nvotes.csv,17,value 'x' is not a number,\"a,\"\"b\nc\"\",x\"\n"});
}

QTEST_APPLESS_MAIN(TestCsvWriter)
#include "tst_csv_writer.moc"
