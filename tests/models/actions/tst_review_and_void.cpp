#include <QSignalSpy>
#include <QTest>

#include "actions/review_action.h"
#include "actions/void_action.h"
#include "held_back_moderation.h"
#include "support/held_back.h"

using namespace scr;

namespace {

class HeldBackFlags final : public ports::FlagSource {
public:
    QFuture<domain::Result<ports::FlagList>> flags(const domain::TimeRange& /*range*/, int /*limit*/) override
    {
        return lists.ask();
    }
    QFuture<domain::Result<domain::RecordedFlag>> flag(const domain::FlagKey& /*key*/) override { return one.ask(); }
    QFuture<domain::Result<std::vector<domain::ReviewEntry>>> reviews(const domain::FlagKey& /*key*/) override
    {
        return histories.ask();
    }

    test::HeldBack<ports::FlagList> lists;
    test::HeldBack<domain::RecordedFlag> one;
    test::HeldBack<std::vector<domain::ReviewEntry>> histories;
};

class HeldBackVoids final : public ports::VoidSource {
public:
    QFuture<domain::Result<domain::VoidPlan>> planVoid(const std::vector<domain::FlagKey>& /*flags*/) override
    {
        return plans.ask();
    }
    QFuture<domain::Result<domain::VoidPlan>> planRestore(const domain::RequestId& /*voided*/) override { return plans.ask(); }
    QFuture<domain::Result<domain::VoidPlan>> planProposal(const domain::RequestId& /*proposal*/) override { return plans.ask(); }
    QFuture<domain::Result<std::vector<domain::VoidRequestRow>>> requests(int /*limit*/) override { return histories.ask(); }
    QFuture<domain::Result<domain::RequestReading>> reading(const domain::RequestId& /*request*/, int /*mostVotes*/) override
    {
        return readings.ask();
    }

    test::HeldBack<domain::VoidPlan> plans;
    test::HeldBack<std::vector<domain::VoidRequestRow>> histories;
    test::HeldBack<domain::RequestReading> readings;
};

domain::RecordedFlag openFlag(const char* key)
{
    domain::RecordedFlag flag;
    flag.flag.key = domain::FlagKey{key};
    return flag;
}

domain::VoidPlan planOf(std::size_t votes)
{
    domain::VoidPlan plan;
    plan.request = domain::RequestId{"11111111-1111-4111-8111-111111111111"};
    plan.votes.resize(votes);
    return plan;
}

} // namespace

class TestReviewAndVoid : public QObject {
    Q_OBJECT
private slots:
    void decisionsGoOneAfterTheOther();
    void undoReopensWhatWasDecidedLast();
    void refusalShowsWhatStandsNow();
    void typedNumberMustMatch();
    void inDoubtSendsTheSameRequestAgain();
    void proposalAndWithdrawalCanBeInDoubt();
    void refusedCommitGoesBackToThePreview();
    void nothingIsCommittedBeforeAPreview();
    void committingCannotBeCancelled();
    void droppedUndoCanBeUndoneStill();
    void doubtEndsByTheDatabasesAnswerAlone();
};

void TestReviewAndVoid::decisionsGoOneAfterTheOther()
{
    test::HeldBackModeration moderation;
    HeldBackFlags flags;
    actions::ReviewAction review{moderation, flags};
    QSignalSpy changed{&review, &actions::ReviewAction::changed};
    review.decide(openFlag("F-1"), domain::Decision::Confirm, "sure");
    review.decide(openFlag("F-2"), domain::Decision::Dismiss, {});
    QCOMPARE(moderation.reviews.size(), std::size_t{1});
    moderation.reviewAnswers.answer(
        0, domain::ReviewEntry{7, domain::FlagKey{"F-1"}, domain::Decision::Confirm, "sure", "mod", {}, {}});
    QTRY_COMPARE(moderation.reviews.size(), std::size_t{2});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].value<domain::RecordedFlag>().state, domain::FlagState::Confirmed);
    QVERIFY(moderation.reviews[0].request != moderation.reviews[1].request);
}

