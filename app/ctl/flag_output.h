#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/flag.h"

namespace scr::ctl {

enum class FlagFormat { Table, JsonLines, Csv };

/// The flags as text. JSON lines and CSV are for programs and stay as they are; the table is for people: hidden characters are
/// made visible and columns are aligned.
[[nodiscard]] std::string textOf(const std::vector<domain::Flag>& flags, FlagFormat format);

} // namespace scr::ctl
