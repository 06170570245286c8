#include <cmath>

#include <QAbstractButton>
#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/style.h"
#include "theme/style_paint.h"
#include "theme/text_paint.h"

namespace scr::theme::paint {

namespace {

constexpr int kPaddingX = 12;
constexpr int kSmallPaddingX = 9;
constexpr int kIconGap = 7;
constexpr int kHintGap = 10;
constexpr int kMenuWidth = 14;

struct Look {
    ButtonKind kind = ButtonKind::Normal;
    bool small{};
    QString hint;
    QString segment;
};

Look lookOf(const QWidget* widget)
{
    Look look;
    if (widget == nullptr)
        return look;
    const QString kind = widget->property(kKindProperty).toString();
    if (kind == QLatin1String{"accent"})
        look.kind = ButtonKind::Accent;
    else if (kind == QLatin1String{"danger"})
        look.kind = ButtonKind::Danger;
    else if (kind == QLatin1String{"flat"})
        look.kind = ButtonKind::Flat;
    look.small = widget->property(kSmallProperty).toBool();
    look.hint = widget->property(kKeyHintProperty).toString();
    look.segment = widget->property(kSegmentProperty).toString();
    return look;
}

struct Colors {
    QColor fill;
    QColor line;
    QColor text;
};

QColor shaded(const QColor& fill, QStyle::State state)
{
    if (state & QStyle::State_Sunken)
        return fill.darker(118);
    return state & QStyle::State_MouseOver ? fill.darker(108) : fill;
}

Colors plainColors(const Theme& theme, QStyle::State state, bool flat, bool segment)
{
    const QColor resting = flat ? QColor{Qt::transparent} : theme[Role::Raised];
    Colors colors{resting, flat ? QColor{Qt::transparent} : theme[Role::LineStrong], theme[Role::Text]};
    if (!(state & QStyle::State_Enabled))
        return {flat ? resting : theme[Role::Window], flat ? resting : theme[Role::Line], theme[Role::Disabled]};
    if (state & QStyle::State_Sunken)
        colors.fill = theme[Role::Press];
    else if (state & QStyle::State_On)
        colors.fill = segment || flat ? theme[Role::Selection] : theme[Role::Press];
    else if (state & QStyle::State_MouseOver)
        colors.fill = theme[Role::Hover];
    return colors;
}

Colors colorsOf(const Look& look, const Theme& theme, QStyle::State state, bool flat)
{
    const bool filled = look.kind == ButtonKind::Accent || look.kind == ButtonKind::Danger;
    if (!filled || !(state & QStyle::State_Enabled))
        return plainColors(theme, state, flat, !look.segment.isEmpty());
    const QColor fill = shaded(theme[look.kind == ButtonKind::Accent ? Role::AccentFill : Role::DangerFill], state);
    return {fill, fill, theme[Role::OnFill]};
}

Corners cornersOf(const QString& segment)
{
    if (segment == QLatin1String{"first"})
        return Corners::Left;
    if (segment == QLatin1String{"last"})
        return Corners::Right;
    return segment == QLatin1String{"middle"} ? Corners::None : Corners::All;
}

QFont buttonFont(const Look& look, bool on)
{
    QFont font = fontOf(look.small ? Type::Header : Type::BodyStrong);
    if (on && !look.segment.isEmpty())
        font.setWeight(QFont::DemiBold);
    return font;
}

int hintWidth(const QString& hint)
{
    return hint.isEmpty() ? 0 : kHintGap + static_cast<int>(keyHintSize(hint).width()) - 3;
}

int contentWidth(const QStyleOptionButton& option, const Look& look)
{
    QFont font = buttonFont(look, !look.segment.isEmpty());
    int width =
        QFontMetrics{font}.horizontalAdvance(option.text.isEmpty() ? QString{} : QString{option.text}.remove(QLatin1Char{'&'}));
    if (!option.icon.isNull())
        width += kButtonIcon + (option.text.isEmpty() ? 0 : kIconGap);
    if (option.features & QStyleOptionButton::HasMenu)
        width += kMenuWidth;
    return width + hintWidth(look.hint);
}

void pushButtonContent(QPainter& painter, const QStyleOptionButton& option, const Look& look, const Colors& colors)
{
    const Theme& theme = themeOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    const int height = option.rect.height();
    int x = option.rect.left() + (option.rect.width() - contentWidth(option, look)) / 2;
    if (!option.icon.isNull()) {
        const QRect place{x, option.rect.top() + (height - kButtonIcon) / 2, kButtonIcon, kButtonIcon};
        option.icon.paint(&painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
        x += kButtonIcon + kIconGap;
    }
    painter.setFont(buttonFont(look, option.state & QStyle::State_On));
    painter.setPen(colors.text);
    const int hint = hintWidth(look.hint) + (option.features & QStyleOptionButton::HasMenu ? kMenuWidth : 0);
    const int right = option.rect.left() + (option.rect.width() + contentWidth(option, look)) / 2;
    painter.drawText(QRect{x, option.rect.top(), right - hint - x + 2, height},
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextHideMnemonic, option.text);
    if (option.features & QStyleOptionButton::HasMenu)
        drawIcon(painter, QRectF(right - kMenuWidth + 2, option.rect.top() + (height - 12) / 2.0, 12, 12), Icon::ChevronDown,
                 colors.text);
    if (!look.hint.isEmpty()) {
        const QSizeF size = keyHintSize(look.hint);
        const bool filled = colors.text == theme[Role::OnFill] && look.kind != ButtonKind::Normal;
        const QColor line = filled ? colors.text : enabled ? theme[Role::LineStrong] : theme[Role::Line];
        drawKeyHint(painter, QRectF(right - size.width() + 3, option.rect.top(), size.width(), height), look.hint,
                    filled || !enabled ? colors.text : theme[Role::Text2], line);
    }
}

} // namespace

void box(QPainter& painter, const QRectF& rect, const QColor& fill, const QColor& line, Corners corners)
{
    const QRectF edge = rect.adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(line.alpha() == 0 ? QPen{Qt::NoPen} : QPen{line, 1});
    painter.setBrush(fill);
    if (corners == Corners::All) {
        painter.drawRoundedRect(edge, kRadius - 0.5, kRadius - 0.5);
    } else {
        // One side is square: the rounded box reaches beyond it and is cut off there.
        painter.setClipRect(rect);
        QRectF wide = edge;
        if (corners != Corners::Left)
            wide.setLeft(edge.left() - 2 * kRadius);
        if (corners != Corners::Right)
            wide.setRight(edge.right() + 2 * kRadius);
        painter.drawRoundedRect(wide, kRadius - 0.5, kRadius - 0.5);
        if (corners != Corners::Right)
            painter.drawLine(edge.topRight(), edge.bottomRight());
    }
    painter.restore();
}

void ring(QPainter& painter, const QRectF& rect, double radius, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen{color, 2});
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
    painter.restore();
}

void pushButton(QPainter& painter, const QStyleOptionButton& option, const QWidget* widget)
{
    const Look look = lookOf(widget);
    const bool flat = look.kind == ButtonKind::Flat || (option.features & QStyleOptionButton::Flat);
    const Colors colors = colorsOf(look, themeOf(option.palette), option.state, flat);
    box(painter, option.rect, colors.fill, colors.line, cornersOf(look.segment));
    pushButtonContent(painter, option, look, colors);
}

QSize pushButtonSize(const QStyleOptionButton& option, const QWidget* widget)
{
    const Look look = lookOf(widget);
    const int padding = look.small ? kSmallPaddingX : kPaddingX;
    const int width = contentWidth(option, look) + 2 * padding - (look.hint.isEmpty() ? 0 : 2);
    return {width, look.small ? kButtonSmall : kButton};
}

void toolButton(QPainter& painter, const QStyleOptionToolButton& option, const QWidget* widget)
{
    const Look look = lookOf(widget);
    const Theme& theme = themeOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    const Colors colors = colorsOf(look, theme, option.state, true);
    if (colors.fill.alpha() > 0)
        box(painter, option.rect, colors.fill, Qt::transparent);
    const bool withText = option.toolButtonStyle != Qt::ToolButtonIconOnly && !option.text.isEmpty();
    const int side = option.icon.isNull() ? 0 : kIcon;
    int x = option.rect.left() + (withText ? kGap : (option.rect.width() - side) / 2);
    if (side > 0) {
        const QRect place{x, option.rect.top() + (option.rect.height() - side) / 2, side, side};
        option.icon.paint(&painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
        x += side + kIconGap;
    }
    if (!withText)
        return;
    painter.setFont(fontOf(Type::BodyStrong));
    painter.setPen(colors.text);
    painter.drawText(option.rect.adjusted(x - option.rect.left(), 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextHideMnemonic, option.text);
    if (option.features & QStyleOptionToolButton::HasMenu)
        drawIcon(painter, QRectF(option.rect.right() - 18, option.rect.center().y() - 5, 12, 12), Icon::ChevronDown,
                 theme[Role::Text2]);
}

QSize toolButtonSize(const QStyleOptionToolButton& option)
{
    const bool withText = option.toolButtonStyle != Qt::ToolButtonIconOnly && !option.text.isEmpty();
    if (!withText)
        return {kButton, kButton};
    int width =
        2 * kGap + QFontMetrics{fontOf(Type::BodyStrong)}.horizontalAdvance(QString{option.text}.remove(QLatin1Char{'&'}));
    if (!option.icon.isNull())
        width += kIcon + kIconGap;
    if (option.features & QStyleOptionToolButton::HasMenu)
        width += kMenuWidth + 4;
    return {width, kButton};
}

void checkIndicator(QPainter& painter, const QStyleOption& option)
{
    const Theme& theme = themeOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool marked = option.state & (QStyle::State_On | QStyle::State_NoChange);
    const QColor line = !enabled ? theme[Role::Line] : marked ? theme[Role::AccentFill] : theme[Role::ControlEdge];
    const QColor rest = option.state & QStyle::State_MouseOver ? theme[Role::Hover] : theme[Role::Base];
    const QRectF rect{option.rect};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen{line, 1});
    painter.setBrush(!marked ? rest : enabled ? theme[Role::AccentFill] : theme[Role::Disabled]);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5);
    painter.setPen(QPen{theme[Role::OnFill], 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
    painter.setBrush(Qt::NoBrush);
    const auto at = [&rect](double x, double y) {
        return QPointF{rect.left() + x * rect.width(), rect.top() + y * rect.height()};
    };
    if (option.state & QStyle::State_NoChange)
        painter.drawLine(at(0.28, 0.5), at(0.72, 0.5));
    else if (marked)
        painter.drawPolyline(QPolygonF{{at(0.25, 0.52), at(0.43, 0.70), at(0.76, 0.32)}});
    painter.restore();
}

void radioIndicator(QPainter& painter, const QStyleOption& option)
{
    const Theme& theme = themeOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool on = option.state & QStyle::State_On;
    const QColor line = !enabled ? theme[Role::Line] : on ? theme[Role::Mark] : theme[Role::ControlEdge];
    const QRectF rect{option.rect};
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen{line, on ? 1.6 : 1});
    painter.setBrush(option.state & QStyle::State_MouseOver ? theme[Role::Hover] : theme[Role::Base]);
    painter.drawEllipse(rect.adjusted(1, 1, -1, -1));
    if (on) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(enabled ? theme[Role::Mark] : theme[Role::Disabled]);
        painter.drawEllipse(rect.center(), rect.width() * 0.22, rect.height() * 0.22);
    }
    painter.restore();
}

} // namespace scr::theme::paint
