#include "theme/icons.h"

#include <array>
#include <cmath>
#include <optional>

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace scr::theme {

namespace {

struct Drawing {
    Icon icon;
    const char* file;
    Role role;
};

constexpr std::array<Drawing, static_cast<std::size_t>(Icon::Count)> kDrawings{{
    {Icon::Flag, "flag", Role::Text2},
    {Icon::Case, "case", Role::Text2},
    {Icon::Votes, "votes", Role::Text2},
    {Icon::Leaderboard, "leaderboard", Role::Text2},
    {Icon::Audit, "audit", Role::Text2},
    {Icon::Void, "void", Role::Text2},
    {Icon::Shield, "shield", Role::Text2},
    {Icon::Report, "report", Role::Text2},
    {Icon::Search, "search", Role::Text2},
    {Icon::Clock, "clock", Role::Text2},
    {Icon::Lock, "lock", Role::OkText},
    {Icon::Unlock, "unlock", Role::DangerText},
    {Icon::Seal, "seal", Role::OkText},
    {Icon::Database, "database", Role::Text2},
    {Icon::Pulse, "pulse", Role::Text2},
    {Icon::ChevronLeft, "chevron-left", Role::Text2},
    {Icon::ChevronRight, "chevron-right", Role::Text2},
    {Icon::ChevronDown, "chevron-down", Role::Text2},
    {Icon::ChevronUp, "chevron-up", Role::Text2},
    {Icon::Close, "close", Role::Text2},
    {Icon::Copy, "copy", Role::Text2},
    {Icon::Export, "export", Role::Text2},
    {Icon::Refresh, "refresh", Role::Text2},
    {Icon::Check, "check", Role::Text2},
    {Icon::Undo, "undo", Role::Text2},
    {Icon::Plus, "plus", Role::Text2},
    {Icon::Columns, "columns", Role::Text2},
    {Icon::Play, "play", Role::Text2},
    {Icon::Pause, "pause", Role::Text2},
    {Icon::SkipBack, "skip-back", Role::Text2},
    {Icon::SkipForward, "skip-forward", Role::Text2},
    {Icon::Moon, "moon", Role::Text2},
    {Icon::Sun, "sun", Role::Text2},
    {Icon::More, "more", Role::Text2},
    {Icon::Settings, "settings", Role::Text2},
    {Icon::Info, "info", Role::Text3},
    {Icon::Eye, "eye", Role::Text2},
    {Icon::Warning, "warning", Role::WarningText},
    {Icon::Data, "data", Role::Text2},
    {Icon::Arrow, "arrow", Role::Text3},
    {Icon::Logo, "logo", Role::AccentFill},
    {Icon::Holds, "holds", Role::SeriesHolds},
    {Icon::Fails, "fails", Role::DangerFill},
    {Icon::Unknown, "unknown", Role::Text3},
    {Icon::Caution, "caution", Role::SeriesFlagged},
    {Icon::Off, "off", Role::Text3},
    {Icon::Critical, "critical", Role::SeriesFlagged},
    {Icon::High, "high", Role::SeriesFlagged},
    {Icon::Medium, "medium", Role::Text3},
    {Icon::Low, "low", Role::Text3},
}};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kDrawings.size(); ++i) {
        if (static_cast<std::size_t>(kDrawings[i].icon) != i)
            return false;
    }
    return true;
}
static_assert(inOrder(), "one line for each icon, in the order of the enum");

const Drawing& drawingOf(Icon name)
{
    return kDrawings[static_cast<std::size_t>(name)];
}

/// The files draw in black; that word is what gets replaced.
QByteArray svgOf(Icon name, const QColor& color)
{
    QFile file{QStringLiteral(":/icons/%1.svg").arg(QLatin1String{drawingOf(name).file})};
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("#000", color.name().toLatin1());
}

QPixmap pixmapOf(Icon name, const QSize& pixels, const QColor& color)
{
    const QString key = QStringLiteral("scr:%1:%2:%3x%4")
                            .arg(static_cast<int>(name))
                            .arg(color.rgba(), 8, 16)
                            .arg(pixels.width())
                            .arg(pixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap{pixels};
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer{svgOf(name, color)};
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    QPainter painter{&pixmap};
    renderer.render(&painter, QRectF{{}, QSizeF{pixels}});
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class Engine : public QIconEngine {
public:
    Engine(Icon name, Role role, std::optional<Scheme> scheme) : m_name{name}, m_role{role}, m_scheme{scheme} {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        drawIcon(*painter, rect, m_name, colorOf(mode));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override { return pixmapOf(m_name, size, colorOf(mode)); }
    QIconEngine* clone() const override { return new Engine{*this}; }
    bool isNull() override { return false; }

private:
    QColor colorOf(QIcon::Mode mode) const
    {
        const Theme& theme = m_scheme ? themeOf(*m_scheme) : themeOf(QApplication::palette());
        return theme[mode == QIcon::Disabled ? Role::Disabled : m_role];
    }

    Icon m_name;
    Role m_role;
    std::optional<Scheme> m_scheme;
};

} // namespace

QIcon icon(Icon name, Role role)
{
    return QIcon{new Engine{name, role, std::nullopt}};
}

QIcon icon(Icon name, const QPalette& palette, Role role)
{
    return QIcon{new Engine{name, role, themeOf(palette).scheme}};
}

void drawIcon(QPainter& painter, const QRectF& rect, Icon name, const QColor& color)
{
    const double ratio = painter.device()->devicePixelRatioF();
    const QSize pixels = (rect.size() * ratio).toSize();
    if (pixels.isEmpty())
        return;
    QPixmap pixmap = pixmapOf(name, pixels, color);
    pixmap.setDevicePixelRatio(ratio);
    const QTransform& transform = painter.deviceTransform();
    const QPointF offset{transform.dx() / ratio, transform.dy() / ratio}; // whole pixels on the device keep strokes sharp
    const QPointF place = rect.topLeft() + offset;
    painter.drawPixmap(QPointF{std::round(place.x() * ratio) / ratio, std::round(place.y() * ratio) / ratio} - offset, pixmap);
}

Role roleOf(Icon name)
{
    return drawingOf(name).role;
}

} // namespace scr::theme
