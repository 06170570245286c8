#include "actions/accept_action.h"

namespace scr::actions {

AcceptAction::AcceptAction(ports::Moderation& moderation, QObject* parent) :
    QObject{parent}, m_moderation{moderation}, m_answer{this, &AcceptAction::takeAnswer}
{
}

bool AcceptAction::start(const domain::AcceptOrder& order)
{
    if (m_running)
        return false;
    m_running = true;
    m_order = order;
    m_answer.wait(m_moderation.accept(order));
    return true;
}

void AcceptAction::takeAnswer(const domain::Status& status)
{
    m_running = false;
    emit finished(m_order, status);
}

} // namespace scr::actions
