#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "history/csv_reader.h"
#include "history/csv_writer.h"

using namespace scr;
using history::CsvReader;

namespace {

struct Record {
    std::uint64_t line;
    std::vector<std::string> fields; ///< of a bad record: its problem
    bool bad = false;
    friend bool operator==(const Record&, const Record&) = default;
};

std::vector<Record> recordsOf(CsvReader& reader)
{
    std::vector<Record> records;
    for (;;) {
        const auto next = reader.next();
        if (!next)
            throw std::runtime_error{domain::sentenceOf(next.error())};
        if (*next == CsvReader::Next::End)
            return records;
        Record record{reader.line(), {}, *next == CsvReader::Next::Bad};
        if (record.bad)
            record.fields.emplace_back(reader.problem());
        else
            record.fields.assign(reader.fields().begin(), reader.fields().end());
        records.push_back(std::move(record));
    }
}

std::vector<Record> recordsOf(std::string text)
{
    CsvReader reader{history::bytesOf(std::move(text)), "test.csv"};
    return recordsOf(reader);
}

Record good(std::uint64_t line, std::vector<std::string> fields)
{
    return {line, std::move(fields), false};
}

/// A source that hands out its text in small pieces, as a pipe does.
class Dribble : public history::ByteSource {
public:
    Dribble(std::string text, std::size_t piece) : m_text{std::move(text)}, m_piece{piece} {}
    domain::Result<std::size_t> read(std::span<char> into) override
    {
        const std::size_t count = std::min({into.size(), m_piece, m_text.size() - m_at});
        std::copy_n(m_text.data() + m_at, count, into.data());
        m_at += count;
        return count;
    }
    std::uint64_t size() const noexcept override { return 0; }

private:
    std::string m_text;
    std::size_t m_piece;
    std::size_t m_at = 0;
};

QString spectrum()
{
    return QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/vectors/csv-spectrum");
}

} // namespace

class TestCsvReader : public QObject {
    Q_OBJECT

private slots:
    void wellFormed_data();
    void wellFormed();
    void malformed_data();
    void malformed();
    void refusedAltogether_data();
    void refusedAltogether();
    void goesOnBehindABadRecord();
    void unclosedQuoteCostsOneLine();
    void longLineCostsOneLine();
    void longestRecordIsRead();
    void sameForAnySizeOfRead();
    void writesAndReadsBackAnything();
    void csvSpectrum_data();
    void csvSpectrum();
    void countsItsBytes();
};

void TestCsvReader::wellFormed_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::vector<Record>>("records");
    const auto two = std::vector{good(1, {"a", "b"}), good(2, {"1", "2"})};
    QTest::newRow("LF") << std::string{"a,b\n1,2\n"} << two;
    QTest::newRow("CR LF") << std::string{"a,b\r\n1,2\r\n"} << two;
    QTest::newRow("no line end at the end") << std::string{"a,b\n1,2"} << two;
    QTest::newRow("byte order mark") << std::string{"\xef\xbb\xbf"
                                                    "a,b\n1,2\n"}
                                     << two;
    QTest::newRow("empty") << std::string{} << std::vector<Record>{};
    QTest::newRow("only a byte order mark") << std::string{"\xef\xbb\xbf"} << std::vector<Record>{};
    QTest::newRow("empty lines count as lines")
        << std::string{"\na,b\n\r\n\n1,2\n\n"} << std::vector{good(2, {"a", "b"}), good(5, {"1", "2"})};
    QTest::newRow("empty fields") << std::string{",\n\"\",\"\"\n,,"}
                                  << std::vector{good(1, {"", ""}), good(2, {"", ""}), good(3, {"", "", ""})};
    QTest::newRow("quotes") << std::string{"\"a,b\",\"c\"\"d\"\n\"\"\"\"\n"}
                            << std::vector{good(1, {"a,b", "c\"d"}), good(2, {"\""})};
    QTest::newRow("doubled quotes twice in one record")
        << std::string{"\"a\"\"\",\"\"\"b\"\n"} << std::vector{good(1, {"a\"", "\"b"})};
    QTest::newRow("line ends in quotes") << std::string{"\"a\nb\r\nc\",2\nx,y\n"}
                                         << std::vector{good(1, {"a\nb\r\nc", "2"}), good(4, {"x", "y"})};
    QTest::newRow("quoted last field at the end") << std::string{"a,\"b\""} << std::vector{good(1, {"a", "b"})};
    QTest::newRow("spaces are kept") << std::string{" a , b \n"} << std::vector{good(1, {" a ", " b "})};
    QTest::newRow("UTF-8") << std::string{"ʤ,夜行列車\n"} << std::vector{good(1, {"ʤ", "夜行列車"})};
}

