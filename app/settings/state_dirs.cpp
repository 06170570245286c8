#include "settings/state_dirs.h"

#include <cstdlib>

namespace scr::settings {

std::filesystem::path journalDirectory()
{
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
        return std::filesystem::path{state} / "scrutineer" / "journal";
    const char* home = std::getenv("HOME");
    return std::filesystem::path{home == nullptr ? "/" : home} / ".local" / "state" / "scrutineer" / "journal";
}

} // namespace scr::settings
