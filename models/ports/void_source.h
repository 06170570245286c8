#pragma once

#include <vector>

#include <QFuture>

#include "domain/audit_reading.h"
#include "domain/result.h"
#include "domain/void_plan.h"

namespace scr::ports {

/// Reads what a void or restore would do, and what was done.
class VoidSource {
public:
    VoidSource() = default;
    VoidSource(const VoidSource&) = delete;
    VoidSource& operator=(const VoidSource&) = delete;
    virtual ~VoidSource() = default;

    /// Plan to void the extra votes of those flags that are counted now; the request id is made anew. Scores, ranks, votes and
    /// digest come from one snapshot. Fault::Rejected when no counted vote is left in them.
    [[nodiscard]] virtual QFuture<domain::Result<domain::VoidPlan>> planVoid(const std::vector<domain::FlagKey>& flags) = 0;
    /// Plan to put back all votes of a void that was carried out.
    [[nodiscard]] virtual QFuture<domain::Result<domain::VoidPlan>> planRestore(const domain::RequestId& voided) = 0;
    /// Plan of a stored proposal, computed anew against what is there now.
    [[nodiscard]] virtual QFuture<domain::Result<domain::VoidPlan>> planProposal(const domain::RequestId& proposal) = 0;
    /// History, newest first; at most `limit`.
    [[nodiscard]] virtual QFuture<domain::Result<std::vector<domain::VoidRequestRow>>> requests(int limit) = 0;
    /// One request with what it does to each post, and its first `mostVotes` votes by key in the state that they have now.
    [[nodiscard]] virtual QFuture<domain::Result<domain::RequestReading>> reading(const domain::RequestId& request,
                                                                                  int mostVotes) = 0;
};

} // namespace scr::ports