void TestCsvReader::wellFormed()
{
    QFETCH(std::string, text);
    QFETCH(std::vector<Record>, records);
    QVERIFY(recordsOf(text) == records);
}

void TestCsvReader::malformed_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("quote in a plain field") << std::string{"5\" disk,1\n"} << "quote stands inside a field";
    QTest::newRow("text behind a quote") << std::string{"\"a\"b,1\n"} << "text follows a closing quote";
    QTest::newRow("never closed") << std::string{"\"a,1\n"} << "not closed before the end";
    QTest::newRow("lone CR") << std::string{"a\rb\n"} << "carriage return";
    QTest::newRow("CR at the end") << std::string{"a\r"} << "carriage return";
    QTest::newRow("NUL") << std::string{"a\0b\n", 4} << "NUL";
    QTest::newRow("NUL in quotes") << std::string{"\"a\0b\"\n", 6} << "NUL";
    QTest::newRow("Latin-1") << std::string{"caf\xe9,1\n"} << "UTF-8";
    QTest::newRow("overlong UTF-8") << std::string{"\xc0\xaf,1\n"} << "UTF-8";
    QTest::newRow("surrogate") << std::string{"\xed\xa0\x80,1\n"} << "UTF-8";
    QTest::newRow("very many fields") << std::string(5000, ',') + "\n" << "4096 fields";
}

void TestCsvReader::malformed()
{
    QFETCH(std::string, text);
    QFETCH(QString, says);
    const std::vector<Record> records = recordsOf("head,er\n" + text + "x,y\n");
    QVERIFY(records.size() >= 2);
    QCOMPARE(records[1].line, 2U);
    QVERIFY(records[1].bad);
    QVERIFY2(QString::fromStdString(records[1].fields[0]).contains(says), records[1].fields[0].c_str());
    const bool nothingFollows = text.find('\n') == std::string::npos; // the next line became part of the bad one
    if (!nothingFollows)
        QVERIFY(records.back() == good(3, {"x", "y"}));
}

void TestCsvReader::refusedAltogether_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("gzip") << std::string{"\x1f\x8b\x08\x00", 4} << "gunzip";
    QTest::newRow("zstd") << std::string{"\x28\xb5\x2f\xfd"} << "zstd -d";
    QTest::newRow("xz") << std::string{"\xfd"
                                       "7zXZ"}
                        << "unxz";
    QTest::newRow("xlsx") << std::string{"PK\x03\x04"} << "export the sheet";
    QTest::newRow("UTF-16 little endian") << std::string{"\xff\xfe"
                                                         "a\0",
                                                         4}
                                          << "iconv";
    QTest::newRow("UTF-16 big endian") << std::string{"\xfe\xff\0a", 4} << "iconv";
}

void TestCsvReader::refusedAltogether()
{
    QFETCH(std::string, text);
    QFETCH(QString, says);
    CsvReader reader{history::bytesOf(text), "test.csv"};
    const auto next = reader.next();
    QVERIFY(!next);
    QCOMPARE(next.error().fault, domain::Fault::Invalid);
    const std::string sentence = domain::sentenceOf(next.error());
    QVERIFY2(QString::fromStdString(sentence).contains(says), sentence.c_str());
}

void TestCsvReader::goesOnBehindABadRecord()
{
    CsvReader reader{history::bytesOf("a,b\n\"x\ny\"z,1\r\nc,d\n"), "test.csv"};
    QVERIFY(*reader.next() == CsvReader::Next::Record);
    QVERIFY(*reader.next() == CsvReader::Next::Bad);
    QCOMPARE(reader.line(), 2U);
    QCOMPARE(std::string{reader.raw()}, std::string{"\"x\ny\"z,1"});
    QVERIFY(*reader.next() == CsvReader::Next::Record);
    QCOMPARE(reader.line(), 4U);
    QCOMPARE(std::string{reader.raw()}, std::string{"c,d"});
}

