#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <QString>

#include "theme/theme.h"

/// Texts of table cells as the sections of the report share them.
namespace scr::print {

inline constexpr double kTimeWidth = 126; ///< of a column: a moment to the microsecond in one line

/// Text of our own, which needs no gate.
[[nodiscard]] QString own(std::string_view text);
/// "118 → 113"
[[nodiscard]] QString arrow(const std::string& before, const std::string& after);
/// "#3 → #7"
[[nodiscard]] QString rankMove(std::int64_t before, std::int64_t after);
[[nodiscard]] theme::Role moveInk(std::int64_t before, std::int64_t after) noexcept;
[[nodiscard]] inline std::int64_t sizeOf(std::size_t size) noexcept
{
    return static_cast<std::int64_t>(size);
}

} // namespace scr::print
