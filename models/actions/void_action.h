#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QObject>

#include "actions/answer.h"
#include "domain/result.h"
#include "domain/void_plan.h"
#include "ports/moderation.h"
#include "ports/void_source.h"

namespace scr::actions {

/// Prepare, then commit: a plan is computed and shown, and only that plan, by its digest, can be carried out. The same request
/// id is kept until the answer is certain, so that sending again after a broken connection never does the work twice.
class VoidAction : public QObject {
    Q_OBJECT
public:
    enum class Stage { Idle, Planning, Previewed, Committing, InDoubt, Done };
    Q_ENUM(Stage)

    VoidAction(ports::VoidSource& source, ports::Moderation& moderation, QObject* parent = nullptr);

    // False, and nothing changes, while an order is on its way or in doubt.
    bool planVoid(const std::vector<domain::FlagKey>& flags);
    bool planRestore(const domain::RequestId& voided);
    bool planProposal(const domain::RequestId& proposal);
    void recompute(); ///< the same question against what is there now
    /// Back to Idle; not possible while an order is on its way. One in doubt stays in the journal.
    void cancel();

    /// True when `typed` is the number of votes, digits only (thousands separators are let through).
    [[nodiscard]] bool matches(const QString& typed) const;
    // Orders about the plan that is shown, in Previewed.
    void commit(const std::string& reason);
    void propose(const std::string& reason);
    void approve();
    /// Also of a proposal that is not shown, in Idle: its votes may have changed so that it cannot be.
    void withdraw(const domain::RequestId& proposal, const std::string& reason);
    void sendAgain(); ///< in InDoubt: the very same order under the same id

    [[nodiscard]] Stage stage() const noexcept { return m_stage; }
    [[nodiscard]] const domain::VoidPlan& plan() const noexcept { return m_plan; }
    [[nodiscard]] const domain::RequestId& request() const noexcept; ///< of the order at hand
    [[nodiscard]] bool isProposal() const noexcept { return !m_plan.proposedBy.empty(); }

signals:
    void stageChanged(scr::actions::VoidAction::Stage stage);
    void previewed(const scr::domain::VoidPlan& plan);
    void committed(const scr::domain::VoidReceipt& receipt);
    void proposed();
    void withdrawn();
    void planFailed(const scr::domain::Error& error);
    void failed(const scr::domain::Error& error); ///< of an order; InDoubt when its outcome is not known

private:
    enum class Question { Void, Restore, Proposal };
    enum class Order { Commit, Propose, Approve, Withdraw };
    [[nodiscard]] bool isBound() const noexcept { return m_stage == Stage::Committing || m_stage == Stage::InDoubt; }
    void ask();
    void order(Order order, const std::string& reason);
    void send();
    void takeError(const domain::Error& error);
    void setStage(Stage stage);
    void takePlan(const domain::Result<domain::VoidPlan>& plan);
    void takeReceipt(const domain::Result<domain::VoidReceipt>& receipt);
    void takeProposed(const domain::Status& status);
    void takeWithdrawn(const domain::Status& status);

    ports::VoidSource& m_source;
    ports::Moderation& m_moderation;
    Stage m_stage = Stage::Idle;
    Question m_question = Question::Void;
    std::vector<domain::FlagKey> m_flags;
    domain::RequestId m_request;
    domain::VoidPlan m_plan;
    Order m_order = Order::Commit;
    std::string m_reason;
    domain::RequestId m_withdrawn; ///< the proposal that Order::Withdraw is about
    bool m_doubtful = false;       ///< the order was sent, and its outcome is not known
    Stage m_before = Stage::Idle;  ///< where an order goes back to when nothing was changed
    Pending<domain::Result<domain::VoidPlan>> m_planned;
    Pending<domain::Result<domain::VoidReceipt>> m_receipt;
    Pending<domain::Status> m_proposing;
    Pending<domain::Status> m_withdrawing;
};

} // namespace scr::actions
