#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "support/held_back.h"
#include "tables/vote_pages_model.h"

using namespace scr;

namespace {

/// Keeps every page until the test gives it.
class HeldBackVotes final : public ports::VoteSource {
public:
    QFuture<domain::Result<ports::VotePage>> votesAfter(const query::Query& query, const std::optional<ports::VoteCursor>& cursor,
                                                        int /*limit*/) override
    {
        queries.push_back(query);
        cursors.push_back(cursor);
        return pages.ask();
    }
    QFuture<domain::Result<std::int64_t>> countVotes(const query::Query& /*query*/) override { return counts.ask(); }
    QFuture<domain::Result<std::vector<domain::Vote>>> votesOf(const std::vector<domain::VoteKey>& /*keys*/) override
    {
        return votes.ask();
    }

    test::HeldBack<ports::VotePage> pages;
    test::HeldBack<std::int64_t> counts;
    test::HeldBack<std::vector<domain::Vote>> votes;
    std::vector<query::Query> queries;
    std::vector<std::optional<ports::VoteCursor>> cursors;
};

ports::VotePage pageOf(int first, int rows, bool more)
{
    ports::VotePage page;
    for (int i = 0; i < rows; ++i) {
        domain::Vote vote;
        vote.key = domain::VoteKey{std::to_string(first + i)};
        vote.token = domain::TokenKey{"t1"};
        vote.post = domain::PostKey{"p1"};
        vote.value = 1;
        vote.castAt = domain::timeOf(1'700'000'000'000'000 - first - i);
        page.rows.push_back(vote);
    }
    if (more)
        page.next = ports::VoteCursor{page.rows.back().castAt, page.rows.back().key};
    return page;
}

} // namespace

class TestVotePages : public QObject {
    Q_OBJECT
private slots:
    void asksNothingBeforeTheFirstQuestion();
    void pagesFollowTheCursor();
    void dropsPageOfAnOldQuestion();
    void keepsRowsAfterAnErrorAndAsksAgainOnlyOnRetry();
    void hostileTextBecomesVisible();
    void letsTheOldestRowsGo();
};

void TestVotePages::asksNothingBeforeTheFirstQuestion()
{
    HeldBackVotes source;
    tables::VotePagesModel model{source};
    QVERIFY(!model.canFetchMore({}));
    model.fetchMore({});
    QCOMPARE(source.pages.asked(), std::size_t{0});
}

void TestVotePages::pagesFollowTheCursor()
{
    HeldBackVotes source;
    tables::VotePagesModel model{source};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    model.setQuery({});
    QCOMPARE(model.state(), tables::PageState::Loading);
    source.pages.answer(0, pageOf(0, 3, true));
    QTRY_COMPARE(model.rowCount(), 3);
    QTRY_VERIFY(source.pages.asked() == 2 || model.canFetchMore({}));
    model.fetchMore({});
    QVERIFY(source.cursors.back().has_value());
    QCOMPARE(source.cursors.back()->key.text, std::string{"2"});
    source.pages.answer(1, pageOf(3, 2, false));
    QTRY_COMPARE(model.rowCount(), 5);
    QCOMPARE(model.state(), tables::PageState::Complete);
    QVERIFY(!model.canFetchMore({}));
}

void TestVotePages::dropsPageOfAnOldQuestion()
{
    HeldBackVotes source;
    tables::VotePagesModel model{source};
    model.setQuery({});
    query::Query other;
    other.filter.terms.push_back({query::Field::Token, query::Op::Equal, "t9"});
    model.setQuery(other);
    QVERIFY(source.pages.isCancelled(0));
    source.pages.answer(0, pageOf(0, 4, false));
    QCoreApplication::processEvents();
    QCOMPARE(model.rowCount(), 0);
    source.pages.answer(1, pageOf(10, 1, false));
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(source.queries.back(), other);
}

void TestVotePages::keepsRowsAfterAnErrorAndAsksAgainOnlyOnRetry()
{
    HeldBackVotes source;
    tables::VotePagesModel model{source};
    QSignalSpy failed{&model.notifier(), &tables::PageNotifier::pageFailed};
    model.setQuery({});
    source.pages.answer(0, pageOf(0, 2, true));
    QTRY_COMPARE(model.rowCount(), 2);
    model.fetchMore({});
    source.pages.answer(1, domain::failure(domain::Fault::Unavailable, "the server is gone", "Try again", "57P01"));
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(!model.canFetchMore({}));
    model.fetchMore({});
    QCOMPARE(source.pages.asked(), std::size_t{2});
    model.retry();
    QCOMPARE(source.pages.asked(), std::size_t{3});
    QCOMPARE(source.cursors[2], source.cursors[1]);
}

void TestVotePages::hostileTextBecomesVisible()
{
    HeldBackVotes source;
    tables::VotePagesModel model{source};
    model.setQuery({});
    ports::VotePage page = pageOf(0, 1, false);
    page.rows[0].token = domain::TokenKey{"lucky\u202Erebmun<img src=\"/dev/zero\">"};
    source.pages.answer(0, page);
    QTRY_COMPARE(model.rowCount(), 1);
    const QString shown = model.index(0, static_cast<int>(tables::VotePagesModel::Column::Token)).data().toString();
    QVERIFY(shown.contains(QStringLiteral("U+202E")));
    QVERIFY(!shown.contains(QChar{0x202E}));
}

void TestVotePages::letsTheOldestRowsGo()
{
    HeldBackVotes source;
    tables::VotePagesModel model{source};
    model.setQuery({});
    source.pages.answer(0, pageOf(0, tables::kWindowRows, true));
    QTRY_COMPARE(model.rowCount(), tables::kWindowRows);
    model.fetchMore({});
    source.pages.answer(1, pageOf(tables::kWindowRows, 10, false));
    QTRY_COMPARE(model.rowsLetGo(), qint64{10});
    QCOMPARE(model.rowCount(), tables::kWindowRows);
    QCOMPARE(model.row(0).key.text, std::string{"10"});
}

QTEST_GUILESS_MAIN(TestVotePages)
#include "tst_vote_pages.moc"
