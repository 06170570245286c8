#pragma once

#include <string>
#include <vector>

namespace scr::ctl {

/// A cell of at most 44 characters, without hidden ones.
[[nodiscard]] std::string cellText(const std::string& untrusted);

/// Rows with their columns aligned; the last column keeps what it has.
[[nodiscard]] std::string alignedText(const std::vector<std::vector<std::string>>& rows);

} // namespace scr::ctl
