#pragma once

#include <memory>

#include "packed/pack_log.h"
#include "packed/pack_rows.h"
#include "packed/working_copy.h"
#include "ports/audit_source.h"

namespace scr::packed {

/// The rows of the entries that the pack tells, each with its place in the log.
class PackedAuditSource final : public ports::AuditSource {
public:
    explicit PackedAuditSource(std::shared_ptr<const OpenPack> pack);

    [[nodiscard]] QFuture<domain::Result<ports::AuditPage>>
    entriesAfter(const ports::AuditFilter& filter, const std::optional<ports::AuditCursor>& cursor, int limit) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    PackLog m_log; ///< on the worker's thread
    PackWorker m_worker;
};

} // namespace scr::packed
