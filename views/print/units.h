#pragma once

namespace scr::print {

/// The writer counts in tenths of a point, so that fonts, whose size in pixels is a whole number, come in tenths of a point too.
inline constexpr double kUnits = 10;
inline constexpr int kDotsPerInch = 720;
inline constexpr double kPageWidth = 595; ///< A4, in points
inline constexpr double kPageHeight = 842;

} // namespace scr::print
