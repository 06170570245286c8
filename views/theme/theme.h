#pragma once

#include <array>
#include <cstddef>

#include <QColor>
#include <QPalette>

namespace scr::theme {

enum class Scheme { Light, Dark, HighContrast, System };

/// Every colour the program draws with. `…Soft` is the fill behind text of the same kind.
enum class Role {
    Window,
    Base,
    Rail,
    Raised,
    Hover,
    Press,
    Selection,
    SelectionInactive,
    Mark,
    Line,
    LineStrong,
    ControlEdge,
    Text,
    Text2,
    Text3,
    Disabled,
    AccentFill,
    OnFill,
    Link,
    Focus,
    DangerFill,
    DangerText,
    DangerSoft,
    DangerLine,
    WarningText,
    WarningSoft,
    WarningLine,
    OkText,
    OkSoft,
    OkLine,
    InfoSoft,
    InfoLine,
    TooltipFill,
    TooltipText,
    Production,
    Staging,
    Demo,
    SeriesNormal,
    SeriesFlagged,
    SeriesHolds,
    SeriesLinked,
    Heat0,
    Heat1,
    Heat2,
    Heat3,
    Heat4,
    Heat5,
    Grid,
    Dimmed,
    Band,
    Count
};

/// One set of colours; the three there are never change while the program runs.
struct Theme {
    Scheme scheme = Scheme::Light; ///< never System
    std::array<QColor, static_cast<std::size_t>(Role::Count)> colors;

    [[nodiscard]] const QColor& operator[](Role role) const { return colors[static_cast<std::size_t>(role)]; }
};

[[nodiscard]] const Theme& themeOf(Scheme scheme); ///< System counts as Light
[[nodiscard]] const Theme& themeOf(const QPalette& palette);
[[nodiscard]] QPalette paletteOf(const Theme& theme);
[[nodiscard]] QPalette railPaletteOf(const Theme& theme); ///< paletteOf with the rail's window colour

/// WCAG 2 contrast of two opaque colours, 1 to 21.
[[nodiscard]] double contrastOf(const QColor& one, const QColor& other);

} // namespace scr::theme
