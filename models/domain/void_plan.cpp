#include "domain/void_plan.h"

#include <array>

namespace scr::domain {

namespace {

constexpr std::array kKinds{RequestKind::Void, RequestKind::Restore};
constexpr std::array kStates{RequestState::Proposed, RequestState::Done, RequestState::Withdrawn, RequestState::Restored};

} // namespace

std::string_view nameOf(RequestKind kind) noexcept
{
    switch (kind) {
    case RequestKind::Void: return "void";
    case RequestKind::Restore: return "restore";
    }
    return {};
}

std::optional<RequestKind> requestKindOf(std::string_view name) noexcept
{
    for (const RequestKind kind : kKinds) {
        if (nameOf(kind) == name)
            return kind;
    }
    return std::nullopt;
}

std::string_view nameOf(RequestState state) noexcept
{
    switch (state) {
    case RequestState::Proposed: return "proposed";
    case RequestState::Done: return "done";
    case RequestState::Withdrawn: return "withdrawn";
    case RequestState::Restored: return "restored";
    }
    return {};
}

std::optional<RequestState> requestStateOf(std::string_view name) noexcept
{
    for (const RequestState state : kStates) {
        if (nameOf(state) == name)
            return state;
    }
    return std::nullopt;
}

} // namespace scr::domain
