#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.h"

namespace scr::domain {

enum class Environment { Production, Staging, Demo };
[[nodiscard]] std::string_view nameOf(Environment environment) noexcept; // "production", "staging", "demo"
[[nodiscard]] std::optional<Environment> environmentOf(std::string_view name) noexcept;

/// What a source can support; `why` tells the reason where it cannot.
struct Capability {
    std::string name; ///< "has_attempts", "has_counter", "has_origin", …
    bool available{};
    std::string detail;

    friend bool operator==(const Capability&, const Capability&) = default;
};

/// One way in which the present login could write, with the statement that closes it.
struct WriteAccess {
    std::string what;
    std::string remedy; ///< a REVOKE or ALTER statement to paste; a comment where there is none

    friend bool operator==(const WriteAccess&, const WriteAccess&) = default;
};

/// Facts about the voting system the console is attached to, read at connect.
struct Source {
    std::string service; ///< libpq service name, or "host/database" when connected by fields
    std::string database;
    std::string server; ///< host or socket
    std::string login;
    std::string serverVersion;
    std::string adapter;
    std::string adapterVersion;
    Environment environment = Environment::Production;
    bool twoPersonRule{};
    std::vector<Capability> capabilities;
    std::vector<WriteAccess> writeAccess; ///< empty: read-only is proved
    std::int64_t waysLookedFor{};         ///< how many kinds of write access the proof looked for
    UtcTime readAt{};
    bool isEvidence{}; ///< an evidence pack: nothing can be decided, and its clock stands at readAt

    [[nodiscard]] bool can(std::string_view capability) const noexcept;
    friend bool operator==(const Source&, const Source&) = default;
};

} // namespace scr::domain
