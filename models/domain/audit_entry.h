#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/time.h"

namespace scr::domain {

enum class EntryKind { Attempt, Review, Propose, Void, Restore, Record, Export, Install, Import, Withdraw, Accept, Epoch };
[[nodiscard]] std::string_view nameOf(EntryKind kind) noexcept; // "attempt", "review", "propose", "void", …
[[nodiscard]] std::optional<EntryKind> entryKindOf(std::string_view name) noexcept;

/// A line of the audit log as the page shows it: a vote attempt or what somebody did with this program.
struct AuditEntry {
    EntryKind kind = EntryKind::Attempt;
    std::string key; ///< unique within its kind
    UtcTime at{};
    std::string actor;   ///< login; for an attempt the token's key
    std::string subject; ///< post key, flag key or request number
    std::string outcome; ///< attempt outcome, decision, or empty
    std::string detail;  ///< one line, untrusted
    std::string origin;
    std::optional<std::uint64_t> leaf{}; ///< its place in the sealed log; nothing: not sealed yet, or read without it
    std::string leafHash{};              ///< hex, of the place
    std::string problem{};               ///< why it is not what was sealed; empty: nobody found that

    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

} // namespace scr::domain
