#pragma once

#include "domain/audit_entry.h"
#include "store/sql_session.h"

namespace scr::store {

/// Of a row with kind, key, time, actor, subject, outcome, detail and origin, from column 0 on.
[[nodiscard]] domain::AuditEntry auditEntryOf(const SqlRow& row);

/// The same with place and hash of the leaf in columns 8 and 9, null where it has none.
[[nodiscard]] domain::AuditEntry sealedEntryOf(const SqlRow& row);

} // namespace scr::store
