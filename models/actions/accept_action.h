#pragma once

#include <QObject>

#include "actions/answer.h"
#include "domain/control.h"
#include "domain/result.h"
#include "ports/moderation.h"

namespace scr::actions {

/// Writes who answers for a control that does not hold, one decision at a time.
class AcceptAction : public QObject {
    Q_OBJECT
public:
    explicit AcceptAction(ports::Moderation& moderation, QObject* parent = nullptr);

    bool start(const domain::AcceptOrder& order); ///< false, and nothing happens, while another one is on its way
    [[nodiscard]] bool isRunning() const noexcept { return m_running; }

signals:
    void finished(const scr::domain::AcceptOrder& order, const scr::domain::Status& status);

private:
    void takeAnswer(const domain::Status& status);

    ports::Moderation& m_moderation;
    bool m_running = false; ///< from the order until it was told what became of it
    domain::AcceptOrder m_order;
    Pending<domain::Status> m_answer;
};

} // namespace scr::actions
