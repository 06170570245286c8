#include <QAbstractItemModelTester>
#include <QTest>

#include "tables/flag_queue_model.h"

using namespace scr;

namespace {

domain::RecordedFlag flagOf(const char* key, domain::Severity severity, double score,
                            domain::FlagState state = domain::FlagState::Open)
{
    domain::RecordedFlag flag;
    flag.flag.key = domain::FlagKey{key};
    flag.flag.detector = domain::DetectorId::TokenBurst;
    flag.flag.severity = severity;
    flag.flag.score = score;
    flag.flag.subject = {domain::SubjectKind::Token, "tok_" + std::string{key}, {}};
    flag.flag.tokens = {domain::TokenKey{flag.flag.subject.key}};
    flag.flag.votes = {domain::VoteKey{"1"}, domain::VoteKey{"2"}};
    flag.flag.summary = "32 votes in 18.2 s";
    flag.state = state;
    return flag;
}

} // namespace

class TestFlagQueue : public QObject {
    Q_OBJECT
private slots:
    void worstFirst();
    void filterText_data();
    void filterText();
    void refusedFilterNamesTheTerm();
    void decidedFlagLeavesTheFilter();
    void undoneFlagComesBack();
    void agesAreReckonedFromNow();
    void confirmedFlagsCanBeVoided();
};

void TestFlagQueue::worstFirst()
{
    tables::FlagQueueModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    model.setFlags({flagOf("a", domain::Severity::Low, 99), flagOf("b", domain::Severity::Critical, 3),
                    flagOf("c", domain::Severity::Critical, 7)});
    QCOMPARE(model.row(0).flag.key.text, std::string{"c"});
    QCOMPARE(model.row(1).flag.key.text, std::string{"b"});
    QCOMPARE(model.row(2).flag.key.text, std::string{"a"});
    QCOMPARE(model.index(0, 1).data(tables::SecondLineRole).toString(), QStringLiteral("Token burst · 32 votes in 18.2 s"));
}

void TestFlagQueue::filterText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("rows");
    QTest::newRow("everything") << QString{} << 3;
    QTest::newRow("state") << QStringLiteral("state=open") << 2;
    QTest::newRow("either state") << QStringLiteral("state=open state:confirmed") << 3;
    QTest::newRow("severity") << QStringLiteral("severity>=high") << 2;
    QTest::newRow("token") << QStringLiteral("token=tok_b") << 1;
    QTest::newRow("votes") << QStringLiteral("votes>2") << 0;
    QTest::newRow("words, whatever the case") << QStringLiteral("TOK_C") << 1;
    QTest::newRow("another detector") << QStringLiteral("detector=counter_drift") << 0;
    QTest::newRow("detector by its name") << QStringLiteral("detector=token_burst") << 3;
    QTest::newRow("by what is on screen") << QStringLiteral("detector=\"Token burst\"") << 3;
    QTest::newRow("by a part of it") << QStringLiteral("detector=Burst") << 3;
    QTest::newRow("another one by what is on screen") << QStringLiteral("detector=race") << 0;
    QTest::newRow("either of two") << QStringLiteral("detector=fan-out detector=token") << 3;
}

void TestFlagQueue::filterText()
{
    QFETCH(QString, text);
    QFETCH(int, rows);
    tables::FlagQueueModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    model.setFlags({flagOf("a", domain::Severity::Low, 1), flagOf("b", domain::Severity::High, 3),
                    flagOf("c", domain::Severity::Critical, 7, domain::FlagState::Confirmed)});
    const auto filter = tables::parseFlagFilter(text.toStdString());
    QVERIFY(filter.has_value());
    model.setFilter(*filter);
    QCOMPARE(model.rowCount(), rows);
}

void TestFlagQueue::refusedFilterNamesTheTerm()
{
    const auto filter = tables::parseFlagFilter("state=open severity>=urgent");
    QVERIFY(!filter.has_value());
    QVERIFY(domain::sentenceOf(filter.error()).find("severity>=urgent") != std::string::npos);
    QVERIFY(!tables::parseFlagFilter("nonsense=1").has_value());
    QVERIFY(!tables::parseFlagFilter("detector=nonsense").has_value());
    QVERIFY(!tables::parseFlagFilter("detector>race").has_value());
    QVERIFY(!tables::parseFlagFilter("detector=_").has_value());
    QCOMPARE(tables::parseFlagFilter("detector=race")->detectors,
             std::vector<domain::DetectorId>{domain::DetectorId::ConcurrentAttempts});
    QVERIFY(!tables::parseFlagFilter("token=\"open").has_value());
}

void TestFlagQueue::decidedFlagLeavesTheFilter()
{
    tables::FlagQueueModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    model.setFilter(*tables::parseFlagFilter("state=open"));
    model.setFlags({flagOf("a", domain::Severity::High, 1), flagOf("b", domain::Severity::High, 3)});
    model.update(flagOf("b", domain::Severity::High, 3, domain::FlagState::Confirmed));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.row(0).flag.key.text, std::string{"a"});
    QCOMPARE(model.keysInState(domain::FlagState::Confirmed).size(), std::size_t{1});
}

void TestFlagQueue::undoneFlagComesBack()
{
    tables::FlagQueueModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    model.setFilter(*tables::parseFlagFilter("state=open"));
    model.setFlags(
        {flagOf("a", domain::Severity::High, 1), flagOf("b", domain::Severity::High, 3, domain::FlagState::Confirmed)});
    QCOMPARE(model.rowCount(), 1);
    model.update(flagOf("b", domain::Severity::High, 3));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.row(0).flag.key.text, std::string{"b"});
}

void TestFlagQueue::confirmedFlagsCanBeVoided()
{
    tables::FlagQueueModel model;
    std::vector<domain::RecordedFlag> flags;
    for (const char* key : {"a", "b", "c", "d"})
        flags.push_back(flagOf(key, domain::Severity::High, 2, domain::FlagState::Confirmed));
    flags[3].state = domain::FlagState::Open;
    for (domain::RecordedFlag& flag : flags)
        flag.flag.extraVotes = {domain::VoteKey{"1"}};
    flags[2].flag.extraVotes.clear(); // says something about a counter only
    model.setFlags(flags);
    const auto rowsOf = [&](std::initializer_list<const char*> keys) {
        std::vector<int> rows;
        for (const char* key : keys)
            rows.push_back(model.rowOf(domain::FlagKey{key}));
        return rows;
    };
    QCOMPARE(model.voidable({}).size(), std::size_t{2});
    QCOMPARE(model.voidable(rowsOf({"a"})).size(), std::size_t{2}); // one row is where the cursor stands
    QCOMPARE(model.voidable(rowsOf({"a", "d"})), std::vector{domain::FlagKey{"a"}});
    QCOMPARE(model.voidable(rowsOf({"c", "d"})).size(), std::size_t{2});
}

void TestFlagQueue::agesAreReckonedFromNow()
{
    tables::FlagQueueModel model;
    domain::RecordedFlag flag = flagOf("a", domain::Severity::High, 1);
    flag.flag.to = domain::timeOf(0);
    model.setFlags({flag});
    model.setNow(domain::timeOf(std::int64_t{3} * 3600 * 1'000'000));
    QCOMPARE(model.index(0, static_cast<int>(tables::FlagQueueModel::Column::Age)).data().toString(), QStringLiteral("3 h"));
}

QTEST_GUILESS_MAIN(TestFlagQueue)
#include "tst_flag_queue.moc"
