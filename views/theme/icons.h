#pragma once

#include <QIcon>

#include "theme/theme.h"

class QPainter;
class QRectF;

namespace scr::theme {

enum class Icon {
    Flag,
    Case,
    Votes,
    Leaderboard,
    Audit,
    Void,
    Shield,
    Report,
    Search,
    Clock,
    Lock,
    Unlock,
    Seal,
    Database,
    Pulse,
    ChevronLeft,
    ChevronRight,
    ChevronDown,
    ChevronUp,
    Close,
    Copy,
    Export,
    Refresh,
    Check,
    Undo,
    Plus,
    Columns,
    Play,
    Pause,
    SkipBack,
    SkipForward,
    Moon,
    Sun,
    More,
    Settings,
    Info,
    Eye,
    Warning,
    Data,
    Arrow,
    Logo,
    Holds,
    Fails,
    Unknown,
    Caution,
    Off,
    Critical,
    High,
    Medium,
    Low,
    Count
};

/// An icon that takes its colour from the application's palette each time it is drawn, so that a change of theme needs nothing.
[[nodiscard]] QIcon icon(Icon name, Role role = Role::Text2);
[[nodiscard]] QIcon icon(Icon name, const QPalette& palette, Role role); ///< fixed to the theme of that palette

/// Draws the icon at the painter's own resolution.
void drawIcon(QPainter& painter, const QRectF& rect, Icon name, const QColor& color);

/// The colour the design gives to icons that mean something (severities and results); Text2 for the others.
[[nodiscard]] Role roleOf(Icon name);

} // namespace scr::theme
