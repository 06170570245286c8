#pragma once

#include <filesystem>

#include <QThreadPool>

#include "domain/connection.h"
#include "elevated/elevated_session.h"
#include "ports/moderation.h"

namespace scr::compose {

/// The console's decisions carried out by elevated sessions, one after the other, on a thread of their own.
class ElevatedModeration final : public ports::Moderation {
public:
    ElevatedModeration(const domain::ConnectionTarget& target, const std::filesystem::path& journalDirectory);
    /// Waits for what is on its way: an order that was sent is never abandoned half way.
    ~ElevatedModeration() override;

    [[nodiscard]] QFuture<domain::Result<domain::ReviewEntry>> review(const domain::ReviewOrder& order) override;
    [[nodiscard]] QFuture<domain::Result<domain::VoidReceipt>> commit(const domain::VoidPlan& plan,
                                                                      const std::string& reason) override;
    [[nodiscard]] QFuture<domain::Status> propose(const domain::VoidPlan& plan, const std::string& reason) override;
    [[nodiscard]] QFuture<domain::Result<domain::VoidReceipt>> approve(const domain::VoidPlan& plan) override;
    [[nodiscard]] QFuture<domain::Status> withdraw(const domain::RequestId& proposal, const std::string& reason) override;
    [[nodiscard]] QFuture<domain::Result<std::int64_t>> record(const std::vector<domain::Flag>& flags) override;
    [[nodiscard]] QFuture<domain::Status> accept(const domain::AcceptOrder& order) override;
    [[nodiscard]] QFuture<domain::Status> logExport(const std::string& detail) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<ports::UnfinishedOrder>>> unfinished() override;
    [[nodiscard]] QFuture<domain::Result<std::vector<ports::SettledOrder>>>
    resend(const std::vector<ports::UnfinishedOrder>& orders) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<ports::SettledOrder>>>
    giveUp(const std::vector<ports::UnfinishedOrder>& orders) override;

private:
    template <class Work>
    [[nodiscard]] auto inOrder(Work work);
    using Settler = domain::Result<std::string> (elevated::ElevatedSession::*)(const elevated::UnfinishedRequest&) const;
    [[nodiscard]] QFuture<domain::Result<std::vector<ports::SettledOrder>>>
    settleEach(const std::vector<ports::UnfinishedOrder>& orders, Settler settle);

    const elevated::ElevatedSession m_session;
    QThreadPool m_pool;
};

} // namespace scr::compose
