#pragma once

#include "ports/audit_source.h"
#include "store/sql_worker.h"

namespace scr::store {

class SqlAuditSource final : public ports::AuditSource {
public:
    explicit SqlAuditSource(const domain::ConnectionTarget& target, const ReadSettings& settings = {});

    [[nodiscard]] QFuture<domain::Result<ports::AuditPage>>
    entriesAfter(const ports::AuditFilter& filter, const std::optional<ports::AuditCursor>& cursor, int limit) override;

private:
    SqlWorker m_worker;
};

} // namespace scr::store
