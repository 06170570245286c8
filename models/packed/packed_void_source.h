#pragma once

#include <memory>

#include "packed/pack_rows.h"
#include "packed/working_copy.h"
#include "ports/void_source.h"

namespace scr::packed {

/// What was voided and restored; to plan something is refused.
class PackedVoidSource final : public ports::VoidSource {
public:
    explicit PackedVoidSource(std::shared_ptr<const OpenPack> pack);

    [[nodiscard]] QFuture<domain::Result<domain::VoidPlan>> planVoid(const std::vector<domain::FlagKey>& flags) override;
    [[nodiscard]] QFuture<domain::Result<domain::VoidPlan>> planRestore(const domain::RequestId& voided) override;
    [[nodiscard]] QFuture<domain::Result<domain::VoidPlan>> planProposal(const domain::RequestId& proposal) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<domain::VoidRequestRow>>> requests(int limit) override;
    /// The state of a vote that is not among the pack's votes is that of the request.
    [[nodiscard]] QFuture<domain::Result<domain::RequestReading>> reading(const domain::RequestId& request,
                                                                          int mostVotes) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    PackWorker m_worker;
};

/// What the request does to each post, largest change first.
[[nodiscard]] domain::Result<std::vector<domain::PostShare>> readShares(PackSession& session,
                                                                        const domain::VoidRequestRow& request);

} // namespace scr::packed
