#include "domain/audit_entry.h"

#include <array>

namespace scr::domain {

namespace {

constexpr std::array kKinds{EntryKind::Attempt, EntryKind::Review,   EntryKind::Propose, EntryKind::Void,
                            EntryKind::Restore, EntryKind::Record,   EntryKind::Export,  EntryKind::Install,
                            EntryKind::Import,  EntryKind::Withdraw, EntryKind::Accept,  EntryKind::Epoch};

} // namespace

std::string_view nameOf(EntryKind kind) noexcept
{
    switch (kind) {
    case EntryKind::Attempt: return "attempt";
    case EntryKind::Review: return "review";
    case EntryKind::Propose: return "propose";
    case EntryKind::Void: return "void";
    case EntryKind::Restore: return "restore";
    case EntryKind::Record: return "record";
    case EntryKind::Export: return "export";
    case EntryKind::Install: return "install";
    case EntryKind::Import: return "import";
    case EntryKind::Withdraw: return "withdraw";
    case EntryKind::Accept: return "accept";
    case EntryKind::Epoch: return "epoch";
    }
    return {};
}

std::optional<EntryKind> entryKindOf(std::string_view name) noexcept
{
    for (const EntryKind kind : kKinds) {
        if (nameOf(kind) == name)
            return kind;
    }
    return std::nullopt;
}

} // namespace scr::domain
