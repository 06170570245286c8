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

domain::AuditEntry sealedEntryOf(const SqlRow& row)
{
    domain::AuditEntry entry = auditEntryOf(row);
    if (!row.isNull(8)) {
        entry.leaf = static_cast<std::uint64_t>(row.integer(8));
        entry.leafHash = row.text(9);
    }
    return entry;
}

} // namespace scr::store
