#pragma once

#include <string>

#include "domain/connection.h"
#include "domain/result.h"

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace scr::ctl {

/// Declares --service NAME the same way for every verb.
CLI::Option* addService(CLI::App& command, std::string& service);

[[nodiscard]] domain::ConnectionTarget readerOf(const std::string& service);
[[nodiscard]] domain::Result<domain::ConnectionTarget> elevatedOf(const std::string& service);
[[nodiscard]] domain::Result<domain::ConnectionTarget> ownerOf(const std::string& service);

} // namespace scr::ctl
