#include "actions/review_action.h"

#include <algorithm>

#include <QUuid>

namespace scr::actions {

namespace {

domain::FlagState stateAfter(domain::Decision decision)
{
    switch (decision) {
    case domain::Decision::Confirm: return domain::FlagState::Confirmed;
    case domain::Decision::Dismiss: return domain::FlagState::Dismissed;
    case domain::Decision::Snooze: return domain::FlagState::Snoozed;
    case domain::Decision::Reopen: return domain::FlagState::Open;
    }
    return domain::FlagState::Open;
}

domain::RequestId newRequest()
{
    return domain::RequestId{QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString()};
}

} // namespace

ReviewAction::ReviewAction(ports::Moderation& moderation, ports::FlagSource& flags, QObject* parent) :
    QObject{parent}, m_moderation{moderation}, m_flags{flags}, m_answer{this, &ReviewAction::takeAnswer},
    m_refetched{this, &ReviewAction::takeFlag}
{
}

void ReviewAction::decide(const domain::RecordedFlag& flag, domain::Decision decision, const std::string& reason,
                          std::optional<domain::UtcTime> snoozeUntil)
{
    enqueue({{newRequest(), flag.flag.key, decision, reason, snoozeUntil, flag.lastReview}, flag, false});
}

void ReviewAction::undo()
{
    if (m_undo.empty())
        return;
    const domain::RecordedFlag flag = m_undo.back();
    m_undo.pop_back();
    emit undoCountChanged(undoCount());
    enqueue({{newRequest(), flag.flag.key, domain::Decision::Reopen, {}, {}, flag.lastReview}, flag, true});
}

void ReviewAction::enqueue(Order order)
{
    m_waiting.push_back(std::move(order));
    if (!isBusy())
        sendNext();
    emit waitingChanged(waiting());
}

int ReviewAction::dropWaiting()
{
    const auto dropped = static_cast<int>(m_waiting.size());
    for (auto order = m_waiting.rbegin(); order != m_waiting.rend(); ++order) { // the last decided was asked to be undone first
        if (order->isUndo)
            m_undo.push_back(order->flag);
    }
    m_waiting.clear();
    emit undoCountChanged(undoCount());
    emit waitingChanged(waiting());
    return dropped;
}

void ReviewAction::forgetUndo()
{
    m_undo.clear();
    emit undoCountChanged(0);
}

void ReviewAction::sendNext()
{
    if (m_waiting.empty()) {
        emit idle();
        return;
    }
    m_current = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_answer.wait(m_moderation.review(m_current->order));
}

void ReviewAction::takeAnswer(const domain::Result<domain::ReviewEntry>& answer)
{
    const Order order = *std::exchange(m_current, std::nullopt);
    if (answer) {
        domain::RecordedFlag flag = order.flag;
        flag.state = stateAfter(answer->decision);
        flag.lastReview = answer->review;
        flag.actor = answer->actor;
        if (!order.isUndo) {
            m_undo.push_back(flag);
            emit undoCountChanged(undoCount());
        }
        emit changed(flag);
        emit decided(*answer);
        if (order.isUndo)
            emit undone(order.order.flag);
    } else {
        emit failed(order.order.flag, answer.error());
        // Somebody else may have decided: show what stands now.
        m_stale.push_back(order.order.flag);
        if (m_stale.size() == 1)
            m_refetched.wait(m_flags.flag(m_stale.front()));
    }
    emit waitingChanged(waiting());
    sendNext();
}

void ReviewAction::takeFlag(const domain::Result<domain::RecordedFlag>& flag)
{
    m_stale.erase(m_stale.begin());
    if (!m_stale.empty())
        m_refetched.wait(m_flags.flag(m_stale.front()));
    if (flag)
        emit changed(*flag);
}

} // namespace scr::actions
