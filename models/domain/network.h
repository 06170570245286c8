#pragma once

#include <string_view>

namespace scr::domain {

/// True for what PostgreSQL's inet takes as an address or a network: "10.1.2.3", "10.1.0.0/16", "2001:db8::1", "2001:db8::/32".
[[nodiscard]] bool isAddressOrNetwork(std::string_view text) noexcept;

} // namespace scr::domain
