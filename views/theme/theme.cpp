#include "theme/theme.h"

#include <algorithm>
#include <cmath>

namespace scr::theme {

namespace {

struct RoleColors {
    Role role;
    QRgb light;
    QRgb dark;
    QRgb contrast;
};

constexpr std::array<RoleColors, static_cast<std::size_t>(Role::Count)> kColors{{
    {Role::Window, 0xF5F6F7, 0x161718, 0x000000},        {Role::Base, 0xFFFFFF, 0x1E1E1E, 0x000000},
    {Role::Rail, 0xECEEF1, 0x121314, 0x000000},          {Role::Raised, 0xFFFFFF, 0x262829, 0x000000},
    {Role::Hover, 0xEEF1F4, 0x292B2D, 0x262626},         {Role::Press, 0xE1E6EA, 0x323538, 0x404040},
    {Role::Selection, 0xDCEAF5, 0x17364B, 0x003A63},     {Role::SelectionInactive, 0xE9EDF0, 0x2B2E31, 0x2B2B2B},
    {Role::Mark, 0x0072B2, 0x56B4E9, 0xFFE600},          {Role::Line, 0xE3E6EA, 0x2D2F31, 0x7A7A7A},
    {Role::LineStrong, 0xCFD5DB, 0x3E4144, 0xFFFFFF},    {Role::ControlEdge, 0x858E97, 0x747A80, 0xFFFFFF},
    {Role::Text, 0x1A2027, 0xE4E6E8, 0xFFFFFF},          {Role::Text2, 0x48525C, 0xB4B9BE, 0xFFFFFF},
    {Role::Text3, 0x5E6872, 0x979DA3, 0xE0E0E0},         {Role::Disabled, 0x9AA3AB, 0x63686D, 0xA6A6A6},
    {Role::AccentFill, 0x0072B2, 0x0072B2, 0x0072B2},    {Role::OnFill, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF},
    {Role::Link, 0x00629A, 0x6CBDEB, 0x8FD3FF},          {Role::Focus, 0x0072B2, 0x56B4E9, 0xFFE600},
    {Role::DangerFill, 0xB3261E, 0xC8372D, 0xC8372D},    {Role::DangerText, 0xA3211A, 0xF2918A, 0xFFB3AD},
    {Role::DangerSoft, 0xFCEDEC, 0x371E1C, 0x3A0906},    {Role::DangerLine, 0xE5B4B0, 0x6E322D, 0xFFB3AD},
    {Role::WarningText, 0xA84600, 0xF39A5C, 0xFFB47D},   {Role::WarningSoft, 0xFDF1E8, 0x34231A, 0x331700},
    {Role::WarningLine, 0xEBC3A3, 0x6B4122, 0xFFB47D},   {Role::OkText, 0x00704F, 0x4CC9A1, 0x6FF0C8},
    {Role::OkSoft, 0xE8F5F0, 0x17302A, 0x00291D},        {Role::OkLine, 0xA6D6C6, 0x1F5C4B, 0x6FF0C8},
    {Role::InfoSoft, 0xEAF3F9, 0x182B38, 0x001F36},      {Role::InfoLine, 0xAFCFE4, 0x25506C, 0x8FD3FF},
    {Role::TooltipFill, 0x22282E, 0xE8EAEC, 0xFFFFFF},   {Role::TooltipText, 0xF4F6F7, 0x16181A, 0x000000},
    {Role::Production, 0xB3261E, 0xB3261E, 0xB3261E},    {Role::Staging, 0x8A5A00, 0x8A5A00, 0x8A5A00},
    {Role::Demo, 0x4E5862, 0x4E5862, 0x4E5862},          {Role::SeriesNormal, 0x0072B2, 0x0072B2, 0x5FB2E6},
    {Role::SeriesFlagged, 0xD55E00, 0xD55E00, 0xFF8A3C}, {Role::SeriesHolds, 0x009E73, 0x009E73, 0x1FC796},
    {Role::SeriesLinked, 0xCC79A7, 0xCC79A7, 0xE9A9CB},  {Role::Heat0, 0xF1F4F6, 0x242628, 0x1A1A1A},
    {Role::Heat1, 0xCFE3F1, 0x183448, 0x12395A},         {Role::Heat2, 0x9CC7E2, 0x1B4E70, 0x155784},
    {Role::Heat3, 0x5AA2CD, 0x1E6C9C, 0x2C7FB8},         {Role::Heat4, 0x0072B2, 0x3694CC, 0x5FB2E6},
    {Role::Heat5, 0x004A75, 0x8CCBF0, 0xC4E6FF},         {Role::Grid, 0xECEEF1, 0x2A2C2E, 0x3A3A3A},
    {Role::Dimmed, 0xBAC2CA, 0x55595D, 0xB0B0B0},        {Role::Band, 0xEAF3F9, 0x1B2B36, 0x0B2A40},
}};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kColors.size(); ++i) {
        if (static_cast<std::size_t>(kColors[i].role) != i)
            return false;
    }
    return true;
}
static_assert(inOrder(), "one line for each role, in the order of the enum");

