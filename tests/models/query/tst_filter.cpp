#include <QTest>

#include <random>
#include <string>

#include "query/query.h"

using namespace scr;
using query::Field;
using query::Filter;
using query::Op;

class TestFilter : public QObject {
    Q_OBJECT

private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void textReadsBack();
    void valuesNeverReachTheSql();
    void sql_data();
    void sql();
    void timesAreExact();
    void everythingIsNoCondition();
};

void TestFilter::reads_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Filter>("filter");
    QTest::newRow("empty") << std::string{} << Filter{};
    QTest::newRow("blank") << std::string{"  \t "} << Filter{};
    QTest::newRow("one") << std::string{"token=tok_7"} << Filter{{{Field::Token, Op::Equal, "tok_7"}}};
    QTest::newRow("colon") << std::string{"token:tok_7"} << Filter{{{Field::Token, Op::Equal, "tok_7"}}};
    QTest::newRow("capitals") << std::string{"Token=A"} << Filter{{{Field::Token, Op::Equal, "A"}}};
    QTest::newRow("several") << std::string{"token=7  state!=voided value>=0.5 origin=10.1.0.0/16"}
                             << Filter{{{Field::Token, Op::Equal, "7"},
                                        {Field::State, Op::NotEqual, "voided"},
                                        {Field::Value, Op::GreaterOrEqual, "0.5"},
                                        {Field::Origin, Op::Equal, "10.1.0.0/16"}}};
    QTest::newRow("quoted") << std::string{R"(post="with space" author="say \"hi\" \\")"}
                            << Filter{{{Field::Post, Op::Equal, "with space"}, {Field::Author, Op::Equal, "say \"hi\" \\"}}};
    QTest::newRow("equals in a value") << std::string{"token=a=b:c<d"} << Filter{{{Field::Token, Op::Equal, "a=b:c<d"}}};
    QTest::newRow("all comparisons") << std::string{"value<1 value<=-2 value>3 value>=4 value!=5 value=6"}
                                     << Filter{{{Field::Value, Op::Less, "1"},
                                                {Field::Value, Op::LessOrEqual, "-2"},
                                                {Field::Value, Op::Greater, "3"},
                                                {Field::Value, Op::GreaterOrEqual, "4"},
                                                {Field::Value, Op::NotEqual, "5"},
                                                {Field::Value, Op::Equal, "6"}}};
    QTest::newRow("IPv6") << std::string{"origin=2001:db8::/32"} << Filter{{{Field::Origin, Op::Equal, "2001:db8::/32"}}};
}

void TestFilter::reads()
{
    QFETCH(std::string, text);
    QFETCH(Filter, filter);
    const auto parsed = query::parseFilter(text);
    QVERIFY2(parsed.has_value(), parsed ? "" : domain::sentenceOf(parsed.error()).c_str());
    QVERIFY(*parsed == filter);
}

void TestFilter::refuses_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QStringList>("says");
    QTest::newRow("bare word") << std::string{"post=1 tok_7"} << QStringList{"tok_7", "no comparison"};
    QTest::newRow("unknown field") << std::string{"colour=red"}
                                   << QStringList{"colour=red", "no field 'colour'", "token, post, author"};
    QTest::newRow("no field") << std::string{"=7"} << QStringList{"lacks a name"};
    QTest::newRow("no value") << std::string{"token="} << QStringList{"lacks a value"};
    QTest::newRow("empty quotes") << std::string{"token=\"\""} << QStringList{"lacks a value"};
    QTest::newRow("open quote") << std::string{"token=\"abc def"} << QStringList{"open quote"};
    QTest::newRow("behind a quote") << std::string{"token=\"abc\"def"} << QStringList{"not around the whole value"};
    QTest::newRow("quotes inside") << std::string{"token=a\"b\"c"} << QStringList{"not around the whole value"};
    QTest::newRow("quote inside") << std::string{"token=a\"b"} << QStringList{"open quote"};
    QTest::newRow("not a number") << std::string{"value>high"} << QStringList{"value>high", "'high' is not a number"};
    QTest::newRow("infinite") << std::string{"value>inf"} << QStringList{"not a number"};
    QTest::newRow("too large") << std::string{"value>1e39"} << QStringList{"not a number"};
    QTest::newRow("order of keys") << std::string{"token>7"} << QStringList{"token can only be compared with = or !="};
    QTest::newRow("state") << std::string{"state=gone"} << QStringList{"counted, voided or withdrawn"};
    QTest::newRow("origin") << std::string{"origin=10.1"} << QStringList{"10.1.0.0/16"};
    QTest::newRow("prefix") << std::string{"origin=10.1.0.0/40"} << QStringList{"no address or network"};
    QTest::newRow("not UTF-8") << std::string{"token=\xff"} << QStringList{"not text in UTF-8"};
    QTest::newRow("terminal") << std::string{"token=\x1b[2J\""} << QStringList{"U+001B"};
    QTest::newRow("long") << "token=" + std::string(600, 'x') << QStringList{"longer than 512 bytes"};
}

