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

    void planVoid(const std::vector<domain::FlagKey>& flags);
    void planRestore(const domain::RequestId& voided);
    void planProposal(const domain::RequestId& proposal);
    void recompute(); ///< the same question against what is there now
    void cancel();    ///< back to Idle; not possible while a commit is on its way

    /// True when `typed` is the number of votes, digits only (thousands separators are let through).
    [[nodiscard]] bool matches(const QString& typed) const;
    void commit(const std::string& reason); ///< in Previewed, and again with the same id in InDoubt
    void propose(const std::string& reason);
    void approve();
    void withdraw(const std::string& reason);

    [[nodiscard]] Stage stage() const noexcept { return m_stage; }
    [[nodiscard]] const domain::VoidPlan& plan() const noexcept { return m_plan; }
    [[nodiscard]] bool isProposal() const noexcept { return !m_plan.proposedBy.empty(); }

signals:
    void stageChanged(scr::actions::VoidAction::Stage stage);
    void previewed(const scr::domain::VoidPlan& plan);
    void committed(const scr::domain::VoidReceipt& receipt);
    void proposed();
    void withdrawn();
    void failed(const scr::domain::Error& error);

private:
    enum class Question { Void, Restore, Proposal };
    void ask();
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
    std::string m_reason;
    Pending<domain::Result<domain::VoidPlan>> m_planned;
    Pending<domain::Result<domain::VoidReceipt>> m_receipt;
    Pending<domain::Status> m_proposing;
    Pending<domain::Status> m_withdrawing;
};

} // namespace scr::actions
