#include "actions/void_action.h"

namespace scr::actions {

VoidAction::VoidAction(ports::VoidSource& source, ports::Moderation& moderation, QObject* parent) :
    QObject{parent}, m_source{source}, m_moderation{moderation}, m_planned{this, &VoidAction::takePlan},
    m_receipt{this, &VoidAction::takeReceipt}, m_proposing{this, &VoidAction::takeProposed},
    m_withdrawing{this, &VoidAction::takeWithdrawn}
{
}

void VoidAction::planVoid(const std::vector<domain::FlagKey>& flags)
{
    m_question = Question::Void;
    m_flags = flags;
    ask();
}

void VoidAction::planRestore(const domain::RequestId& voided)
{
    m_question = Question::Restore;
    m_request = voided;
    ask();
}

void VoidAction::planProposal(const domain::RequestId& proposal)
{
    m_question = Question::Proposal;
    m_request = proposal;
    ask();
}

void VoidAction::recompute()
{
    if (m_stage == Stage::Previewed || m_stage == Stage::Idle)
        ask();
}

void VoidAction::ask()
{
    if (m_stage == Stage::Committing || m_stage == Stage::InDoubt)
        return;
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

bool VoidAction::matches(const QString& typed) const
{
    QString digits = typed.trimmed();
    digits.remove(QLatin1Char{','});
    digits.remove(QLatin1Char{' '});
    return !digits.isEmpty() && digits == QString::number(m_plan.votes.size());
}

void VoidAction::commit(const std::string& reason)
{
    if (m_stage != Stage::Previewed && m_stage != Stage::InDoubt)
        return;
    // In doubt the very same order goes again: another reason would be another payload, which the database refuses.
    if (m_stage == Stage::Previewed)
        m_reason = reason;
    setStage(Stage::Committing);
    m_receipt.wait(m_moderation.commit(m_plan, m_reason));
}

void VoidAction::approve()
{
    if (m_stage != Stage::Previewed && m_stage != Stage::InDoubt)
        return;
    setStage(Stage::Committing);
    m_receipt.wait(m_moderation.approve(m_plan));
}

void VoidAction::propose(const std::string& reason)
{
    if (m_stage != Stage::Previewed)
        return;
    setStage(Stage::Committing);
    m_proposing.wait(m_moderation.propose(m_plan, reason));
}

void VoidAction::withdraw(const std::string& reason)
{
    if (m_stage != Stage::Previewed || !isProposal())
        return;
    setStage(Stage::Committing);
    m_withdrawing.wait(m_moderation.withdraw(m_plan.request, reason));
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
        emit failed(plan.error());
        return;
    }
    m_plan = *plan;
    setStage(Stage::Previewed);
    emit previewed(m_plan);
}

void VoidAction::takeReceipt(const domain::Result<domain::VoidReceipt>& receipt)
{
    if (receipt) {
        setStage(Stage::Done);
        emit committed(*receipt);
        return;
    }
    setStage(receipt.error().fault == domain::Fault::InDoubt ? Stage::InDoubt : Stage::Previewed);
    emit failed(receipt.error());
}

void VoidAction::takeProposed(const domain::Status& status)
{
    setStage(status ? Stage::Done : Stage::Previewed);
    if (status)
        emit proposed();
    else
        emit failed(status.error());
}

void VoidAction::takeWithdrawn(const domain::Status& status)
{
    setStage(status ? Stage::Done : Stage::Previewed);
    if (status)
        emit withdrawn();
    else
        emit failed(status.error());
}

} // namespace scr::actions
