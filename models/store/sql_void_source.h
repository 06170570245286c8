#pragma once

#include "ports/void_source.h"
#include "store/sql_worker.h"

namespace scr::store {

class SqlVoidSource final : public ports::VoidSource {
public:
    explicit SqlVoidSource(const domain::ConnectionTarget& target);

    [[nodiscard]] QFuture<domain::Result<domain::VoidPlan>> planVoid(const std::vector<domain::FlagKey>& flags) override;
    [[nodiscard]] QFuture<domain::Result<domain::VoidPlan>> planRestore(const domain::RequestId& voided) override;
    [[nodiscard]] QFuture<domain::Result<domain::VoidPlan>> planProposal(const domain::RequestId& proposal) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<domain::VoidRequestRow>>> requests(int limit) override;
    [[nodiscard]] QFuture<domain::Result<domain::RequestReading>> reading(const domain::RequestId& request,
                                                                          int mostVotes) override;

private:
    SqlWorker m_plans; ///< without a statement timeout: ranks before and after need the sum of every post
    SqlWorker m_history;
};

} // namespace scr::store
