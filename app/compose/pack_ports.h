#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compose/session_ports.h"
#include "packed/working_copy.h"

namespace scr::compose {

/// A pack, and the public keys that it is held against; without one, the pack's own.
struct PackToOpen {
    std::string path;
    std::optional<std::string> exporter{};
    std::optional<std::string> logKey{};
    std::vector<std::string> witnessKeys{};
};

/// A pack that is open already, behind the ports of a session in which nothing can be decided.
[[nodiscard]] SessionPorts portsOf(const PackToOpen& toOpen, const std::shared_ptr<const packed::OpenPack>& pack);

} // namespace scr::compose
