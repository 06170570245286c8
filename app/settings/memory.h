#pragma once

#include <string>

#include <QByteArray>

namespace scr::settings {

/// What the console keeps from one start to the next, in $XDG_CONFIG_HOME/scrutineer/console.ini. Passwords are not among it.
struct Memory {
    std::string scheme = "system"; ///< "system", "light", "dark" or "high-contrast"
    std::string service;           ///< libpq service of the last source; empty where it was reached by fields
    bool live = false;             ///< follow the source as soon as it is open
    QByteArray geometry;           ///< of the window, as QWidget saves it

    friend bool operator==(const Memory&, const Memory&) = default;
};

/// Whatever cannot be read is as at the first start.
[[nodiscard]] Memory readMemory();
void writeMemory(const Memory& memory);

} // namespace scr::settings
