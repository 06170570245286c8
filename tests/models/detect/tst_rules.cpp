#include <QTest>

#include "detect/rules.h"

using namespace scr;
using namespace std::chrono_literals;

class TestRules : public QObject {
    Q_OBJECT
private slots:
    void defaultsAreTheEmbeddedFile();
    void takesWhatDiffers();
    void refuses_data();
    void refuses();
};

void TestRules::defaultsAreTheEmbeddedFile()
{
    const detect::Rules& rules = detect::defaultRules();
    QVERIFY(!rules.version.empty());
    QCOMPARE(rules.duplicateVotes.raceWindow, domain::Micros{250ms});
    QCOMPARE(rules.concurrentAttempts.attempts, 4U);
    QCOMPARE(rules.tokenBurst.maxProbability, 1e-9);
    QCOMPARE(rules.tokenBurst.sessionGap, domain::Micros{30min});
    QCOMPARE(rules.tokenBurst.batchShare, 0.5);
}

void TestRules::takesWhatDiffers()
{
    const auto rules = detect::parseRules(
        "version = \"mine-1\"\n[concurrent_attempts]\nwindow = \"1.5 s\"\nattempts = 6\n[counter_drift]\nhigh_points = 3\n");
    QVERIFY2(rules.has_value(), rules ? "" : rules.error().detail.c_str());
    detect::Rules expected = detect::defaultRules();
    expected.version = "mine-1";
    expected.concurrentAttempts.window = 1500ms;
    expected.concurrentAttempts.attempts = 6;
    expected.counterDrift.highPoints = 3;
    QVERIFY(*rules == expected);
}

void TestRules::refuses_data()
{
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QByteArray>("told");
    const QByteArray head = "version = \"mine\"\n";
    QTest::newRow("empty: no version") << QByteArray{} << QByteArray{"version"};
    QTest::newRow("empty version") << QByteArray{"version = \"\""} << QByteArray{"version"};
    QTest::newRow("unknown section") << head + "[race]\n" << QByteArray{"line 2"};
    QTest::newRow("unknown key") << head + "[token_burst]\nmax_prob = 1e-9\n"
                                 << QByteArray{"line 3: [token_burst] has no \"max_prob\""};
    QTest::newRow("no unit") << head + "[concurrent_attempts]\nwindow = 250\n" << QByteArray{"line 3"};
    QTest::newRow("unknown unit") << head + "[concurrent_attempts]\nwindow = \"250 parsec\"\n" << QByteArray{"line 3"};
    QTest::newRow("negative length") << head + "[concurrent_attempts]\nwindow = \"-1 ms\"\n" << QByteArray{"line 3"};
    QTest::newRow("not a number of seconds") << head + "[concurrent_attempts]\nwindow = \"nan s\"\n" << QByteArray{"line 3"};
    QTest::newRow("text for a count") << head + "[concurrent_attempts]\nattempts = \"4\"\n" << QByteArray{"line 3"};
    QTest::newRow("fraction for a count") << head + "[concurrent_attempts]\nattempts = 4.5\n" << QByteArray{"line 3"};
    QTest::newRow("one attempt is no race") << head + "[concurrent_attempts]\nattempts = 1\n" << QByteArray{"from 2"};
    QTest::newRow("share above 100") << head + "[counter_drift]\nhigh_share = \"101 %\"\n" << QByteArray{"line 3"};
    QTest::newRow("probability 1") << head + "[token_burst]\nmax_probability = 1\n" << QByteArray{"line 3"};
    QTest::newRow("NaN") << head + "[token_burst]\nmax_probability = nan\n" << QByteArray{"line 3"};
    QTest::newRow("order turned round") << head + "[token_burst]\nmedium_votes = 40\nhigh_votes = 20\n"
                                        << QByteArray{"no less than medium_votes"};
    QTest::newRow("a section as a number") << head + "token_burst = 3\n" << QByteArray{"section"};
    QTest::newRow("not TOML") << head + "[token_burst\n" << QByteArray{"line 2"};
    QTest::newRow("not UTF-8") << QByteArray{"version = \"\xff\""} << QByteArray{"UTF-8"};
}

void TestRules::refuses()
{
    QFETCH(QByteArray, toml);
    QFETCH(QByteArray, told);
    const auto rules = detect::parseRules(toml.toStdString());
    QVERIFY(!rules.has_value());
    QCOMPARE(rules.error().fault, domain::Fault::Invalid);
    QVERIFY2(QByteArray::fromStdString(rules.error().detail).contains(told), rules.error().detail.c_str());
}

QTEST_APPLESS_MAIN(TestRules)
#include "tst_rules.moc"
