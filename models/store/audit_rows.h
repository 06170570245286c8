#pragma once

#include "domain/audit_entry.h"
#include "store/sql_session.h"

namespace scr::store {

/// Of a row with kind, key, time, actor, subject, outcome, detail and origin, from column 0 on.
[[nodiscard]] domain::AuditEntry auditEntryOf(const SqlRow& row);

} // namespace scr::store
