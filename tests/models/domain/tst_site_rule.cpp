#include <QTest>

#include "domain/site_rule.h"

using namespace scr;
using namespace std::chrono_literals;
using domain::parseSiteRule;

class TestSiteRule : public QObject {
    Q_OBJECT
private slots:
    void readsWhatTheCommentsSay();
    void theRestHasDefaults();
    void sqlKeepsItsLines();
    void commentsBelowTheHeadAreNotRead();
    void proseIsPassedOver();
    void takesWhatEditorsWrite();
    void theVersionIsThatOfTheText();
    void refuses_data();
    void refuses();
    void keysOfFlagsOnRecordStay();
};

void TestSiteRule::readsWhatTheCommentsSay()
{
    const auto rule =
        parseSiteRule("night.sql", "-- name: night_votes\n-- title: Votes of the night\n-- subject: token\n"
                                   "-- severity: critical\n-- time_limit: 2 min\n-- clears_if: The site was open: yes\n"
                                   "SELECT 1;\n");
    QVERIFY2(rule.has_value(), rule ? "" : rule.error().detail.c_str());
    QCOMPARE(rule->file, std::string{"night.sql"});
    QCOMPARE(rule->name, std::string{"night_votes"});
    QCOMPARE(rule->title, std::string{"Votes of the night"});
    QCOMPARE(rule->subject, domain::SubjectKind::Token);
    QCOMPARE(rule->severity, domain::Severity::Critical);
    QCOMPARE(rule->timeLimit, std::chrono::milliseconds{2min});
    QCOMPARE(rule->clearsIf, std::string{"The site was open: yes"});
}

void TestSiteRule::theRestHasDefaults()
{
    const auto rule = parseSiteRule("a.sql", "-- name: a\nSELECT 1");
    QVERIFY(rule.has_value());
    QCOMPARE(rule->subject, domain::SubjectKind::Group);
    QCOMPARE(rule->severity, domain::Severity::Medium);
    QCOMPARE(rule->timeLimit, std::chrono::milliseconds{10s});
    QVERIFY(rule->title.empty() && rule->clearsIf.empty());
}

void TestSiteRule::sqlKeepsItsLines()
{
    const std::string text = "-- name: a\n\nSELECT\n1";
    QCOMPARE(parseSiteRule("a.sql", text)->sql, text); // the database counts the lines of its complaints from the top
}

void TestSiteRule::commentsBelowTheHeadAreNotRead()
{
    QCOMPARE(parseSiteRule("a.sql", "-- name: a\nSELECT 1\n-- name: b\n-- colour: red\n")->name, std::string{"a"});
}

void TestSiteRule::proseIsPassedOver()
{
    const auto rule = parseSiteRule("a.sql", "-- Mind this: the nights are long.\n--\n-- name: a\n-- Nights only\nSELECT 1");
    QVERIFY2(rule.has_value(), rule ? "" : rule.error().detail.c_str());
}

void TestSiteRule::takesWhatEditorsWrite()
{
    const auto rule = parseSiteRule("a.sql", "\xEF\xBB\xBF--name:a\r\n  --   severity:low  \r\nSELECT 1\r\n");
    QVERIFY2(rule.has_value(), rule ? "" : rule.error().detail.c_str());
    QCOMPARE(rule->name, std::string{"a"});
    QCOMPARE(rule->severity, domain::Severity::Low);
}

void TestSiteRule::theVersionIsThatOfTheText()
{
    const auto one = parseSiteRule("a.sql", "-- name: a\nSELECT 1");
    const auto same = parseSiteRule("b.sql", "-- name: a\nSELECT 1");
    const auto other = parseSiteRule("a.sql", "-- name: a\nSELECT 2");
    QCOMPARE(one->version, same->version);
    QVERIFY(one->version != other->version);
    QVERIFY(one->version.size() <= 40);
}

void TestSiteRule::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("told");
    const QByteArray head = "-- name: a\n";
    QTest::newRow("empty") << QByteArray{} << QByteArray{"the rule's name"};
    QTest::newRow("no name") << QByteArray{"SELECT 1"} << QByteArray{"the rule's name"};
    QTest::newRow("no SQL") << head << QByteArray{"holds no SQL"};
    QTest::newRow("a name with a space") << QByteArray{"-- name: my rule\nSELECT 1"} << QByteArray{"line 1"};
    QTest::newRow("a name with capitals") << QByteArray{"-- name: Mine\nSELECT 1"} << QByteArray{"line 1"};
    QTest::newRow("a long name") << "-- name: " + QByteArray(41, 'a') + "\nSELECT 1" << QByteArray{"1 to 40"};
    QTest::newRow("a name of ours") << QByteArray{"-- name: token_burst\nSELECT 1"} << QByteArray{"detector of ours"};
    QTest::newRow("unknown key") << head + "-- severty: low\nSELECT 1" << QByteArray{"line 2: there is no \"severty\""};
    QTest::newRow("twice") << head + "\n-- name: b\nSELECT 1" << QByteArray{"line 3: \"name\" is there twice"};
    QTest::newRow("unknown severity") << head + "-- severity: dire\nSELECT 1" << QByteArray{"low, medium, high or critical"};
    QTest::newRow("a counter as subject") << head + "-- subject: counter\nSELECT 1" << QByteArray{"token, post or group"};
    QTest::newRow("no unit") << head + "-- time_limit: 10\nSELECT 1" << QByteArray{"with its unit"};
    QTest::newRow("no time") << head + "-- time_limit: 0 s\nSELECT 1" << QByteArray{"line 2"};
    QTest::newRow("too much time") << head + "-- time_limit: 301 s\nSELECT 1" << QByteArray{"up to 5 min"};
    QTest::newRow("endless time") << head + "-- time_limit: 99999999999999999999 min\nSELECT 1" << QByteArray{"up to 5 min"};
    QTest::newRow("a hidden character") << head + "-- title: \xE2\x80\xAE"
                                                  "abc\nSELECT 1"
                                        << QByteArray{"hidden"};
    QTest::newRow("not UTF-8") << head + "SELECT '\xff'" << QByteArray{"UTF-8"};
    QTest::newRow("a zero byte") << head + QByteArray{"SELECT 1\0", 9} << QByteArray{"UTF-8"};
}

void TestSiteRule::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, told);
    const auto rule = parseSiteRule("a.sql", text.toStdString());
    QVERIFY(!rule.has_value());
    QCOMPARE(rule.error().fault, domain::Fault::Invalid);
    QVERIFY2(QByteArray::fromStdString(rule.error().detail).contains(told), rule.error().detail.c_str());
    QVERIFY(!rule.error().remedy.empty());
}

/// A flag that was decided about must be known again.
void TestSiteRule::keysOfFlagsOnRecordStay()
{
    const domain::Subject subject{domain::SubjectKind::Token, "7", domain::PostKey{"1"}};
    const auto key = domain::flagKeyOf(domain::DetectorId::DuplicateVotes, subject, domain::timeOf(1'773'324'000'000'000));
    QCOMPARE(key.text, std::string{"F-82c238d8a3a3"});
}

QTEST_APPLESS_MAIN(TestSiteRule)
#include "tst_site_rule.moc"
