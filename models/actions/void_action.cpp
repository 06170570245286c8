#include "actions/void_action.h"

namespace scr::actions {

VoidAction::VoidAction(ports::VoidSource& source, ports::Moderation& moderation, QObject* parent) :
    QObject{parent}, m_source{source}, m_moderation{moderation}, m_planned{this, &VoidAction::takePlan},
    m_receipt{this, &VoidAction::takeReceipt}, m_proposing{this, &VoidAction::takeProposed},
    m_withdrawing{this, &VoidAction::takeWithdrawn}
{
}

bool VoidAction::planVoid(const std::vector<domain::FlagKey>& flags)
{
    if (isBound())
        return false;
    m_question = Question::Void;
    m_flags = flags;
    ask();
    return true;
}

bool VoidAction::planRestore(const domain::RequestId& voided)
{
    if (isBound())
        return false;
    m_question = Question::Restore;
    m_request = voided;
    ask();
    return true;
}

bool VoidAction::planProposal(const domain::RequestId& proposal)
{
    if (isBound())
        return false;
    m_question = Question::Proposal;
    m_request = proposal;
    ask();
    return true;
}

void VoidAction::recompute()
{
    if (m_stage == Stage::Previewed || m_stage == Stage::Idle)
        ask();
}

void VoidAction::ask()
{
    setStage(Stage::Planning);
    switch (m_question) {
    case Question::Void: m_planned.wait(m_source.planVoid(m_flags)); break;
    case Question::Restore: m_planned.wait(m_source.planRestore(m_request)); break;
    case Question::Proposal: m_planned.wait(m_source.planProposal(m_request)); break;
    }
}

void VoidAction::cancel()
{
    if (m_stage == Stage::Committing)
        return;
    m_planned.cancel();
    m_plan = {};
    setStage(Stage::Idle);
}

const domain::RequestId& VoidAction::request() const noexcept
{
    return m_order == Order::Withdraw ? m_withdrawn : m_plan.request;
}

bool VoidAction::matches(const QString& typed) const
{
    QString digits = typed.trimmed();
    digits.remove(QLatin1Char{','});
    digits.remove(QLatin1Char{' '});
    return !digits.isEmpty() && digits == QString::number(m_plan.votes.size());
}

void VoidAction::commit(const std::string& reason)
{
    if (m_stage == Stage::Previewed)
        order(Order::Commit, reason);
}

void VoidAction::propose(const std::string& reason)
{
    if (m_stage == Stage::Previewed)
        order(Order::Propose, reason);
}

void VoidAction::approve()
{
    if (m_stage == Stage::Previewed)
        order(Order::Approve, {});
}

void VoidAction::withdraw(const domain::RequestId& proposal, const std::string& reason)
{
    if (m_stage != Stage::Previewed && m_stage != Stage::Idle)
        return;
    m_withdrawn = proposal;
    order(Order::Withdraw, reason);
}

void VoidAction::sendAgain()
{
    // Another reason would be another payload, which the database refuses: the order is kept as it was.
    if (m_stage == Stage::InDoubt)
        send();
}

void VoidAction::order(Order order, const std::string& reason)
{
    m_before = m_stage;
    m_order = order;
    m_reason = reason;
    m_doubtful = false;
    send();
}

void VoidAction::send()
{
    setStage(Stage::Committing);
    switch (m_order) {
    case Order::Commit: m_receipt.wait(m_moderation.commit(m_plan, m_reason)); break;
    case Order::Approve: m_receipt.wait(m_moderation.approve(m_plan)); break;
    case Order::Propose: m_proposing.wait(m_moderation.propose(m_plan, m_reason)); break;
    case Order::Withdraw: m_withdrawing.wait(m_moderation.withdraw(m_withdrawn, m_reason)); break;
    }
}

void VoidAction::setStage(Stage stage)
{
    if (m_stage == stage)
        return;
    m_stage = stage;
    emit stageChanged(stage);
}

void VoidAction::takePlan(const domain::Result<domain::VoidPlan>& plan)
{
    if (m_stage != Stage::Planning)
        return;
    if (!plan) {
        setStage(Stage::Idle);
        emit planFailed(plan.error());
        return;
    }
    m_plan = *plan;
    setStage(Stage::Previewed);
    emit previewed(m_plan);
}

void VoidAction::takeReceipt(const domain::Result<domain::VoidReceipt>& receipt)
{
    if (!receipt) {
        takeError(receipt.error());
        return;
    }
    setStage(Stage::Done);
    emit committed(*receipt);
}

void VoidAction::takeProposed(const domain::Status& status)
{
    if (!status) {
        takeError(status.error());
        return;
    }
    setStage(Stage::Done);
    emit proposed();
}

void VoidAction::takeWithdrawn(const domain::Status& status)
{
    if (!status) {
        takeError(status.error());
        return;
    }
    setStage(Stage::Done);
    emit withdrawn();
}

void VoidAction::takeError(const domain::Error& error)
{
    // Once in doubt, only what the database says about this order ends the doubt.
    m_doubtful = error.fault == domain::Fault::InDoubt || (m_doubtful && error.fault != domain::Fault::Rejected);
    domain::Error told = error;
    if (m_doubtful)
        told.fault = domain::Fault::InDoubt;
    setStage(m_doubtful ? Stage::InDoubt : m_before);
    emit failed(told);
}

} // namespace scr::actions
