#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QFuture>

#include "domain/control.h"
#include "domain/result.h"
#include "domain/review.h"
#include "domain/void_plan.h"

namespace scr::ports {

/// A request that was sent and whose outcome never became known here.
struct UnfinishedOrder {
    domain::RequestId request;
    std::string function; ///< "void_votes"; with the id it names the order
    std::string what;     ///< `void, "sock puppets"`
    domain::UtcTime sentAt{};
    friend bool operator==(const UnfinishedOrder&, const UnfinishedOrder&) = default;
};

/// What sending an order again, or giving it up, came to.
struct SettledOrder {
    domain::RequestId request;
    std::string sentence;
    bool settled{}; ///< false: its outcome is still not known, and it stays among the unfinished
    friend bool operator==(const SettledOrder&, const SettledOrder&) = default;
};

/// The decisions that the console may ask for. The implementation opens an elevated session for each one and closes it again.
/// Every order carries a client-made request id, so sending one again is harmless.
class Moderation {
public:
    Moderation() = default;
    Moderation(const Moderation&) = delete;
    Moderation& operator=(const Moderation&) = delete;
    virtual ~Moderation() = default;

    /// Fault::Rejected when somebody else decided since `seenReview`; the detail names who and what.
    [[nodiscard]] virtual QFuture<domain::Result<domain::ReviewEntry>> review(const domain::ReviewOrder& order) = 0;
    [[nodiscard]] virtual QFuture<domain::Result<domain::VoidReceipt>> commit(const domain::VoidPlan& plan,
                                                                              const std::string& reason) = 0;
    /// Stores the plan for a second person to approve.
    [[nodiscard]] virtual QFuture<domain::Status> propose(const domain::VoidPlan& plan, const std::string& reason) = 0;
    [[nodiscard]] virtual QFuture<domain::Result<domain::VoidReceipt>> approve(const domain::VoidPlan& plan) = 0;
    [[nodiscard]] virtual QFuture<domain::Status> withdraw(const domain::RequestId& proposal, const std::string& reason) = 0;
    /// Records the flags of a scan; returns how many were new.
    [[nodiscard]] virtual QFuture<domain::Result<std::int64_t>> record(const std::vector<domain::Flag>& flags) = 0;
    [[nodiscard]] virtual QFuture<domain::Status> accept(const domain::AcceptOrder& order) = 0;
    /// Writes to the audit log that data left the house.
    [[nodiscard]] virtual QFuture<domain::Status> logExport(const std::string& detail) = 0;
    /// Orders of earlier runs whose outcome is not known, oldest first.
    [[nodiscard]] virtual QFuture<domain::Result<std::vector<UnfinishedOrder>>> unfinished() = 0;
    /// Sends those of them that are unfinished still again under their own request ids, whatever became of the one before.
    [[nodiscard]] virtual QFuture<domain::Result<std::vector<SettledOrder>>>
    resend(const std::vector<UnfinishedOrder>& orders) = 0;
    /// Asks what became of them, and gives up what was not carried out: it never will be, unless it was an approval or a
    /// withdrawal.
    [[nodiscard]] virtual QFuture<domain::Result<std::vector<SettledOrder>>>
    giveUp(const std::vector<UnfinishedOrder>& orders) = 0;
};

} // namespace scr::ports
