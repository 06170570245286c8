#include <limits>
#include <map>
#include <random>

#include <QTest>

#include "domain/key_column.h"

using namespace scr::domain;

class TestKeys : public QObject {
    Q_OBJECT
private slots:
    void keepsEveryTextAsItIs_data();
    void keepsEveryTextAsItIs();
    void appendsMixedLists();
    void givesIndicesInOrderOfFirstSight();
    void agreesWithAMap();
    void numbersTakeEightBytes();
};

void TestKeys::keepsEveryTextAsItIs_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "0", "-0", "7", "007", "-7", "+7", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
          "-9223372036854775809", "1.0", " 1", "1 ", "a1", "00000000-0000-0000-0000-000000000001", "東京", "-"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestKeys::keepsEveryTextAsItIs()
{
    QFETCH(QString, text);
    const std::string key = text.toStdString();
    KeyList list;
    list.push(std::int64_t{5});
    list.push(key);
    list.push("tail");
    QCOMPARE(list.at(1), key);
    KeyTable table;
    QCOMPARE(table.find(key), std::numeric_limits<KeyTable::Index>::max());
    QCOMPARE(table.intern("before"), 0U);
    QCOMPARE(table.intern(key), 1U);
    QCOMPARE(table.intern(key), 1U);
    QCOMPARE(table.find(key), 1U);
    QCOMPARE(table.key(1), key);
}

void TestKeys::appendsMixedLists()
{
    const std::vector<std::string> first{"1", "a", "22"};
    const std::vector<std::string> second{"b", "3", "007"};
    for (const bool textFirst : {true, false}) {
        KeyList list;
        KeyList other;
        for (const auto& key : textFirst ? first : std::vector<std::string>{"1", "2"})
            list.push(key);
        for (const auto& key : textFirst ? second : first)
            other.push(key);
        std::vector<std::string> expected;
        for (std::size_t row = 0; row < list.size(); ++row)
            expected.push_back(list.at(row));
        for (std::size_t row = 0; row < other.size(); ++row)
            expected.push_back(other.at(row));
        list.append(other);
        list.push("end");
        expected.emplace_back("end");
        for (std::size_t row = 0; row < expected.size(); ++row)
            QCOMPARE(list.at(row), expected[row]);
    }
}

void TestKeys::givesIndicesInOrderOfFirstSight()
{
    KeyTable table;
    QCOMPARE(table.intern(std::int64_t{40}), 0U);
    QCOMPARE(table.intern("x"), 1U);
    QCOMPARE(table.intern("40"), 0U);
    QCOMPARE(table.intern(std::int64_t{0}), 2U);
    QCOMPARE(table.find("x"), 1U);
    QCOMPARE(table.size(), std::size_t{3});
}

void TestKeys::agreesWithAMap()
{
    std::mt19937_64 random{11};
    std::map<std::string, KeyTable::Index> expected;
    KeyTable table;
    for (int step = 0; step < 200'000; ++step) {
        const std::uint64_t number = random() % 30'000;
        const std::string key =
            number % 3 == 0 ? "t" + std::to_string(number) : std::to_string(static_cast<std::int64_t>(number) - 15'000);
        const auto [place, isNew] = expected.emplace(key, static_cast<KeyTable::Index>(expected.size()));
        QCOMPARE(table.intern(std::string_view{key}), place->second);
    }
    QCOMPARE(table.size(), expected.size());
    for (const auto& [key, index] : expected) {
        QCOMPARE(table.find(key), index);
        QCOMPARE(table.key(index), key);
    }
}

void TestKeys::numbersTakeEightBytes()
{
    KeyList list;
    list.reserve(1000);
    for (std::int64_t key = 0; key < 1000; ++key)
        list.push(std::to_string(key));
    list.shrinkToFit();
    QVERIFY(list.bytes() < 8100);
}

QTEST_APPLESS_MAIN(TestKeys)
#include "tst_keys.moc"