void TestFilter::refuses()
{
    QFETCH(std::string, text);
    QFETCH(QStringList, says);
    const auto parsed = query::parseFilter(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().fault, domain::Fault::Invalid);
    const std::string sentence = domain::sentenceOf(parsed.error());
    for (const QString& part : says)
        QVERIFY2(QString::fromStdString(sentence).contains(part), sentence.c_str());
}

void TestFilter::textReadsBack()
{
    std::mt19937 random{11};
    const std::string_view pieces[] = {"a", "\"", "\\", " ", "=", "<", "é", "\t", "\n", ":", "'", "$1", ";--"};
    const Field fields[] = {Field::Token, Field::Post, Field::Author, Field::Vote};
    for (int round = 0; round < 2000; ++round) {
        Filter filter;
        for (std::size_t term = 0; term < random() % 4; ++term) {
            std::string value = "x";
            value.clear();
            for (std::size_t i = 0; i < 1 + random() % 6; ++i)
                value += pieces[random() % std::size(pieces)];
            filter.terms.push_back({fields[random() % std::size(fields)], random() % 2 == 0 ? Op::Equal : Op::NotEqual, value});
        }
        const std::string text = query::textOf(filter);
        const auto parsed = query::parseFilter(text);
        QVERIFY2(parsed.has_value() && *parsed == filter, text.c_str());
    }
}

void TestFilter::valuesNeverReachTheSql()
{
    const std::string hostile[] = {
        "zq'; DROP TABLE vote;--", "zq\\'", "zq$1", "zq%s", "zq\"", "zq::int", "zq?", "zq:x", "zqé", "zq\n"};
    for (const std::string& value : hostile) {
        for (const Field field :
             {Field::Token, Field::Post, Field::Author, Field::Vote, Field::Origin, Field::State, Field::Value}) {
            for (const Op op : {Op::Equal, Op::NotEqual, Op::Less, Op::LessOrEqual, Op::Greater, Op::GreaterOrEqual}) {
                const auto sql = query::sqlOf({{{{field, op, value}}}, {}}, 5);
                QVERIFY(sql.text.find("zq") == std::string::npos);
                QVERIFY(sql.text.find("$5") != std::string::npos);
                QCOMPARE(sql.parameters, std::vector<std::string>{value});
            }
        }
    }
}

void TestFilter::sql_data()
{
    QTest::addColumn<std::string>("filter");
    QTest::addColumn<std::string>("sql");
    QTest::newRow("token") << std::string{"token=1"} << std::string{"token_key = $1::scrutineer.token_key"};
    QTest::newRow("not a post") << std::string{"post!=1"} << std::string{"post_key <> $1::scrutineer.post_key"};
    QTest::newRow("vote") << std::string{"vote=1"} << std::string{"vote_key = $1::scrutineer.vote_key"};
    QTest::newRow("author") << std::string{"author=1"} << std::string{"author_key::text = $1::text"};
    QTest::newRow("not the author, or none")
        << std::string{"author!=1"} << std::string{"author_key::text IS DISTINCT FROM $1::text"};
    QTest::newRow("origin") << std::string{"origin=10.0.0.0/8"} << std::string{"origin <<= $1::inet"};
    QTest::newRow("not from there, or not known")
        << std::string{"origin!=10.0.0.0/8"} << std::string{"(origin <<= $1::inet) IS NOT TRUE"};
    QTest::newRow("state") << std::string{"state=voided"} << std::string{"state = $1::text"};
    QTest::newRow("value") << std::string{"value>=0.1"} << std::string{"value >= $1::real"};
    QTest::newRow("two") << std::string{"token=1 value<0"}
                         << std::string{"token_key = $1::scrutineer.token_key AND value < $2::real"};
}

void TestFilter::sql()
{
    QFETCH(std::string, filter);
    QFETCH(std::string, sql);
    QCOMPARE(query::sqlOf({*query::parseFilter(filter), {}}).text, sql);
}

void TestFilter::timesAreExact()
{
    const query::Query query{{{{Field::Token, Op::Equal, "1"}}},
                             {domain::timeOf(1'767'225'600'000'001), domain::timeOf(1'767'225'600'000'003)}};
    const auto sql = query::sqlOf(query, 3);
    QCOMPARE(
        sql.text,
        std::string{"cast_at >= timestamptz 'epoch' + $3::bigint * interval '1 microsecond' AND cast_at < timestamptz 'epoch' + "
                    "$4::bigint * interval '1 microsecond' AND token_key = $5::scrutineer.token_key"});
    QCOMPARE(sql.parameters, (std::vector<std::string>{"1767225600000001", "1767225600000003", "1"}));
}

void TestFilter::everythingIsNoCondition()
{
    const auto sql = query::sqlOf({});
    QVERIFY(sql.text.empty());
    QVERIFY(sql.parameters.empty());
}

QTEST_APPLESS_MAIN(TestFilter)
#include "tst_filter.moc"