void TestCsvReader::unclosedQuoteCostsOneLine()
{
    std::string text = "a,b\n\"open,1\n";
    for (int i = 0; i < 200'000; ++i)
        text += "12345,6\n";
    const std::vector<Record> records = recordsOf(text);
    QCOMPARE(records.size(), 200'002U);
    QVERIFY(records[1].bad);
    QVERIFY(records[2] == good(3, {"12345", "6"}));
    QCOMPARE(std::count_if(records.begin(), records.end(), [](const Record& one) { return one.bad; }), 1);
}

void TestCsvReader::longLineCostsOneLine()
{
    for (const std::size_t length :
         {CsvReader::kLongestRecord + 1, 5 * CsvReader::kLongestRecord, 20 * CsvReader::kLongestRecord + 7}) {
        CsvReader reader{std::make_unique<Dribble>("a,b\n" + std::string(length, 'x') + "\nc,d\n", 60'000), "test.csv"};
        QVERIFY(*reader.next() == CsvReader::Next::Record);
        QVERIFY(*reader.next() == CsvReader::Next::Bad);
        QCOMPARE(reader.line(), 2U);
        QVERIFY(QString::fromUtf8(reader.problem().data(), static_cast<qsizetype>(reader.problem().size()))
                    .contains(QStringLiteral("1 MiB")));
        QVERIFY(*reader.next() == CsvReader::Next::Record);
        QCOMPARE(reader.line(), 3U);
        QVERIFY(*reader.next() == CsvReader::Next::End);
    }
}

void TestCsvReader::longestRecordIsRead()
{
    const std::string field(CsvReader::kLongestRecord - 2, 'x');
    QVERIFY(recordsOf("a,b\n" + field + ",y\r\nc,d\n")[1] == good(2, {field, "y"}));
}

void TestCsvReader::sameForAnySizeOfRead()
{
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += "plain,\"quo\"\"ted\",\"two\r\nlines\"\r\nbad\"one,1\n\xc3\xa4,2,3\n";
    const std::vector<Record> whole = recordsOf(text);
    QCOMPARE(whole.size(), 900U);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 4096U}) {
        CsvReader reader{std::make_unique<Dribble>(text, piece), "test.csv"};
        QVERIFY(recordsOf(reader) == whole);
    }
}

void TestCsvReader::writesAndReadsBackAnything()
{
    std::mt19937 random{7};
    const std::string_view pieces[] = {"a", ",", "\"", "\n", "\r\n", " ", "=1", "é", "夜", "\t", "'", ";"};
    for (int round = 0; round < 500; ++round) {
        std::vector<std::string> cells{"first"}; // an empty single cell would be an empty line
        for (std::size_t cell = 0; cell < random() % 5; ++cell) {
            cells.emplace_back();
            for (std::size_t i = 0; i < random() % 8; ++i)
                cells.back() += pieces[random() % std::size(pieces)];
        }
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            line += i > 0 ? "," : "";
            history::appendCsvCell(line, cells[i], history::CsvStyle::Exact);
        }
        const std::vector<Record> records = recordsOf(line + "\r\n");
        QCOMPARE(records.size(), 1U);
        QVERIFY2(records[0] == good(1, cells), line.c_str());
    }
}

void TestCsvReader::csvSpectrum_data()
{
    QTest::addColumn<QString>("name");
    const QStringList files = QDir{spectrum() + QStringLiteral("/csvs")}.entryList({QStringLiteral("*.csv")});
    for (const QString& file : files)
        QTest::newRow(qPrintable(file)) << file.chopped(4);
    if (files.isEmpty())
        QTest::newRow("not there") << QString{};
}

void TestCsvReader::csvSpectrum()
{
    QFETCH(QString, name);
    if (name.isEmpty())
        QSKIP("the csv-spectrum vectors do not lie beside the checkout");
    auto bytes = history::openBytes((spectrum() + QStringLiteral("/csvs/%1.csv").arg(name)).toStdString());
    QVERIFY(bytes);
    CsvReader reader{std::move(*bytes), name.toStdString()};
    const std::vector<Record> records = recordsOf(reader);
    if (name == QStringLiteral("location_coordinates")) { // Latin-1, with a quote in a plain field: neither is RFC 4180 in UTF-8
        QVERIFY(records[1].bad);
        return;
    }
    QFile json{spectrum() + QStringLiteral("/json/%1.json").arg(name)};
    QVERIFY(json.open(QIODevice::ReadOnly));
    const QJsonArray expected = QJsonDocument::fromJson(json.readAll()).array();
    QCOMPARE(static_cast<qsizetype>(records.size()) - 1, expected.size());
    for (qsizetype row = 0; row < expected.size(); ++row) {
        const QJsonObject object = expected[row].toObject();
        const Record& record = records[static_cast<std::size_t>(row) + 1];
        QCOMPARE(static_cast<qsizetype>(record.fields.size()), object.size());
        for (std::size_t i = 0; i < record.fields.size(); ++i)
            QCOMPARE(QString::fromStdString(record.fields[i]),
                     object.value(QString::fromStdString(records[0].fields[i])).toString());
    }
}

void TestCsvReader::countsItsBytes()
{
    const std::string text = "a,b\n1,2\n";
    CsvReader reader{history::bytesOf(text), "test.csv"};
    QCOMPARE(reader.bytesTotal(), 8U);
    QVERIFY(reader.next().has_value());
    QCOMPARE(reader.bytesRead(), 4U);
    QVERIFY(reader.next().has_value());
    QCOMPARE(reader.bytesRead(), 8U);
}

QTEST_APPLESS_MAIN(TestCsvReader)
#include "tst_csv_reader.moc"
