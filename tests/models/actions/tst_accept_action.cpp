#include <QSignalSpy>
#include <QTest>

#include "actions/accept_action.h"
#include "held_back_moderation.h"

using namespace scr;

class TestAcceptAction : public QObject {
    Q_OBJECT
private slots:
    void oneDecisionAtATime();
    void whatWasRefusedIsSaid();
};

void TestAcceptAction::oneDecisionAtATime()
{
    test::HeldBackModeration moderation;
    actions::AcceptAction action{moderation};
    QSignalSpy finished{&action, &actions::AcceptAction::finished};
    const domain::AcceptOrder order{"sealed", domain::ControlState::Unknown, domain::UtcTime{} + std::chrono::days{90}, "in May"};
    QVERIFY(action.start(order));
    QVERIFY(action.isRunning());
    QVERIFY(!action.start({"transport", domain::ControlState::Fails, std::nullopt, "another"}));
    moderation.statuses.answer(0, domain::Nothing{});
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(finished[0][0].value<domain::AcceptOrder>() == order);
    QVERIFY(finished[0][1].value<domain::Status>());
    QVERIFY(!action.isRunning());
    QVERIFY(action.start(order));
}

void TestAcceptAction::whatWasRefusedIsSaid()
{
    test::HeldBackModeration moderation;
    actions::AcceptAction action{moderation};
    QSignalSpy finished{&action, &actions::AcceptAction::finished};
    QVERIFY(action.start({"sealed", domain::ControlState::Unknown, std::nullopt, "no longer"}));
    moderation.statuses.answer(0, domain::failure(domain::Fault::Rejected, "nobody answers for sealed now"));
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!finished[0][1].value<domain::Status>());
    QVERIFY(!action.isRunning());
}

QTEST_GUILESS_MAIN(TestAcceptAction)
#include "tst_accept_action.moc"