Theme make(Scheme scheme)
{
    Theme theme;
    theme.scheme = scheme;
    for (const RoleColors& one : kColors) {
        const QRgb rgb = scheme == Scheme::Dark ? one.dark : scheme == Scheme::HighContrast ? one.contrast : one.light;
        theme.colors[static_cast<std::size_t>(one.role)] = QColor{rgb};
    }
    return theme;
}

double luminanceOf(const QColor& color)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

void setTexts(QPalette& palette, const Theme& theme)
{
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(role, theme[Role::Text]);
        palette.setColor(QPalette::Disabled, role, theme[Role::Disabled]);
    }
    palette.setColor(QPalette::PlaceholderText, theme[Role::Text3]);
    palette.setColor(QPalette::Disabled, QPalette::PlaceholderText, theme[Role::Disabled]);
    palette.setColor(QPalette::BrightText, theme[Role::OnFill]);
    palette.setColor(QPalette::Link, theme[Role::Link]);
    palette.setColor(QPalette::LinkVisited, theme[Role::Link]);
    palette.setColor(QPalette::ToolTipBase, theme[Role::TooltipFill]);
    palette.setColor(QPalette::ToolTipText, theme[Role::TooltipText]);
}

} // namespace

const Theme& themeOf(Scheme scheme)
{
    static const Theme light = make(Scheme::Light);
    static const Theme dark = make(Scheme::Dark);
    static const Theme contrast = make(Scheme::HighContrast);
    switch (scheme) {
    case Scheme::Dark: return dark;
    case Scheme::HighContrast: return contrast;
    case Scheme::Light:
    case Scheme::System: break;
    }
    return light;
}

const Theme& themeOf(const QPalette& palette)
{
    const QColor base = palette.color(QPalette::Active, QPalette::Base);
    if (base.lightness() > 127)
        return themeOf(Scheme::Light);
    return themeOf(base == QColor{Qt::black} ? Scheme::HighContrast : Scheme::Dark);
}

QPalette paletteOf(const Theme& theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme[Role::Window]);
    palette.setColor(QPalette::Base, theme[Role::Base]);
    palette.setColor(QPalette::AlternateBase, theme[Role::Base]);
    palette.setColor(QPalette::Button, theme[Role::Raised]);
    palette.setColor(QPalette::Light, theme[Role::Raised]);
    palette.setColor(QPalette::Midlight, theme[Role::Hover]);
    palette.setColor(QPalette::Dark, theme[Role::Press]);
    palette.setColor(QPalette::Mid, theme[Role::LineStrong]);
    palette.setColor(QPalette::Shadow, theme[Role::ControlEdge]);
    palette.setColor(QPalette::Highlight, theme[Role::Selection]);
    palette.setColor(QPalette::Inactive, QPalette::Highlight, theme[Role::SelectionInactive]);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, theme[Role::SelectionInactive]);
    palette.setColor(QPalette::HighlightedText, theme[Role::Text]);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, theme[Role::Disabled]);
    setTexts(palette, theme);
    return palette;
}

QPalette railPaletteOf(const Theme& theme)
{
    QPalette palette = paletteOf(theme);
    palette.setColor(QPalette::Window, theme[Role::Rail]);
    return palette;
}

double contrastOf(const QColor& one, const QColor& other)
{
    const double first = luminanceOf(one);
    const double second = luminanceOf(other);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace scr::theme
