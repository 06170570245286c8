#include "store/audit_rows.h"

namespace scr::store {

domain::AuditEntry auditEntryOf(const SqlRow& row)
{
    domain::AuditEntry entry;
    entry.kind = domain::entryKindOf(row.text(0)).value_or(domain::EntryKind::Record);
    entry.key = row.text(1);
    entry.at = row.time(2);
    entry.actor = row.text(3);
    entry.subject = row.text(4);
    entry.outcome = row.text(5);
    entry.detail = row.text(6);
    entry.origin = row.text(7);
    return entry;
}

} // namespace scr::store
