#include <QAbstractItemModelTester>
#include <QTest>

#include "tables/cell_text.h"
#include "tables/flag_tables.h"
#include "tables/moves_model.h"
#include "tables/void_tables.h"

using namespace scr;

namespace {

domain::Vote voteOf(const char* key, const char* token, const char* post, double value, std::int64_t micros)
{
    domain::Vote vote;
    vote.key = domain::VoteKey{key};
    vote.token = domain::TokenKey{token};
    vote.post = domain::PostKey{post};
    vote.value = value;
    vote.castAt = domain::timeOf(micros);
    return vote;
}

} // namespace

class TestDetailTables : public QObject {
    Q_OBJECT
private slots:
    void flagVotesShowGapsAndExtras();
    void attemptsShowExtraVotes();
    void planIsCountedByToken();
    void historyFindsARequest();
    void movesSayWhichWay();
    void everyModelPassesTheTester();
    void longTextIsCutInASentence();
    void numbers_data();
    void numbers();
};

void TestDetailTables::flagVotesShowGapsAndExtras()
{
    tables::FlagVotesModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    domain::Flag flag;
    flag.extraVotes = {domain::VoteKey{"2"}};
    model.setVotes(flag, {voteOf("1", "t", "p", 1, 0), voteOf("2", "t", "p", 1, 570'000)});
    const auto cell = [&](int row, tables::FlagVotesModel::Column column) {
        return model.index(row, static_cast<int>(column)).data().toString();
    };
    QCOMPARE(cell(0, tables::FlagVotesModel::Column::Gap), QStringLiteral("–"));
    QVERIFY(cell(1, tables::FlagVotesModel::Column::Gap).contains(QStringLiteral("570")));
    QVERIFY(!cell(0, tables::FlagVotesModel::Column::State).contains(QStringLiteral("flagged")));
    QVERIFY(cell(1, tables::FlagVotesModel::Column::State).contains(QStringLiteral("flagged")));
}

void TestDetailTables::attemptsShowExtraVotes()
{
    tables::FlagAttemptsModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    domain::AttemptWaterfall waterfall;
    waterfall.bars.push_back(
        {domain::timeOf(0), domain::timeOf(11'800), domain::AttemptOutcome::Accepted, false, {}, domain::VoteKey{"v1"}, "::1"});
    waterfall.bars.push_back(
        {domain::timeOf(800), domain::timeOf(14'000), domain::AttemptOutcome::Accepted, true, {}, domain::VoteKey{"v2"}, "::1"});
    model.setWaterfall(waterfall);
    const int outcome = static_cast<int>(tables::FlagAttemptsModel::Column::Outcome);
    QCOMPARE(model.index(0, outcome).data().toString(), QStringLiteral("accepted"));
    QCOMPARE(model.index(1, outcome).data().toString(), QStringLiteral("accepted, extra vote"));
    QCOMPARE(model.index(1, 0).data(tables::KeyRole).toString(), QStringLiteral("v2"));
}

void TestDetailTables::planIsCountedByToken()
{
    domain::VoidPlan plan;
    plan.votes = {voteOf("1", "a", "p", 1, 0), voteOf("2", "a", "q", 1, 1), voteOf("3", "b", "p", -1, 2)};
    const auto rows = tables::byToken(plan);
    QCOMPARE(rows.size(), std::size_t{2});
    QCOMPARE(rows[0].token, std::string{"a"});
    QCOMPARE(rows[0].posts, std::int64_t{2});
    QCOMPARE(rows[0].net, -2.0);
    QCOMPARE(rows[1].net, 1.0);
    plan.kind = domain::RequestKind::Restore;
    QCOMPARE(tables::byToken(plan)[0].net, 2.0);
}

void TestDetailTables::historyFindsARequest()
{
    tables::VoidHistoryModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    domain::VoidRequestRow row;
    row.number = 118;
    row.request = domain::RequestId{"r1"};
    row.state = domain::RequestState::Restored;
    model.setRows({row});
    QCOMPARE(model.rowOf(domain::RequestId{"r1"}), 0);
    QCOMPARE(model.rowOf(domain::RequestId{"r2"}), -1);
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("V-118"));
    QCOMPARE(model.index(0, 2).data().toString(), QStringLiteral("restored"));
}

void TestDetailTables::movesSayWhichWay()
{
    tables::MovesModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    rank::WhatIfRow falls;
    falls.rankWith = 3;
    falls.rankWithout = 61;
    falls.flaggedVotes = 661;
    model.setRows({falls});
    QCOMPARE(model.index(0, static_cast<int>(tables::MovesModel::Column::Move)).data().toString(), QStringLiteral("▼ 58"));
    QCOMPARE(model.index(0, static_cast<int>(tables::MovesModel::Column::Votes)).data().toString(), QStringLiteral("−661"));
}

void TestDetailTables::everyModelPassesTheTester()
{
    tables::RuleModel rules;
    tables::PlanVotesModel votes;
    tables::PlanTokensModel tokens;
    tables::PlanPostsModel posts;
    tables::PostSharesModel shares;
    for (QAbstractItemModel* model : {static_cast<QAbstractItemModel*>(&rules), static_cast<QAbstractItemModel*>(&votes),
                                      static_cast<QAbstractItemModel*>(&shares), static_cast<QAbstractItemModel*>(&tokens),
                                      static_cast<QAbstractItemModel*>(&posts)})
        new QAbstractItemModelTester{model, QAbstractItemModelTester::FailureReportingMode::Fatal, model};
    rules.setRows({{"race_window", "2", "s"}});
    votes.setRows({voteOf("1", "a", "p", 1, 0)});
    tokens.setRows({{"a", 1, 2, -2.0}});
    posts.setRows({{domain::PostKey{"p"}, "Title", 3, 1, 1, 2, 2}});
    shares.setRows({{domain::PostKey{"p"}, "", 3, -3}});
    QCOMPARE(shares.index(0, 0).data().toString(), QStringLiteral("p"));
    QCOMPARE(shares.index(0, static_cast<int>(tables::PostSharesModel::Column::Change)).data().toString(), QStringLiteral("−3"));
    QCOMPARE(rules.index(0, 0).data().toString(), QStringLiteral("race window"));
    QCOMPARE(rules.index(0, 1).data().toString(), QStringLiteral("2 s"));
    QCOMPARE(posts.index(0, static_cast<int>(tables::PlanPostsModel::Column::RankAfter)).data().toString(), QStringLiteral("#2"));
}

void TestDetailTables::numbers_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << QStringLiteral("0");
    QTest::newRow("thousands") << 1204.0 << QStringLiteral("1,204");
    QTest::newRow("minus") << -716.0 << QStringLiteral("−716");
    QTest::newRow("fraction") << 0.5 << QStringLiteral("0.50");
}

void TestDetailTables::numbers()
{
    QFETCH(double, value);
    QFETCH(QString, text);
    QCOMPARE(tables::numberText(value), text);
}

void TestDetailTables::longTextIsCutInASentence()
{
    QCOMPARE(tables::shownShort("short", 5), QStringLiteral("short"));
    QCOMPARE(tables::shownShort("longer", 5), QStringLiteral("long…"));
    QCOMPARE(tables::shownShort("\U0001F469\u200D\U0001F4BB\u4E3A\u4EC0\u4E48", 400),
             tables::shown("\U0001F469\u200D\U0001F4BB\u4E3A\u4EC0\u4E48"));
    QCOMPARE(tables::shownShort("\U0001F469\U0001F3FD\U0001F469\U0001F469", 2), QStringLiteral("\U0001F469\U0001F3FD…"));
    QCOMPARE(tables::shownShort("", 5), QString{});
}

QTEST_GUILESS_MAIN(TestDetailTables)
#include "tst_detail_tables.moc"