void TestReviewAndVoid::undoReopensWhatWasDecidedLast()
{
    test::HeldBackModeration moderation;
    HeldBackFlags flags;
    actions::ReviewAction review{moderation, flags};
    review.decide(openFlag("F-1"), domain::Decision::Confirm, {});
    moderation.reviewAnswers.answer(0,
                                    domain::ReviewEntry{7, domain::FlagKey{"F-1"}, domain::Decision::Confirm, {}, "mod", {}, {}});
    QTRY_COMPARE(review.undoCount(), 1);
    review.undo();
    QCOMPARE(review.undoCount(), 0);
    QCOMPARE(moderation.reviews.back().decision, domain::Decision::Reopen);
    QCOMPARE(moderation.reviews.back().seenReview, std::int64_t{7});
    review.undo();
    QCOMPARE(moderation.reviews.size(), std::size_t{2});
}

void TestReviewAndVoid::refusalShowsWhatStandsNow()
{
    test::HeldBackModeration moderation;
    HeldBackFlags flags;
    actions::ReviewAction review{moderation, flags};
    QSignalSpy failed{&review, &actions::ReviewAction::failed};
    QSignalSpy changed{&review, &actions::ReviewAction::changed};
    review.decide(openFlag("F-1"), domain::Decision::Confirm, {});
    moderation.reviewAnswers.answer(0, domain::failure(domain::Fault::Rejected, "M5 dismissed this flag at 14:20"));
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(review.undoCount(), 0);
    domain::RecordedFlag now = openFlag("F-1");
    now.state = domain::FlagState::Dismissed;
    flags.one.answer(0, now);
    QTRY_COMPARE(changed.count(), 1);
}

void TestReviewAndVoid::typedNumberMustMatch()
{
    test::HeldBackModeration moderation;
    HeldBackVoids voids;
    actions::VoidAction action{voids, moderation};
    QSignalSpy previewed{&action, &actions::VoidAction::previewed};
    action.planVoid({domain::FlagKey{"F-1"}});
    voids.plans.answer(0, planOf(1718));
    QTRY_COMPARE(previewed.count(), 1);
    QVERIFY(action.matches(QStringLiteral("1718")));
    QVERIFY(action.matches(QStringLiteral(" 1,718 ")));
    QVERIFY(!action.matches(QStringLiteral("171")));
    QVERIFY(!action.matches(QStringLiteral("")));
    QVERIFY(!action.matches(QStringLiteral("1718x")));
}

void TestReviewAndVoid::inDoubtSendsTheSameRequestAgain()
{
    test::HeldBackModeration moderation;
    HeldBackVoids voids;
    actions::VoidAction action{voids, moderation};
    action.planVoid({});
    voids.plans.answer(0, planOf(3));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
    action.commit("first reason");
    moderation.receipts.answer(0, domain::failure(domain::Fault::InDoubt, "the connection broke"));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::InDoubt);
    // Nothing else may start, and nothing of it be forgotten, while the outcome is open.
    QVERIFY(!action.planVoid({}));
    QVERIFY(!action.planRestore(domain::RequestId{"other"}));
    QVERIFY(!action.planProposal(domain::RequestId{"other"}));
    action.commit("another reason");
    action.withdraw(domain::RequestId{"other"}, "no");
    QCOMPARE(action.stage(), actions::VoidAction::Stage::InDoubt);
    action.sendAgain();
    QCOMPARE(moderation.commits.size(), std::size_t{2});
    QCOMPARE(moderation.commits[0], moderation.commits[1]);
    moderation.receipts.answer(1, domain::failure(domain::Fault::InDoubt, "still no server"));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::InDoubt);
    action.sendAgain();
    moderation.receipts.answer(2, domain::failure(domain::Fault::Rejected, "the votes changed"));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
}

void TestReviewAndVoid::proposalAndWithdrawalCanBeInDoubt()
{
    test::HeldBackModeration moderation;
    HeldBackVoids voids;
    actions::VoidAction action{voids, moderation};
    const QSignalSpy withdrawn{&action, &actions::VoidAction::withdrawn};
    action.planVoid({});
    voids.plans.answer(0, planOf(3));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
    action.propose("r");
    moderation.statuses.answer(0, domain::failure(domain::Fault::InDoubt, "the connection broke"));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::InDoubt);
    action.sendAgain();
    moderation.statuses.answer(1, domain::Nothing{});
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Done);
    action.cancel();
    action.withdraw(domain::RequestId{"p"}, "from the list, without a preview");
    moderation.statuses.answer(2, domain::failure(domain::Fault::InDoubt, "the connection broke"));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::InDoubt);
    action.sendAgain();
    moderation.statuses.answer(3, domain::Nothing{});
    QTRY_COMPARE(withdrawn.count(), 1);
}

