#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QFuture>

#include "domain/audit_entry.h"
#include "domain/result.h"
#include "query/query.h"

namespace scr::ports {

/// Newest first by (at, kind, key).
struct AuditCursor {
    domain::UtcTime at{};
    domain::EntryKind kind{};
    std::string key;
    friend bool operator==(const AuditCursor&, const AuditCursor&) = default;
};

struct AuditFilter {
    domain::TimeRange range;
    std::optional<bool> attempts;        ///< true: vote attempts only; false: moderation entries only; empty: both
    std::string token;                   ///< actor equals; empty: any
    std::string post;                    ///< subject equals; empty: any
    std::string outcome;                 ///< equals; empty: any
    std::string origin;                  ///< address or network that contains it; empty: any
    std::optional<std::uint64_t> leaf{}; ///< that place in the sealed log, whatever the range; empty: any
    friend bool operator==(const AuditFilter&, const AuditFilter&) = default;
};

struct AuditPage {
    std::vector<domain::AuditEntry> rows;
    std::optional<AuditCursor> next;
};

class AuditSource {
public:
    AuditSource() = default;
    AuditSource(const AuditSource&) = delete;
    AuditSource& operator=(const AuditSource&) = delete;
    virtual ~AuditSource() = default;

    [[nodiscard]] virtual QFuture<domain::Result<AuditPage>>
    entriesAfter(const AuditFilter& filter, const std::optional<AuditCursor>& cursor, int limit) = 0;
};

} // namespace scr::ports
