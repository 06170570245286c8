#include "domain/control.h"

namespace scr::domain {

std::string_view nameOf(ControlState state) noexcept
{
    switch (state) {
    case ControlState::Holds: return "holds";
    case ControlState::Fails: return "fails";
    case ControlState::Unknown: return "unknown";
    }
    return {};
}

std::optional<ControlState> controlStateOf(std::string_view name) noexcept
{
    for (const ControlState state : {ControlState::Holds, ControlState::Fails, ControlState::Unknown}) {
        if (nameOf(state) == name)
            return state;
    }
    return std::nullopt;
}

} // namespace scr::domain
