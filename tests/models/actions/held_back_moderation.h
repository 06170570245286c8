#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ports/moderation.h"
#include "support/held_back.h"

namespace scr::test {

/// Writes nothing; each order waits until the test answers it.
class HeldBackModeration final : public ports::Moderation {
public:
    QFuture<domain::Result<domain::ReviewEntry>> review(const domain::ReviewOrder& order) override
    {
        reviews.push_back(order);
        return reviewAnswers.ask();
    }
    QFuture<domain::Result<domain::VoidReceipt>> commit(const domain::VoidPlan& plan, const std::string& reason) override
    {
        commits.push_back({plan.request, reason});
        return receipts.ask();
    }
    QFuture<domain::Status> propose(const domain::VoidPlan& /*plan*/, const std::string& /*reason*/) override
    {
        return statuses.ask();
    }
    QFuture<domain::Result<domain::VoidReceipt>> approve(const domain::VoidPlan& /*plan*/) override { return receipts.ask(); }
    QFuture<domain::Status> withdraw(const domain::RequestId& /*proposal*/, const std::string& /*reason*/) override
    {
        return statuses.ask();
    }
    QFuture<domain::Result<std::int64_t>> record(const std::vector<domain::Flag>& /*flags*/) override { return counts.ask(); }
    QFuture<domain::Status> accept(const domain::AcceptOrder& /*order*/) override { return statuses.ask(); }
    QFuture<domain::Status> logExport(const std::string& detail) override
    {
        exports.push_back(detail);
        return statuses.ask();
    }
    QFuture<domain::Result<std::vector<ports::UnfinishedOrder>>> unfinished() override { return unfinishedAnswers.ask(); }
    QFuture<domain::Result<std::vector<ports::SettledOrder>>>
    resend(const std::vector<ports::UnfinishedOrder>& /*orders*/) override
    {
        return resent.ask();
    }
    QFuture<domain::Result<std::vector<ports::SettledOrder>>>
    giveUp(const std::vector<ports::UnfinishedOrder>& /*orders*/) override
    {
        return givenUp.ask();
    }

    std::vector<domain::ReviewOrder> reviews;
    std::vector<std::string> exports;
    std::vector<std::pair<domain::RequestId, std::string>> commits;
    HeldBack<domain::ReviewEntry> reviewAnswers;
    HeldBack<domain::VoidReceipt> receipts;
    HeldBack<domain::Nothing> statuses;
    HeldBack<std::int64_t> counts;
    HeldBack<std::vector<ports::UnfinishedOrder>> unfinishedAnswers;
    HeldBack<std::vector<ports::SettledOrder>> resent;
    HeldBack<std::vector<ports::SettledOrder>> givenUp;
};

} // namespace scr::test