void TestReviewAndVoid::refusedCommitGoesBackToThePreview()
{
    test::HeldBackModeration moderation;
    HeldBackVoids voids;
    actions::VoidAction action{voids, moderation};
    QSignalSpy failed{&action, &actions::VoidAction::failed};
    action.planVoid({});
    voids.plans.answer(0, planOf(3));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
    action.commit("r");
    moderation.receipts.answer(0, domain::failure(domain::Fault::Rejected, "2 votes changed since the preview"));
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
}

void TestReviewAndVoid::nothingIsCommittedBeforeAPreview()
{
    test::HeldBackModeration moderation;
    HeldBackVoids voids;
    actions::VoidAction action{voids, moderation};
    action.commit("r");
    action.planVoid({});
    action.commit("r");
    QVERIFY(moderation.commits.empty());
    action.cancel();
    voids.plans.answer(0, planOf(3));
    QCoreApplication::processEvents();
    QCOMPARE(action.stage(), actions::VoidAction::Stage::Idle);
}

void TestReviewAndVoid::committingCannotBeCancelled()
{
    test::HeldBackModeration moderation;
    HeldBackVoids voids;
    actions::VoidAction action{voids, moderation};
    action.planVoid({});
    voids.plans.answer(0, planOf(3));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
    action.commit("r");
    action.cancel();
    QCOMPARE(action.stage(), actions::VoidAction::Stage::Committing);
}

void TestReviewAndVoid::droppedUndoCanBeUndoneStill()
{
    test::HeldBackModeration moderation;
    HeldBackFlags flags;
    actions::ReviewAction review{moderation, flags};
    review.decide(openFlag("F-1"), domain::Decision::Confirm, {});
    moderation.reviewAnswers.answer(0,
                                    domain::ReviewEntry{7, domain::FlagKey{"F-1"}, domain::Decision::Confirm, {}, "mod", {}, {}});
    QTRY_COMPARE(review.undoCount(), 1);
    review.decide(openFlag("F-2"), domain::Decision::Dismiss, {});
    review.decide(openFlag("F-3"), domain::Decision::Dismiss, {});
    review.undo();
    QCOMPARE(review.dropWaiting(), 2); // F-3 and the undo; F-2 is on its way
    QCOMPARE(review.undoCount(), 1);
    QCOMPARE(review.waiting(), 1);
    review.undo();
    moderation.reviewAnswers.answer(1,
                                    domain::ReviewEntry{8, domain::FlagKey{"F-2"}, domain::Decision::Dismiss, {}, "mod", {}, {}});
    QTRY_COMPARE(moderation.reviews.size(), std::size_t{3});
    QCOMPARE(moderation.reviews.back().flag.text, std::string{"F-1"});
    QCOMPARE(moderation.reviews.back().decision, domain::Decision::Reopen);
}

/// A journal that cannot be read says nothing about what was sent before.
void TestReviewAndVoid::doubtEndsByTheDatabasesAnswerAlone()
{
    test::HeldBackModeration moderation;
    HeldBackVoids voids;
    actions::VoidAction action{voids, moderation};
    QSignalSpy failed{&action, &actions::VoidAction::failed};
    QVERIFY(action.planVoid({domain::FlagKey{"F-1"}}));
    voids.plans.answer(0, planOf(3));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
    action.commit("why");
    moderation.receipts.answer(0, domain::failure(domain::Fault::InDoubt, "the connection broke"));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::InDoubt);
    action.sendAgain();
    moderation.receipts.answer(1, domain::failure(domain::Fault::Unavailable, "the journal cannot be read"));
    QTRY_COMPARE(failed.count(), 2);
    QCOMPARE(action.stage(), actions::VoidAction::Stage::InDoubt);
    QCOMPARE(failed[1][0].value<domain::Error>().fault, domain::Fault::InDoubt);
    action.sendAgain();
    moderation.receipts.answer(2, domain::failure(domain::Fault::Rejected, "admin gave this request up"));
    QTRY_COMPARE(action.stage(), actions::VoidAction::Stage::Previewed);
}

QTEST_GUILESS_MAIN(TestReviewAndVoid)
#include "tst_review_and_void.moc"
