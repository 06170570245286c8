#include "settings/state_dirs.h"

#include <cstdlib>

namespace scr::settings {

std::filesystem::path stateDirectory()
{
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
        return std::filesystem::path{state} / "scrutineer";
    const char* home = std::getenv("HOME");
    return std::filesystem::path{home == nullptr ? "/" : home} / ".local" / "state" / "scrutineer";
}

std::filesystem::path journalDirectory()
{
    return stateDirectory() / "journal";
}

std::filesystem::path seenLogDirectory()
{
    return stateDirectory() / "seen";
}

std::filesystem::path sealDirectory()
{
    return stateDirectory() / "seal";
}

std::filesystem::path logMemoryDirectory()
{
    return stateDirectory() / "logs";
}

} // namespace scr::settings
