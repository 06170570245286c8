#include "domain/review.h"

#include <array>

namespace scr::domain {

namespace {

constexpr std::array kDecisions{Decision::Confirm, Decision::Dismiss, Decision::Snooze, Decision::Reopen};
constexpr std::array kFlagStates{FlagState::Open, FlagState::Confirmed, FlagState::Dismissed, FlagState::Snoozed,
                                 FlagState::Voided};

} // namespace

std::string_view nameOf(Decision decision) noexcept
{
    switch (decision) {
    case Decision::Confirm: return "confirm";
    case Decision::Dismiss: return "dismiss";
    case Decision::Snooze: return "snooze";
    case Decision::Reopen: return "reopen";
    }
    return {};
}

std::optional<Decision> decisionOf(std::string_view name) noexcept
{
    for (const Decision decision : kDecisions) {
        if (nameOf(decision) == name)
            return decision;
    }
    return std::nullopt;
}

std::string_view nameOf(FlagState state) noexcept
{
    switch (state) {
    case FlagState::Open: return "open";
    case FlagState::Confirmed: return "confirmed";
    case FlagState::Dismissed: return "dismissed";
    case FlagState::Snoozed: return "snoozed";
    case FlagState::Voided: return "voided";
    }
    return {};
}

std::optional<FlagState> flagStateOf(std::string_view name) noexcept
{
    for (const FlagState state : kFlagStates) {
        if (nameOf(state) == name)
            return state;
    }
    return std::nullopt;
}

} // namespace scr::domain
